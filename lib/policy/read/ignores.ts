import { isAlias, isMap, isScalar, isSeq, Parser, type CST, type Document, type Node, type Pair } from 'yaml';
import type { Ignore } from '../draft';
import type { Place } from './problems';

/** A comment that accepts warnings: `# egress-ignore: CODE, CODE reason`. */
const IGNORE = /^#+\s*egress-ignore\b\s*:?\s*(.*)$/;
const CODES = /^([^\s,]+(?:\s*,\s*[^\s,]+)*)\s*(.*)$/;

/** The rules and named things of a policy, by the lines on which a comment is about them. */
interface Spots {
  readonly byLine: ReadonlyMap<number, readonly { readonly line: number; readonly column: number }[]>;
  /** The line of `mode`. */
  readonly mode: number | undefined;
  /** The line on which the policy begins. */
  readonly first: number;
}

/** Reads the comments that accept warnings. They are no part of what the policy means. */
export function readIgnores(text: string, document: Document, place: Place): Ignore[] {
  if (!text.includes('egress-ignore')) return [];
  const comments = commentsOf(text);
  const spots = findSpots(document, place);
  const alone = new Set(comments.filter(({ offset }) => isAlone(text, offset)).map(({ offset }) => place(offset).line));
  return comments.flatMap(({ offset, source }) => {
    const written = IGNORE.exec(source.trimEnd())?.[1];
    if (written === undefined) return [];
    const at = place(offset);
    const [, codes = '', reason = ''] = CODES.exec(written) ?? [];
    const line = lineMeant(at.line, alone, spots);
    return [
      {
        ...at,
        codes: codes === '' ? [] : codes.split(/\s*,\s*/),
        reason: reason.replace(/^[-–—:]\s*/, ''),
        accepts: spots.byLine.get(line) ?? [],
        forFile: at.line < spots.first || line === spots.mode,
      },
    ];
  });
}

/** The line of a comment where something stands on it, else the one below it and its neighbours. */
function lineMeant(line: number, alone: ReadonlySet<number>, { byLine, mode }: Spots): number {
  if (byLine.has(line) || line === mode) return line;
  let below = line + 1;
  while (alone.has(below) && !byLine.has(below)) below += 1;
  return below;
}

function isAlone(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

function commentsOf(text: string): CST.SourceToken[] {
  const found: CST.SourceToken[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) {
      const token = value as CST.SourceToken;
      if (token.type === 'comment') found.push(token);
      else Object.values(value).forEach(look);
    }
  };
  for (const token of new Parser().parse(text)) look(token);
  return found.sort((a, b) => a.offset - b.offset);
}

function findSpots(document: Document, place: Place): Spots {
  const byLine = new Map<number, { line: number; column: number }[]>();
  const add = (node: unknown, end: number) => {
    const { line, column } = place(startOf(node));
    for (let each = line; each <= place(end).line; each += 1) {
      byLine.set(each, [...(byLine.get(each) ?? []), { line, column }]);
    }
  };
  const addRules = (list: unknown) => {
    const rules = resolve(document, list);
    if (isSeq(rules)) for (const rule of rules.items) add(rule, Math.max(endOf(rule) - 1, startOf(rule)));
  };
  for (const { key, value } of pairsOf(document, valueOf(document, document.contents, 'groups'))) {
    add(key, startOf(key));
    addRules(value);
  }
  for (const { key, value } of pairsOf(document, valueOf(document, document.contents, 'workloads'))) {
    add(key, startOf(key));
    addRules(valueOf(document, value, 'allow'));
  }
  const mode = pairsOf(document, document.contents).find(({ key }) => isScalar(key) && key.value === 'mode')?.key;
  const first = place(startOf(document.contents)).line;
  return { byLine, mode: mode === undefined ? undefined : place(startOf(mode)).line, first };
}

function pairsOf(document: Document, node: unknown): readonly Pair[] {
  const mapping = resolve(document, node);
  return isMap(mapping) ? mapping.items : [];
}

function valueOf(document: Document, node: unknown, name: string): unknown {
  return pairsOf(document, node).findLast(({ key }) => isScalar(key) && key.value === name)?.value;
}

function resolve(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** Behind the last character of a node; what `yaml` gives for a block also holds the comments and lines behind it. */
function endOf(node: unknown): number {
  const last = isMap(node) || isSeq(node) ? node.items.at(-1) : undefined;
  const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
  if (last === undefined || isFlow) return (node as Node | null)?.range?.[1] ?? 0;
  const pair = last as Partial<Pair> & Node;
  return isMap(node) ? Math.max(endOf(pair.value), endOf(pair.key)) : endOf(last);
}
