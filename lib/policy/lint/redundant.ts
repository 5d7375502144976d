import { pathFits, patternsNaming } from '../match';
import { kindOf } from '../rule';
import type { Rule, Workload } from '../types';

/** Finds the rules of a workload that another rule of the same kind makes superfluous: for each, the wider one. */
export function findRedundant({ rules }: Workload): Map<Rule, Rule> {
  const byPattern = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const host of rule.hosts) {
      const found = byPattern.get(host);
      if (found) found.push(rule);
      else byPattern.set(host, [rule]);
    }
  }
  const redundant = new Map<Rule, Rule>();
  for (const rule of rules) {
    const wider = widerRule(rule, byPattern);
    if (wider && redundant.get(wider) !== rule) redundant.set(rule, wider);
  }
  return redundant;
}

function widerRule(rule: Rule, byPattern: ReadonlyMap<string, readonly Rule[]>): Rule | undefined {
  let candidates: Rule[] | undefined;
  for (const host of rule.hosts) {
    const covering = patternsNaming(host).flatMap((pattern) => byPattern.get(pattern) ?? []);
    // Where kinds differ, the more specific host decides which one counts, so this rule may be there to decide it.
    if (covering.some((other) => kindOf(other) !== kindOf(rule))) return undefined;
    const found = new Set(covering);
    candidates = (candidates ?? covering).filter((other) => other !== rule && found.has(other));
    if (candidates.length === 0) return undefined;
  }
  return candidates?.find((other) => allowsAll(other, rule));
}

/** Whether every request that `narrow` allows on a shared host is allowed by `wide` too. */
function allowsAll(wide: Rule, narrow: Rule): boolean {
  return (
    narrow.ports.every((port) => wide.ports.includes(port)) &&
    (wide.expires === undefined || (narrow.expires !== undefined && narrow.expires <= wide.expires)) &&
    (wide.methods === undefined || (narrow.methods?.every((method) => wide.methods?.includes(method)) ?? false)) &&
    (wide.paths === undefined ||
      (narrow.paths?.every((path) => wide.paths?.some((prefix) => pathFits(path, prefix))) ?? false))
  );
}
