import { expiryOf, isExpired } from '../policy/expiry';
import type { Reason } from '../policy/reasons';
import type { Rule } from '../policy/types';
import { internalCluster } from './clusters';
import { forwardGuard, forwardHttpChain, observeChain, tcpChain } from './guard-forward';
import { httpChain, httpGuard } from './guard-http';
import { guardListener, guardName, type Guard, type GuardChain } from './guard-listener';
import { openChain, openGuard } from './guard-open';
import { tlsChain, tlsGuard } from './guard-tls';
import type { GuardKind } from './names';
import type { ChainChange, ChainExpiry, NamedResource } from './resources';
import type { WorkloadScope } from './workload-scope';

/** Where a route sends a request: a guard's cluster, and the chain that is to judge it. */
export interface GuardTarget {
  readonly kind: GuardKind;
  readonly cluster: string;
  readonly chain: string;
}

type Rules = readonly [Rule, ...Rule[]];

/** The guards of one workload, built as routes ask for them. */
export class Guards {
  private readonly chains = new Map<GuardKind, Map<string, GuardChain>>();
  private readonly changing = new Map<string, ChainExpiry>();
  private readonly guards: Readonly<Record<GuardKind, Guard>>;

  constructor(private readonly scope: WorkloadScope) {
    this.guards = {
      tls: tlsGuard(scope),
      http: httpGuard(scope),
      forward: forwardGuard(scope),
      open: openGuard(scope),
    };
  }

  /** A CONNECT to hosts of `tls` rules: the one that expires last speaks for all of them, since they mean the same. */
  tls([rule]: Rules): GuardTarget {
    return this.target('tls', [rule], () => tlsChain(this.scope, rule));
  }

  /** A CONNECT to hosts of `http` rules. */
  http(rules: Rules): GuardTarget {
    return this.target('http', rules, () => httpChain(this.scope, rules));
  }

  /** An absolute-form request to hosts of `http` rules. */
  forward(rules: Rules): GuardTarget {
    return this.target('forward', rules, () => forwardHttpChain(this.scope, rules));
  }

  /** A CONNECT to hosts of `tcp` rules. */
  tcp([rule]: Rules): GuardTarget {
    return this.target('forward', [rule], () => tcpChain(this.scope, rule));
  }

  /** Mode `observe`: what would have been refused. */
  observed(reason: Reason, connect: boolean): GuardTarget {
    const kind = connect ? 'open' : 'forward';
    return this.target(kind, [], () => (connect ? openChain(this.scope, reason) : observeChain(this.scope, reason)));
  }

  /** The internal listeners for all chains asked for, and the clusters that lead to them. */
  resources(): { listeners: NamedResource[]; clusters: NamedResource[] } {
    const { name } = this.scope.workload;
    const listeners = [...this.chains]
      .filter(([, chains]) => chains.size > 0)
      .map(([kind, chains]) => guardListener(name, this.guards[kind], [...chains.values()]));
    const clusters = [...this.chains.keys()].map((kind) => internalCluster(guardName(name, this.guards[kind])));
    return { listeners, clusters };
  }

  /** The chains among {@link resources} that time changes. */
  expiries(): ChainExpiry[] {
    return [...this.changing.values()];
  }

  private target(kind: GuardKind, rules: readonly Rule[], build: () => GuardChain): GuardTarget {
    const chains = this.chains.get(kind) ?? new Map<string, GuardChain>();
    this.chains.set(kind, chains);
    const chain = build();
    const cluster = guardName(this.scope.workload.name, this.guards[kind]);
    if (!this.isClosed(rules)) {
      chains.set(chain.key, chain);
      const changes = this.changes(rules, chain.key);
      if (changes.length > 0)
        this.changing.set(`${cluster} ${chain.key}`, { guard: cluster, chain: chain.key, changes });
    }
    return { kind, cluster, chain: chain.key };
  }

  /** The same chain at every later end of one of its rules' last days. */
  private changes(rules: readonly Rule[], key: string): ChainChange[] {
    if (this.scope.observe) return [];
    const from = this.scope.options.closeExpiredAt?.getTime() ?? -Infinity;
    const moments = rules.flatMap(({ expires }) => (expires === undefined ? [] : expiryOf(expires).getTime()));
    const content = key.slice(this.scope.revisions(rules).join('+').length);
    const changes = [...new Set(moments)]
      .filter((moment) => moment > from)
      .sort((a, b) => a - b)
      .map((moment) => {
        const date = new Date(moment);
        const chain = `${this.scope.revisions(rules, date).join('+')}${content}`;
        return { at: moment / 1000, chain, open: !this.isClosed(rules, date) };
      });
    // A chain of one rule that has one: nothing happens before its end, and nothing after it.
    return changes.filter(({ chain, open }) => chain !== key || !open);
  }

  /** Whether a chain is left out so that the open tunnels of expired rules end; new requests are refused by their routes. */
  private isClosed(rules: readonly Rule[], closeExpiredAt = this.scope.options.closeExpiredAt): boolean {
    if (closeExpiredAt === undefined || this.scope.observe || rules.length === 0) return false;
    return rules.every((rule) => isExpired(rule, closeExpiredAt));
  }
}
