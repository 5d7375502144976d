import type { EgressRequest } from '../decide';
import { bracketHost, isIpHost } from '../hosts';
import { RuleIndex } from '../match';
import type { EgressPolicy } from '../policy';
import { kindOf } from '../rule';
import { bareHost, targetOf } from '../target';
import type { Rule, Workload } from '../types';
import { Cell, type CellResult, type Side } from './cell';
import type { HostsChange } from './change';
import { groupHosts, type FoundChange } from './group-hosts';

type Compare = (name: string, old: Workload | undefined, now: Workload | undefined) => HostsChange[];

/** Compares workload by workload what hosts may be reached. What two lists of rules differ in is worked out once for all hosts. */
export function compareHosts(before: EgressPolicy, after: EgressPolicy, from: Date | undefined): Compare {
  const known = new Map<string, CellResult>();
  const enforced = { before: { ...before, mode: 'enforce' as const }, after: { ...after, mode: 'enforce' as const } };
  return (name, old, now) => {
    // Where one side enforces, what observe adds to the other is the change of the mode, or the workload's own.
    const inObserve = old && now && before.mode === 'observe' && after.mode === 'observe';
    const policies = inObserve ? { before, after } : enforced;
    const rules = { before: new RuleIndex(old ?? NO_RULES), after: new RuleIndex(now ?? NO_RULES) };
    const all = { rules: [...(old?.rules ?? []), ...(now?.rules ?? [])] };
    const patterns = [...new Set(all.rules.flatMap(({ hosts }) => hosts))].sort();
    const named = new Set(patterns);
    const found = patterns.flatMap((pattern) => {
      const [was, is] = [rules.before.portRules(pattern), rules.after.portRules(pattern)];
      const ports = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => a - b);
      return ports.flatMap((port) => {
        const sides = {
          before: { policy: old && policies.before, rules: was.get(port) ?? [] },
          after: { policy: now && policies.after, rules: is.get(port) ?? [] },
        };
        const key = cellKey(sides.before, sides.after, pattern);
        if (key === undefined) return [];
        const authority = () => `${bracketHost(sampleOf(pattern, named))}:${port}`;
        const result = known.get(key) ?? new Cell(sides.before, sides.after, name, authority(), from).compare();
        known.set(key, result);
        return result.changes.map((change): FoundChange => ({ pattern, port, change, allows: result.allows }));
      });
    });
    const cover = coverOf(name, new RuleIndex(all), found);
    return groupHosts(name, patterns, found, cover);
  };
}

const NO_RULES: Pick<Workload, 'rules'> = { rules: [] };

/** What the answer of {@link Cell} depends on; undefined where both sides say the same in the same words. */
function cellKey(before: Side, after: Side, pattern: string): string | undefined {
  const [old, now] = [before, after].map(({ rules }) => rules.map(meaningOf).sort().join());
  if (old === now && before.policy && after.policy) return undefined;
  const kind = pattern.includes(':') ? 'ipv6' : isIpHost(pattern) ? 'ipv4' : 'name';
  return JSON.stringify([old, now, kind, before.policy?.mode, after.policy?.mode]);
}

const meanings = new WeakMap<Rule, string>();

/** What a rule says of a host and port that it names. */
function meaningOf(rule: Rule): string {
  const known = meanings.get(rule);
  if (known !== undefined) return known;
  const meaning = JSON.stringify([kindOf(rule), rule.methods ?? null, rule.paths ?? null, rule.expires ?? null]);
  meanings.set(rule, meaning);
  return meaning;
}

/** A host that no other pattern names more specifically. */
function sampleOf(pattern: string, named: ReadonlySet<string>): string {
  if (!pattern.startsWith('*.')) return pattern;
  let count = 0;
  while (named.has(`any${count}${pattern.slice(1)}`)) count += 1;
  return `any${count}${pattern.slice(1)}`;
}

/** Which of the found changes a request is part of. */
function coverOf(
  workload: string,
  index: RuleIndex,
  found: readonly FoundChange[],
): (request: EgressRequest) => readonly FoundChange[] {
  const byPlace = new Map<string, FoundChange[]>();
  for (const each of found) {
    const place = `${each.pattern} ${each.port}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), each]);
  }
  return (request) => {
    const target = request.workload === workload ? targetOf(request) : undefined;
    const pattern = target && index.patternFor(bareHost(target.host));
    if (!target || pattern === undefined || (target.host.startsWith('[') && !pattern.includes(':'))) return [];
    return (byPlace.get(`${pattern} ${target.port}`) ?? []).filter(({ change }) => change.covers(request, target));
  };
}
