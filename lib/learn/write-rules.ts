import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ProposedRule } from './propose';
import { renderRules } from './render-rules';

/** A policy into which the rules cannot be written; the message says what to do. */
export class LearnError extends Error {
  override readonly name = 'LearnError';
}

/** The first port of workloads of a new policy. */
const FIRST_PORT = 10_000;

/** A piece of text in the place of another one. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Adds rules to the text of a policy, each behind the others of its workload, under a comment with its evidence. Every other byte of the
 * text stays, but for a workload whose `allow` or itself is written in braces or brackets: then the text is written anew, with its comments.
 * @param text a policy that checks; undefined: a new one, whose workloads get ports from 10000 on
 * @throws {LearnError} where `allow` of a workload is an alias, which stands for several places at once
 */
export function writeRules(text: string | undefined, rules: readonly ProposedRule[]): string {
  const before = text ?? newPolicy(rules);
  const document = parseDocument(before, { version: '1.2' });
  const byWorkload = new Map<string, ProposedRule[]>();
  for (const rule of rules) byWorkload.set(rule.workload, [...(byWorkload.get(rule.workload) ?? []), rule]);
  const edits = [...byWorkload].map(([workload, own]) => editFor(before, document, workload, own));
  if (edits.some((edit) => edit === undefined)) return rewrite(document, byWorkload);
  return (edits as Edit[])
    .sort((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: more }) => all.slice(0, from) + more + all.slice(to), before);
}

function newPolicy(rules: readonly ProposedRule[]): string {
  const names = [...new Set(rules.map(({ workload }) => workload))].sort();
  const workloads = names.map((name, index) => `  ${name}:\n    port: ${FIRST_PORT + index}\n`);
  return `version: 1\nworkloads:${workloads.length > 0 ? `\n${workloads.join('')}` : ' {}\n'}`;
}

/** Where and how the rules of one workload go into the text; undefined where that is no matter of lines. */
function editFor(text: string, document: Document, workload: string, rules: readonly ProposedRule[]): Edit | undefined {
  const owner = document.getIn(['workloads', workload], true);
  if (!isMap(owner) || owner.flow || owner.anchor !== undefined) return undefined;
  const pair = owner.items.find(({ key }) => isScalar(key) && key.value === 'allow');
  const first = owner.items[0]?.key;
  if (!isScalar(first) || !first.range) return undefined;
  const indent = columnOf(text, first.range[0]);
  if (!pair) return insertAfter(text, owner, indent, `allow:\n${indentBy(renderRules(rules), 2)}`);
  const { value } = pair;
  if (isAlias(value)) throw sharedAllow(workload);
  if (!isSeq(value) || !value.range) return undefined;
  if (!value.flow) return insertAfter(text, value, columnOf(text, value.range[0]), renderRules(rules));
  // `allow: []`: what is behind it on its line stays there.
  if (value.items.length > 0) return undefined;
  const [from, to] = value.range;
  const end = lineEnd(text, to);
  const behind = text.slice(to, end);
  return { from, to: end, text: `${behind.trim()}\n${indentBy(renderRules(rules), indent + 2).trimEnd()}` };
}

function insertAfter(text: string, node: YAMLMap | YAMLSeq, indent: number, lines: string): Edit {
  const [start = 0, end = 0] = node.range ?? [];
  // The node ends behind comments that are indented less, which belong to what comes after it.
  const own = text.slice(start, end).replace(lessIndented(indent), '').trimEnd();
  let at = lineEnd(text, start + own.length);
  // A comment that is indented further belongs to what stands before it.
  for (let more = commentLine(text, at, indent); more !== undefined; more = commentLine(text, at, indent)) at = more;
  return { from: at, to: at, text: `\n${indentBy(lines, indent).trimEnd()}` };
}

/** Comment lines at the end that begin before a column. */
const lessIndented = (column: number): RegExp =>
  new RegExp(`(?:\\n {0,${Math.max(column - 1, 0)}}#[^\\n]*|\\n\\s*(?=\\n|$))+\\s*$`);

/** The end of the next line if that is a comment beyond a column. */
function commentLine(text: string, at: number, indent: number): number | undefined {
  const end = lineEnd(text, at + 1);
  const [, blanks] = /^( *)#/.exec(text.slice(at + 1, end)) ?? [];
  return blanks !== undefined && blanks.length > indent ? end : undefined;
}

function rewrite(document: Document, byWorkload: ReadonlyMap<string, readonly ProposedRule[]>): string {
  for (const [workload, rules] of byWorkload) {
    const path = ['workloads', workload, 'allow'];
    const node = document.getIn(path, true);
    if (isAlias(node) || isAlias(document.getIn(path.slice(0, 2), true))) throw sharedAllow(workload);
    const allow = isSeq(node) ? node : (document.createNode([]) as YAMLSeq);
    // Brackets have no room for comments.
    allow.flow = false;
    const owner = document.getIn(path.slice(0, 2), true);
    if (isMap(owner)) owner.flow = false;
    if (!isSeq(node)) document.setIn(path, allow);
    const made = parseDocument(renderRules(rules)).contents;
    if (isSeq(made)) allow.items.push(...made.items);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function sharedAllow(workload: string): LearnError {
  return new LearnError(
    `workloads.${workload} has an alias, which other places share; write its rules out, or move them into \`groups\`.`,
  );
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function indentBy(lines: string, columns: number): string {
  const blanks = ' '.repeat(columns);
  return lines
    .split('\n')
    .map((line) => (line === '' ? '' : `${blanks}${line}`))
    .join('\n');
}
