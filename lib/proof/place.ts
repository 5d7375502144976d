import type { TerraformDocument } from './load/document';
import type { Resource } from './load/resource';
import type { Place } from './proof';

/** Finds where resources are written; lines only where the text of their document is known. */
export class Places {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly lineStarts = new Map<string, readonly number[]>();

  constructor(documents: readonly TerraformDocument[]) {
    this.texts = new Map(documents.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text] as const])));
  }

  of(resource: Resource): Place {
    const { document, constructPath } = resource;
    const line = this.lineOf(resource);
    return {
      file: document,
      ...(line !== undefined && { line }),
      ...(constructPath !== undefined && { constructPath }),
    };
  }

  private lineOf(resource: Resource): number | undefined {
    const text = this.texts.get(resource.document);
    const at = text === undefined ? -1 : indexIn(text, resource);
    if (text === undefined || at < 0) return undefined;
    const starts = this.lineStarts.get(resource.document) ?? lineStartsOf(text);
    this.lineStarts.set(resource.document, starts);
    // The number of lines that begin before it, by halving.
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** In `terraform show -json` a resource has its address; in a configuration its name stands below its type. */
function indexIn(text: string, { address, type, mode }: Resource): number {
  for (const colon of [': ', ':']) {
    const shown = text.indexOf(`"address"${colon}${JSON.stringify(address)}`);
    if (shown >= 0) return shown;
  }
  const name = address.slice(address.lastIndexOf(`${type}.`) + type.length + 1);
  const section = text.indexOf(mode === 'data' ? '"data":' : '"resource":');
  const below = text.indexOf(`${JSON.stringify(type)}:`, Math.max(section, 0));
  return below < 0 ? -1 : text.indexOf(`${JSON.stringify(name)}:`, below);
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
