import { formatSource } from '../errors';
import type { EgressPolicy } from '../policy';
import { quote } from '../quote';
import type { Workload } from '../types';
import { accept } from './accept';
import { lintHosts } from './lint-hosts';
import { lintRule } from './lint-rule';
import { findRedundant } from './redundant';
import { warning, type Accepted, type Warning } from './warning';

export type { Accepted, Warning, WarningCode } from './warning';

/** Options of {@link lint}. */
export interface LintOptions {
  /** The moment at which expiry is judged; nothing here reads the clock. */
  readonly at: Date;
}

/** What {@link review} finds. */
export interface Review {
  readonly warnings: readonly Warning[];
  /** What comments in the policy accept: `# egress-ignore: CODE reason`. */
  readonly accepted: readonly Accepted[];
}

/**
 * Looks for what a valid policy should not have without a reason: `check --strict` fails on it.
 * @returns Warnings that no comment accepts, sorted by place; a rule of a group that several workloads share is told once.
 */
export function lint(policy: EgressPolicy, options: LintOptions): Warning[] {
  return [...review(policy, options).warnings];
}

/** As {@link lint}, with what is accepted as well. */
export function review(policy: EgressPolicy, { at }: LintOptions): Review {
  const found = [
    ...observing(policy),
    ...policy.workloads.flatMap((workload) => lintWorkload(workload, at)),
    ...unusedGroups(policy),
  ];
  const { warnings, accepted } = accept(distinct(found), policy.ignores);
  return { warnings: sort(distinct(warnings)), accepted: sort(accepted) };
}

function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((found) => [`${formatSource(found)} ${found.message}`, found])).values()];
}

function sort<T extends Warning>(warnings: readonly T[]): T[] {
  return [...warnings].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

function lintWorkload(workload: Workload, at: Date): Warning[] {
  const { name, rules, limits, source } = workload;
  const warnings: Warning[] = [];
  if (rules.length === 0) {
    warnings.push(
      warning(
        'no_rules',
        source,
        `workload ${quote(name)} has no rules, so nothing leaves it; add rules under \`allow\`, or remove the workload`,
      ),
    );
  }
  if (Object.keys(limits).length === 0) {
    warnings.push(
      warning(
        'no_limits',
        source,
        `workload ${quote(name)} has no limits, so it may use all the gateway has; write \`limits: { requestsPerSecond: 50, connections: 200 }\``,
      ),
    );
  }
  const redundant = [...findRedundant(workload)].map(([rule, wider]) =>
    warning(
      'redundant',
      rule.source,
      `rule ${quote(rule.id)} allows nothing that the rule ${quote(wider.id)} at ${formatSource(wider.source)} does not allow; remove one`,
    ),
  );
  return [...warnings, ...rules.flatMap((rule) => [...lintRule(rule, at), ...lintHosts(rule)]), ...redundant];
}

function observing({ mode, files }: EgressPolicy): Warning[] {
  if (mode === 'enforce') return [];
  const start = files.length > 0 ? 1 : 0;
  const source = { file: files[0] ?? 'policy', line: start, column: start };
  const message =
    'the mode is observe, so what no rule allows passes and is only logged; write `mode: enforce` when the log holds no surprises';
  return [warning('observe', source, message)];
}

function unusedGroups({ groups, workloads }: EgressPolicy): Warning[] {
  const used = new Set(workloads.flatMap(({ rules }) => rules.map(({ group }) => group)));
  return groups
    .filter(({ name }) => !used.has(name))
    .map(({ name, source }) =>
      warning(
        'unused_group',
        source,
        `group ${quote(name)} stands in no workload; write \`- group: ${name}\` under an \`allow\`, or remove it`,
      ),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
