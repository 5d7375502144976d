import type { EgressRequest } from '../decide';
import { patternsNaming } from '../match';
import type { CellChange, CellResult } from './cell';
import type { HostsChange } from './change';
import { changeWords } from './words';

/** One change at one host pattern and port. */
export interface FoundChange {
  readonly pattern: string;
  readonly port: number;
  readonly change: CellChange;
  readonly allows: CellResult['allows'];
}

/**
 * Puts together what changed in the same way: ports of one host, then hosts.
 * @param patterns All patterns of the workload in either policy.
 * @param cover Which of the found changes a request is part of.
 */
export function groupHosts(
  workload: string,
  patterns: readonly string[],
  found: readonly FoundChange[],
  cover: (request: EgressRequest) => readonly FoundChange[],
): HostsChange[] {
  const bySense = new Map<string, FoundChange[]>();
  for (const each of found) addTo(bySense, senseOf(each), each);
  const family = new Family(patterns, found);
  return [...bySense.values()].flatMap((alike) => {
    const portsOf = new Map<string, number[]>();
    for (const { pattern, port } of alike) addTo(portsOf, pattern, port);
    const byPorts = new Map<string, string[]>();
    for (const [pattern, ports] of portsOf) addTo(byPorts, ports.join(), pattern);
    return [...byPorts].map(([key, hosts]) => {
      const members = new Set(hosts);
      const ports = key.split(',').map(Number);
      const mine = new Set(alike.filter(({ pattern }) => members.has(pattern)));
      const covers = (request: EgressRequest) => cover(request).some((each) => mine.has(each));
      return describe(workload, alike[0] as FoundChange, { hosts, ports, family, covers });
    });
  });
}

interface Place {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly family: Family;
  readonly covers: HostsChange['covers'];
}

function describe(workload: string, sample: FoundChange, { hosts, ports, family, covers }: Place): HostsChange {
  const { effect, regions, address, redialled } = sample.change;
  const change = {
    about: 'hosts' as const,
    workload,
    extent: extentOf(sample),
    hosts: family.without(hosts),
    except: family.exceptions(hosts, ports, effect),
    ports,
    regions,
    ...(address !== undefined && { address }),
    ...(redialled && { redialled: true as const }),
    effect,
  };
  return { ...change, text: changeWords(change), covers };
}

function extentOf({ change: { effect }, allows }: FoundChange): HostsChange['extent'] {
  if (effect === 'widened' && !allows.before) return 'new';
  return effect === 'narrowed' && !allows.after ? 'gone' : 'part';
}

function senseOf(found: FoundChange): string {
  const { effect, regions, address, redialled } = found.change;
  return JSON.stringify([effect, extentOf(found), regions, address ?? null, redialled]);
}

/** The patterns of a workload by what lies below what. */
class Family {
  private readonly named: ReadonlySet<string>;
  private readonly below = new Map<string, string[]>();
  private readonly changed: ReadonlySet<string>;

  constructor(patterns: readonly string[], found: readonly FoundChange[]) {
    this.named = new Set(patterns);
    this.changed = new Set(found.map(({ pattern, port, change }) => `${change.effect} ${pattern} ${port}`));
    for (const pattern of patterns) {
      for (const wider of this.around(pattern)) addTo(this.below, wider, pattern);
    }
  }

  /** Hosts without those that lie right below another one of them. */
  without(hosts: readonly string[]): string[] {
    const members = new Set(hosts);
    return hosts.filter((host) => !members.has(this.around(host)[0] ?? ''));
  }

  /** Patterns below the hosts that no change of the same effect touches, with the ports where these are some alone. */
  exceptions(hosts: readonly string[], ports: readonly number[], effect: string): string[] {
    const below = new Set(hosts.flatMap((host) => this.below.get(host) ?? []));
    return [...below].sort().flatMap((host) => {
      const untouched = ports.filter((port) => !this.changed.has(`${effect} ${host} ${port}`));
      if (untouched.length === 0) return [];
      return [untouched.length < ports.length ? `${host}:${untouched.join()}` : host];
    });
  }

  /** The patterns that name a pattern, the most specific first. */
  private around(pattern: string): string[] {
    return patternsNaming(pattern)
      .slice(1)
      .filter((wider) => this.named.has(wider));
  }
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
