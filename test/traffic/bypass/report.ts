import Table from 'cli-table3';
import type { Group } from './case';
import { isControl } from './corpus';
import type { Outcome } from './run-corpus';

/** What one group came to. Every number is counted from outcomes, of which there is one for each case that was run. */
export interface Row {
  readonly group: string;
  readonly cases: number;
  /** Honest ones among them. */
  readonly controls: number;
  readonly escapes: number;
  readonly wrongRefusals: number;
  /** Refused, but not as the case says: another status or reason, a close in the place of a reply. */
  readonly otherReplies: number;
  /** Attacks that escape from the Envoy that is open on purpose. */
  readonly openEscapes: number;
}

const COUNTS = ['cases', 'controls', 'escapes', 'wrongRefusals', 'otherReplies', 'openEscapes'] as const;
const HEAD = ['group', 'cases', 'honest', 'escapes', 'wrong refusals', 'other replies', 'escapes if open'];

/** Outcomes of a group as counts. */
export function rowOf({ group }: Group, gateway: readonly Outcome[], open: readonly Outcome[]): Row {
  const missed = gateway.filter(({ mismatch }) => mismatch !== undefined);
  return {
    group,
    cases: gateway.length,
    controls: gateway.filter(isControl).length,
    escapes: gateway.filter(escaped).length,
    wrongRefusals: missed.filter(isControl).length,
    otherReplies: missed.filter((outcome) => !isControl(outcome)).length,
    openEscapes: open.filter((outcome) => escaped(outcome) && !isControl(outcome)).length,
  };
}

/** All that speaks against the gateway, or against the corpus, in words. */
export function faultsOf({ group, cases }: Group, gateway: readonly Outcome[], open: readonly Outcome[]): string[] {
  const faults = gateway.flatMap(({ name, escapes, mismatch }) => [
    ...(escapes.length > 0 ? [`${group}: ${name}: escaped: ${escapes.join(', ')}`] : []),
    ...(mismatch !== undefined ? [`${group}: ${name}: ${mismatch}`] : []),
  ]);
  const sure = cases.filter(({ openEscapes }) => openEscapes === true).map(({ name }) => name);
  const silent = open.filter((outcome) => sure.includes(outcome.name) && !escaped(outcome));
  faults.push(...silent.map(({ name }) => `${group}: ${name}: no escape from the open Envoy`));
  if (!open.some((outcome) => escaped(outcome) && !isControl(outcome))) {
    faults.push(`${group}: no attack escapes from the open Envoy`);
  }
  return faults;
}

export function totalOf(rows: readonly Row[]): Row {
  const counts = COUNTS.map((key) => [key, rows.reduce((total, row) => total + row[key], 0)]);
  return { group: `all ${rows.length} groups`, ...(Object.fromEntries(counts) as Omit<Row, 'group'>) };
}

export function table(rows: readonly Row[]): string {
  const colAligns = HEAD.map((_, at) => (at === 0 ? 'left' : 'right'));
  const made = new Table({ head: HEAD, style: { head: [], border: [] }, colAligns });
  for (const row of [...rows, totalOf(rows)]) made.push([row.group, ...COUNTS.map((key) => row[key])]);
  return made.toString();
}

function escaped({ escapes }: Outcome): boolean {
  return escapes.length > 0;
}
