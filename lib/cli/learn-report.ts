import type { Learned, ProposedRule, Unfit } from '../learn';
import { printable } from '../gateway/log-line';
import { code, markdownTable } from './markdown';
import { counted } from './policy-words';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';

/** What `learn` proposes. */
export interface LearnReport extends Learned {
  readonly file: string;
  /** Refusals of destinations beyond those that are told apart. */
  readonly others: number;
  /** Whether the file has been written. */
  readonly written?: boolean;
}

const PROPOSED = ['workload', 'host', 'ports', 'speaks', 'requests', ''];
const LEFT_OUT = ['workload', 'destination', 'requests', 'why'];

/** For people. */
export function asText(report: LearnReport, options: TableOptions): string {
  const { rules, leftOut } = report;
  return [
    ...(rules.length > 0 ? [`Proposed:\n\n${table(PROPOSED, rules.flatMap(proposedRows), options)}`] : []),
    ...(leftOut.length > 0 ? [`Left to you:\n\n${table(LEFT_OUT, leftOut.map(leftOutRow), options)}`] : []),
    verdict(report),
  ].join('\n\n');
}

/** For scripts: with the whole text of the policy. */
export function asJson({ rules, leftOut, others, text, file, written = false }: LearnReport): string {
  return safeJson({ file, written, rules, leftOut, others, policy: text });
}

/** For a pull request. */
export function asMarkdown(report: LearnReport): string {
  const { rules, leftOut } = report;
  const coded = (rows: string[][]): string[][] => rows.map((row) => row.map((cell) => (cell === '' ? '' : code(cell))));
  return [
    code(verdict(report)),
    ...(rules.length > 0 ? [markdownTable(PROPOSED, coded(rules.flatMap(proposedRows)))] : []),
    ...(leftOut.length > 0 ? ['Left to you:', markdownTable(LEFT_OUT, coded(leftOut.map(leftOutRow)))] : []),
  ].join('\n\n');
}

function proposedRows({ workload, protocol, ports, methods, hosts }: ProposedRule): string[][] {
  return hosts.map(({ host, count, onlyHere }) => [
    workload,
    host,
    ports.join(', '),
    [protocol, ...methods].join(' '),
    String(count),
    onlyHere ? 'only this workload' : '',
  ]);
}

function leftOutRow({ workload, destination, count, why }: Unfit): string[] {
  return [workload, destination, String(count), printable(why)];
}

function verdict({ rules, leftOut, others, file, written, policy }: LearnReport): string {
  const hosts = rules.reduce((sum, rule) => sum + rule.hosts.length, 0);
  const name = printable(file);
  const more = others > 0 ? ` ${others} refusals of further destinations were not looked at.` : '';
  if (rules.length === 0)
    return `${name}: nothing to add${leftOut.length > 0 ? `; ${counted(leftOut.length, 'refusal')} left to you` : ''}.${more}`;
  const what = `${counted(hosts, 'host')} in ${counted(rules.length, 'rule')}`;
  const next =
    policy.mode === 'observe' ? ' The mode is observe: write `mode: enforce` when the log holds no surprises.' : '';
  return `${name}: ${what} ${written ? 'added' : 'proposed; --write adds them'}. Give each an owner and a reason.${next}${more}`;
}
