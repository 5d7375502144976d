import { formatSource, type PolicyProblem } from '../policy/errors';
import { docsOf, WARNING_CODES, type Accepted, type Warning } from '../policy/lint/warning';
import { type EgressPolicy } from '../policy/policy';
import { type Workload } from '../policy/types';
import { printable } from '../gateway/log-line';
import type { Note } from './dns-channels';
import { code, markdownTable } from './markdown';
import { counted, policyWords } from './policy-words';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';

/** What `check` found; `--json` prints the same facts. */
export interface CheckReport {
  readonly ok: boolean;
  readonly strict: boolean;
  readonly files: readonly string[];
  /** Absent when it is not valid. */
  readonly policy?: EgressPolicy;
  readonly problems: readonly PolicyProblem[];
  readonly warnings: readonly Warning[];
  /** Warnings that comments in the policy accept; they change no answer. */
  readonly accepted: readonly Accepted[];
  /** What is worth knowing and changes no answer. */
  readonly notes: readonly Note[];
}

const HEAD = ['workload', 'port', 'rules', 'hosts', 'limits'];

/** For people; a line that names a place begins with `file:line:column`, as editors like it. */
export function asText(report: CheckReport, options: TableOptions): string {
  const { colors } = options;
  const paint = { error: colors.red, warning: colors.yellow, accepted: colors.dim, note: colors.cyan };
  const lines = findings(report).map(([level, found, more = '']) => {
    const what = `${formatSource(found)}: ${paint[level](level)}: ${printable(found.message)}`;
    return `${what}${more === '' ? '' : `; ${printable(more)}`}${docsWords(found)}`;
  });
  const verdict = report.ok ? colors.green(verdictWords(report)) : colors.red(verdictWords(report));
  const { policy } = report;
  const overview =
    policy && policy.workloads.length > 0 ? [table(HEAD, policy.workloads.map(workloadRow), options)] : [];
  return [...overview, ...(lines.length > 0 ? [lines.join('\n')] : []), verdict].join('\n\n');
}

/** For scripts. */
export function asJson({ policy, warnings, accepted, ...report }: CheckReport): string {
  const workloads = policy?.workloads.map(({ name, port, rules, limits }) => ({
    name,
    port,
    rules: rules.length,
    hosts: hostsOf(rules).length,
    limits,
  }));
  const documented = <T extends Warning>(list: readonly T[]) =>
    list.map((each) => ({ ...each, docs: docsOf(each.code) }));
  return safeJson({
    ...report,
    warnings: documented(warnings),
    accepted: documented(accepted),
    policy: policy && { hash: policy.hash, mode: policy.mode, workloads },
  });
}

/** For a pull request. */
export function asMarkdown(report: CheckReport): string {
  const found = findings(report).map(([level, each, more]) => [
    level,
    code(formatSource(each)),
    [each.message, ...(more === undefined ? [] : [more])].map((text) => code(printable(text))).join('; '),
    isWarning(each) ? code(docsOf(each.code)) : '',
  ]);
  const { policy } = report;
  return [
    `**${report.ok ? 'OK' : 'Not OK'}**: ${code(verdictWords(report))}`,
    ...(policy && policy.workloads.length > 0 ? [markdownTable(HEAD, policy.workloads.map(workloadRow))] : []),
    ...(found.length > 0 ? [markdownTable(['', 'where', 'what', 'more'], found)] : []),
  ].join('\n\n');
}

type Finding = readonly [
  level: 'error' | 'warning' | 'accepted' | 'note',
  found: PolicyProblem | Warning | Note,
  more?: string,
];

function isWarning(found: PolicyProblem | Warning | Note): found is Warning {
  return (WARNING_CODES as readonly string[]).includes(found.code);
}

/** Where the code of a warning is explained. */
function docsWords(found: PolicyProblem | Warning | Note): string {
  return isWarning(found) ? ` [${docsOf(found.code)}]` : '';
}

/** The gravest first. */
function findings({ problems, warnings, accepted, notes }: CheckReport): Finding[] {
  return [
    ...problems.map((problem): Finding => ['error', problem]),
    ...warnings.map((found): Finding => ['warning', found]),
    ...accepted.map((found): Finding => ['accepted', found, `accepted because: ${found.because}`]),
    ...notes.map((found): Finding => ['note', found]),
  ];
}

function verdictWords({ files, policy, problems, warnings, accepted, strict }: CheckReport): string {
  const names = files.map(printable).join(' + ');
  if (!policy) return `${names}: ${counted(problems.length, 'error')}; nothing of it would be in force`;
  const known = accepted.length > 0 ? `, ${counted(accepted.length, 'warning')} accepted` : '';
  if (warnings.length === 0) return `${names}: valid, ${policyWords(policy)}${known}`;
  const doubts = counted(warnings.length, 'warning');
  return strict
    ? `${names}: valid, but ${doubts}, and --strict takes no warnings`
    : `${names}: valid with ${doubts}, ${policyWords(policy)}${known}`;
}

function workloadRow({ name, port, rules, limits }: Workload): string[] {
  const limited = Object.entries(limits).map(([key, value]) => `${key} ${value}`);
  return [name, String(port), String(rules.length), String(hostsOf(rules).length), limited.join(', ') || '-'];
}

function hostsOf(rules: Workload['rules']): string[] {
  return [...new Set(rules.flatMap((rule) => rule.hosts))];
}
