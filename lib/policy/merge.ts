import type { Draft, Group } from './draft';
import { formatSource, type PolicyProblem } from './errors';
import { quote } from './quote';
import { hashOf, type RuleBody } from './rule';
import type { Limits, Rule, Workload } from './types';

/**
 * The union of policies: rules add up and the same rule counts once, the lower limit and the stricter mode win.
 * @param problems Takes what contradicts: one workload with two ports, one group name with two contents.
 */
export function mergeDrafts(drafts: readonly Draft[], problems: PolicyProblem[]): Draft {
  return {
    mode: drafts.some(({ mode }) => mode === 'enforce') ? 'enforce' : 'observe',
    groups: byName(
      drafts.flatMap(({ groups }) => groups),
      (a, b) => mergeGroups(a, b, problems),
    ),
    workloads: byName(
      drafts.flatMap(({ workloads }) => workloads),
      (a, b) => mergeWorkloads(a, b, problems),
    ),
    files: [...new Set(drafts.flatMap(({ files }) => files))],
    ignores: drafts.flatMap(({ ignores }) => ignores),
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[], merge: (a: T, b: T) => T): T[] {
  const found = new Map<string, T>();
  for (const item of items) {
    const before = found.get(item.name);
    found.set(item.name, before ? merge(before, item) : item);
  }
  return [...found.values()];
}

function mergeGroups(a: Group, b: Group, problems: PolicyProblem[]): Group {
  if (contentOf(a) !== contentOf(b)) {
    const message = `group ${quote(a.name)} has another content at ${formatSource(a.source)}; write the same rules in both files, or give one group another name`;
    problems.push({ code: 'group_conflict', ...b.source, message });
  }
  return a;
}

/** What a group means, whatever the order of its entries. */
function contentOf(group: Group): string {
  const meaning = ({ source: _source, ...body }: RuleBody) =>
    hashOf(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
  return group.entries.map(meaning).sort().join();
}

function mergeWorkloads(a: Workload, b: Workload, problems: PolicyProblem[]): Workload {
  if (a.port !== b.port) {
    const message = `workload ${quote(a.name)} has port ${b.port} here and port ${a.port} at ${formatSource(a.source)}; write the same port in both files, or give one workload another name`;
    problems.push({ code: 'port_conflict', ...b.source, message });
  }
  const rules = new Map<string, Rule>();
  for (const rule of [...a.rules, ...b.rules]) {
    if (!rules.has(rule.revision)) rules.set(rule.revision, rule);
  }
  return { ...a, rules: [...rules.values()], limits: lowerLimits(a.limits, b.limits) };
}

function lowerLimits(a: Limits, b: Limits): Limits {
  const lower = { ...a };
  for (const key of Object.keys(b) as (keyof Limits)[]) {
    lower[key] = Math.min(a[key] ?? Infinity, b[key] ?? Infinity);
  }
  return lower;
}
