import { isExpired } from '../policy/expiry';
import { RuleIndex } from '../policy/match';
import type { Reason } from '../policy/reasons';
import type { Mode, Rule, Workload } from '../policy/types';
import { fixedCluster, refuseCluster } from './clusters';
import { dnsCache, type AddressClass, type DnsCache } from './dns-cache';
import type { LogSink } from './access-log';
import { localReplies } from './local-replies';
import { meaningHash } from './names';
import type { CompileOptions, ConfigObject, NamedResource } from './resources';

/** Where a guard sends what it let through. */
export interface Destination {
  readonly cluster: string;
  /** The DNS cache in front of the cluster; absent for a fixed address. */
  readonly dnsCache?: ConfigObject;
}

/** What the parts of one workload's config share; it collects the clusters that they need. */
export class WorkloadScope {
  readonly sink: LogSink;
  readonly rules: RuleIndex;
  private readonly byName = new Map<string, NamedResource>();
  private readonly caches = new Map<string, DnsCache>();
  private readonly replies = new Map<string, ConfigObject>();

  constructor(
    readonly workload: Workload,
    readonly mode: Mode,
    readonly options: CompileOptions,
  ) {
    this.rules = new RuleIndex(workload);
    this.sink = options.log === undefined ? {} : { file: options.log };
    this.add(refuseCluster());
  }

  get observe(): boolean {
    return this.mode === 'observe';
  }

  /** All clusters asked for so far. */
  get clusters(): readonly NamedResource[] {
    return [...this.byName.values()];
  }

  add(cluster: NamedResource): string {
    this.byName.set(cluster.name, cluster);
    return cluster.name;
  }

  /**
   * The revisions of rules in the key of their chain. One is different where other rules take hosts away from the rule, and, of several
   * rules that share a chain, once its last day is over: then the open tunnels end, and new ones find the new key.
   */
  revisions(rules: readonly Rule[], closeExpiredAt = this.options.closeExpiredAt): string[] {
    return rules.map((rule) => {
      const exceptions = this.rules.exceptions(rule);
      const over = closeExpiredAt && !this.observe && rules.length > 1 && isExpired(rule, closeExpiredAt);
      return `${rule.revision}${exceptions.length > 0 ? `-${meaningHash(exceptions)}` : ''}${over ? '.over' : ''}`;
    });
  }

  /** What rules of one kind dial: their fixed address, or what their names resolve to. */
  destination(rule: Rule | undefined): Destination {
    if (rule?.address) return { cluster: this.add(fixedCluster(this.workload.name, rule.address, this.options)) };
    const { config, cluster } = this.cache(rule?.private);
    return { cluster: this.add(cluster), dnsCache: config };
  }

  /** The replies of the gateway's own, the same object for the same question: it is large, and every chain has it. */
  localReplies(id: string, unnamedRbac: Reason): ConfigObject {
    const key = `${id} ${unnamedRbac}`;
    const known = this.replies.get(key) ?? localReplies(this.workload.name, id, unnamedRbac);
    this.replies.set(key, known);
    return known;
  }

  private cache(addresses: AddressClass): DnsCache {
    const key = addresses?.join(' ') ?? 'public';
    const known = this.caches.get(key) ?? dnsCache(this.workload.name, addresses, this.options);
    this.caches.set(key, known);
    return known;
  }
}
