import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Locator, Path } from './problems';
import type { Source } from '../types';

/** Places in a YAML text. They are looked up one by one, on demand: a policy without mistakes asks for few. */
export function locateInYaml(document: Document, lines: LineCounter, file: string): Locator {
  const source = (node: unknown): Source => {
    const offset = (node as Node | undefined)?.range?.[0] ?? 0;
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return {
    at: (path) => source(walk(document, path).node),
    keyAt: (path) => {
      const parent = resolve(document, walk(document, path.slice(0, -1)).node);
      return source(pairOf(parent, path.at(-1))?.key ?? parent);
    },
    isPlain: (path) => {
      const { node, found } = walk(document, path);
      const scalar = resolve(document, node);
      return found && isScalar(scalar) && scalar.type === Scalar.PLAIN;
    },
  };
}

/** Follows a path as far as it goes, through aliases; the last node that exists stands for what is absent. */
function walk(document: Document, path: Path): { node: unknown; found: boolean } {
  let node: unknown = document.contents;
  for (const key of path) {
    const inside = resolve(document, node);
    const next = isSeq(inside) ? inside.items[Number(key)] : (pairOf(inside, key)?.value ?? undefined);
    if (next === undefined) return { node, found: false };
    node = next;
  }
  return { node, found: true };
}

/** The pairs of each mapping by their keys, once they were looked up: a big wrong file has a problem with each of them. */
const PAIRS = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairOf(node: unknown, key: string | number | undefined): Pair | undefined {
  if (!isMap(node)) return undefined;
  // the last one wins, as it does in the value
  const pairs =
    PAIRS.get(node) ??
    new Map(node.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]));
  PAIRS.set(node, pairs);
  return pairs.get(String(key));
}

function resolve(document: Document, node: unknown): unknown {
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}
