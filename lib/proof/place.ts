import type { TerraformDocument } from './load/document';
import { indexOf } from './load/text-index';
import type { Resource } from './load/resource';
import type { Place } from './proof';

/** Finds where resources are written; lines only where the text of their document is known. */
export class Places {
  private readonly documents: ReadonlyMap<string, TerraformDocument>;
  private readonly lineStarts = new Map<string, readonly number[]>();

  constructor(documents: readonly TerraformDocument[]) {
    this.documents = new Map(documents.map((each) => [each.name, each]));
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
    const document = this.documents.get(resource.document);
    const text = document?.text;
    const at = document === undefined ? -1 : indexIn(document, resource);
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
function indexIn(document: TerraformDocument, { address, type, mode }: Resource): number {
  const places = indexOf(document)?.places;
  const name = address.slice(address.lastIndexOf(`${type}.`) + type.length + 1);
  const section = mode === 'data' ? 'data' : 'resource';
  return places?.get(`address ${address}`) ?? places?.get(`${section} ${type} ${name}`) ?? -1;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
