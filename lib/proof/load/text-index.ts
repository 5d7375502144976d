import type { TerraformDocument } from './document';

/** What the text of a document says beyond its parsed JSON. */
export interface TextIndex {
  /** Where a block begins: `resource aws_vpc main`, `data aws_region here`, or `address` and the address of `terraform show`. */
  readonly places: ReadonlyMap<string, number>;
  /** Names that stand twice in one object. Terraform reads both as blocks (HCL, "JSON Syntax Specification"); parsed JSON has the last alone. */
  readonly twice: readonly string[];
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/gs;
const known = new WeakMap<TerraformDocument, TextIndex>();

/** Reads the text of a document once; undefined where it is not known. */
export function indexOf(document: TerraformDocument): TextIndex | undefined {
  const { text } = document;
  if (text === undefined) return undefined;
  const index = known.get(document) ?? read(text);
  known.set(document, index);
  return index;
}

interface Frame {
  readonly names: Set<string> | undefined;
  name: string | undefined;
}

function read(text: string): TextIndex {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  const frames: Frame[] = [];
  const put = (key: string, at: number): void => void (places.has(key) || places.set(key, at));
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    if (token === '{' || token === '[') frames.push({ names: token === '{' ? new Set() : undefined, name: undefined });
    else if (token === '}' || token === ']') frames.pop();
    else if (colon !== undefined && frame) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (frame.names?.has(name)) twice.add(name);
      frame.names?.add(name);
      frame.name = name;
      const path = pathOf(frames);
      if (path) put(path, index);
    } else if (frame?.name === 'address') put(`address ${JSON.parse(token) as string}`, index);
  }
  return { places, twice: [...twice] };
}

/** `resource`, type and name; lists between them have no name. */
function pathOf(frames: readonly Frame[]): string | undefined {
  if (frames.length > 6) return undefined;
  const names = frames.flatMap(({ names, name }) => (names && name !== undefined ? [name] : []));
  return names.length === 3 && (names[0] === 'resource' || names[0] === 'data') ? names.join(' ') : undefined;
}
