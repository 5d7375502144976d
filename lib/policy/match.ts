import { kindOf } from './rule';
import type { Rule, Workload } from './types';

/** Which rules count for one host pattern: for each port, the rules that add up, the one that expires last first. */
export type PortRules = ReadonlyMap<number, readonly Rule[]>;

/** Host patterns with the same rules on the same ports. */
export interface HostGroup {
  /** Patterns as in {@link Rule.hosts}, sorted. */
  readonly hosts: readonly string[];
  readonly ports: PortRules;
}

/** Never-expiring rules first, then the later day; equals in the order of their revisions, so that the order of a file is no meaning. */
function byLastDay(a: Rule, b: Rule): number {
  const [dayA, dayB] = [a.expires ?? '9999-12-31', b.expires ?? '9999-12-31'];
  if (dayA !== dayB) return dayA < dayB ? 1 : -1;
  return a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0;
}

/** The host itself, then `*.` before each of its parents: the patterns that can name it, the most specific first. */
export function patternsNaming(host: string): string[] {
  const labels = host.replace(/^\*\./, '').split('.');
  return [host, ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)];
}

/**
 * Says which rules of a workload count for a host and a port.
 *
 * Rules add up. Where rules that cover one host and port differ in kind (`protocol`, `private`, `address`), the most specific pattern
 * decides which kind counts: an exact host, then the longest wildcard.
 */
export class RuleIndex {
  private readonly byPattern = new Map<string, Rule[]>();
  private readonly resolved = new Map<string, PortRules>();
  private taken: ReadonlyMap<Rule, readonly string[]> | undefined;

  constructor(workload: Pick<Workload, 'rules'>) {
    for (const rule of workload.rules) {
      for (const host of rule.hosts) {
        const rules = this.byPattern.get(host);
        if (rules) rules.push(rule);
        else this.byPattern.set(host, [rule]);
      }
    }
  }

  /** The most specific pattern that names `host`, or undefined. */
  patternFor(host: string): string | undefined {
    // `*.` stands for one character at least.
    return patternsNaming(host).find((pattern) => this.byPattern.has(pattern) && host.length >= pattern.length);
  }

  /** For each port, the rules that count for hosts whose most specific pattern is `pattern`. */
  portRules(pattern: string): PortRules {
    const known = this.resolved.get(pattern);
    if (known) return known;
    const covering = patternsNaming(pattern).flatMap((wider) => this.byPattern.get(wider) ?? []);
    const ports = [...new Set(covering.flatMap((rule) => rule.ports))].sort((a, b) => a - b);
    const result = new Map(ports.map((port) => [port, sameKind(covering, port)]));
    this.resolved.set(pattern, result);
    return result;
  }

  /**
   * Where below a wildcard of `rule` another kind of rule takes a host away from it, and where it has one back below that, as
   * `pattern:port`. A change of these narrows or widens the rule, although its own text stays.
   */
  exceptions(rule: Rule): readonly string[] {
    this.taken ??= this.findExceptions();
    return this.taken.get(rule) ?? [];
  }

  private findExceptions(): ReadonlyMap<Rule, readonly string[]> {
    const below = new Map<Rule, { pattern: string; port: number; counts: boolean }[]>();
    for (const pattern of [...this.byPattern.keys()].sort()) {
      const wider = patternsNaming(pattern).slice(1);
      for (const rule of new Set(wider.flatMap((each) => this.byPattern.get(each) ?? []))) {
        const places = rule.ports.map((port) => {
          const counts = this.portRules(pattern).get(port)?.includes(rule) ?? false;
          return { pattern, port, counts };
        });
        below.set(rule, [...(below.get(rule) ?? []), ...places]);
      }
    }
    return new Map([...below].map(([rule, places]) => [rule, describeExceptions(places)]));
  }

  /** All patterns of the workload, those with the same rules on the same ports together, in a stable order. */
  groups(): HostGroup[] {
    const groups = new Map<string, { hosts: string[]; ports: PortRules }>();
    for (const pattern of [...this.byPattern.keys()].sort()) {
      const ports = this.portRules(pattern);
      const key = [...ports]
        .map(([port, rules]) => `${port}=${rules.map((rule) => rule.revision).join('+')}`)
        .join(' ');
      const group = groups.get(key);
      if (group) group.hosts.push(pattern);
      else groups.set(key, { hosts: [pattern], ports });
    }
    return [...groups.values()];
  }
}

function describeExceptions(places: readonly { pattern: string; port: number; counts: boolean }[]): string[] {
  const key = (pattern: string, port: number) => `${pattern}:${port}`;
  const lost = new Set(places.filter(({ counts }) => !counts).map(({ pattern, port }) => key(pattern, port)));
  const isBack = (pattern: string, port: number) =>
    patternsNaming(pattern)
      .slice(1)
      .some((wider) => lost.has(key(wider, port)));
  const back = places.filter(({ pattern, port, counts }) => counts && isBack(pattern, port));
  return [...lost, ...back.map(({ pattern, port }) => `+${key(pattern, port)}`)].sort();
}

/** Of rules in the order of their specificity, those for `port` that are of the first one's kind. */
function sameKind(covering: readonly Rule[], port: number): Rule[] {
  const rules = [...new Set(covering.filter((rule) => rule.ports.includes(port)))];
  const first = rules[0];
  return first ? rules.filter((rule) => kindOf(rule) === kindOf(first)).sort(byLastDay) : [];
}

/** Whether a path without query fits a prefix of a rule; see {@link Rule.paths}. */
export function pathFits(path: string, prefix: string): boolean {
  if (prefix.endsWith('/')) return path.startsWith(prefix);
  return path === prefix || path.startsWith(`${prefix}/`);
}
