import { adviceFor, type LogCounts, type LogGroup } from '../logs';
import { decisionWord } from './decision-rows';
import { code, markdownTable } from './markdown';
import { counted } from './policy-words';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';

/** What `logs` found. Every text in the groups is fit for a terminal. */
export interface LogsReport extends LogCounts {
  /** Decisions that the options let through. */
  readonly kept: number;
  /** Decisions of destinations beyond those that are told apart. */
  readonly others: number;
  readonly groups: readonly LogGroup[];
}

const HEAD = ['count', 'decision', 'workload', 'destination', 'why', 'first seen', 'last seen'];

/** For people. */
export function asText(report: LogsReport, options: TableOptions): string {
  const { groups } = report;
  const rows = groups.map((group) => [
    String(group.count),
    decisionWord(group.decision, options.colors),
    group.workload,
    destinationWords(group),
    group.reason,
    shortTime(group.firstSeen),
    shortTime(group.lastSeen),
  ]);
  const { yaml, hints } = adviceOf(groups);
  return [
    ...(rows.length > 0 ? [table(HEAD, rows, options)] : []),
    ...(yaml.length > 0 ? [`To allow what should be allowed, add to the policy:\n\n${indent(yaml)}`] : []),
    ...(hints.length > 0 ? [`What else there is to do:\n\n${indent(hints)}`] : []),
    verdict(report),
  ].join('\n\n');
}

/** For scripts: each group with the YAML or the hint. */
export function asJson({ groups, ...counts }: LogsReport): string {
  return safeJson({ ...counts, groups: groups.map((group) => ({ ...group, ...adviceFor(group) })) });
}

/** For an issue or a pull request; what came from requests stands in code spans. */
export function asMarkdown(report: LogsReport): string {
  const rows = report.groups.map((group) => [
    String(group.count),
    code(group.decision),
    code(group.workload),
    code(destinationWords(group)),
    code(group.reason),
    code(shortTime(group.firstSeen)),
    code(shortTime(group.lastSeen)),
  ]);
  const { yaml, hints } = adviceOf(report.groups);
  return [
    code(verdict(report)),
    ...(rows.length > 0 ? [markdownTable(HEAD, rows)] : []),
    ...(yaml.length > 0 ? ['To allow what should be allowed, add to the policy:', list(yaml)] : []),
    ...(hints.length > 0 ? ['What else there is to do:', list(hints)] : []),
  ].join('\n\n');
}

function adviceOf(groups: readonly LogGroup[]): { yaml: string[]; hints: string[] } {
  const all = groups.map(adviceFor);
  const distinct = (texts: (string | undefined)[]): string[] => [...new Set(texts.flatMap((text) => text ?? []))];
  return { yaml: distinct(all.map(({ yaml }) => yaml)), hints: distinct(all.map(({ hint }) => hint)) };
}

function destinationWords({ method, destination, sni }: LogGroup): string {
  return `${method === 'CONNECT' ? '' : `${method} `}${destination}${sni === undefined ? '' : ` (SNI ${sni})`}`;
}

/** `2027-06-30 12:00:00`: what is sorted by is shown first. */
function shortTime(time: string): string {
  return time.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}

function verdict({ lines, decisions, kept, pending, foreign, others }: LogsReport): string {
  const more = [
    ...(kept < decisions ? [`${decisions - kept} not asked for`] : []),
    ...(pending > 0 ? [`${pending} first lines of tunnels`] : []),
    ...(foreign > 0 ? [`${foreign} not of the gateway`] : []),
    ...(others > 0 ? [`${others} of further destinations, which are not told apart`] : []),
  ];
  return `${counted(kept, 'decision')} in ${counted(lines, 'line')}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function indent(texts: readonly string[]): string {
  return texts.map((text) => `  ${text}`).join('\n');
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `- ${code(text)}`).join('\n');
}
