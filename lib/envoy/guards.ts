import { isExpired } from '../policy/expiry';
import type { Reason } from '../policy/reasons';
import type { Rule } from '../policy/types';
import { internalCluster } from './clusters';
import { forwardGuard, forwardHttpChain, observeChain, tcpChain } from './guard-forward';
import { httpChain, httpGuard } from './guard-http';
import { guardListener, guardName, type Guard, type GuardChain } from './guard-listener';
import { openChain, openGuard } from './guard-open';
import { tlsChain, tlsGuard } from './guard-tls';
import type { GuardKind } from './names';
import type { NamedResource } from './resources';
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

  private target(kind: GuardKind, rules: readonly Rule[], build: () => GuardChain): GuardTarget {
    const chains = this.chains.get(kind) ?? new Map<string, GuardChain>();
    this.chains.set(kind, chains);
    const chain = build();
    if (!this.isClosed(rules)) chains.set(chain.key, chain);
    return { kind, cluster: guardName(this.scope.workload.name, this.guards[kind]), chain: chain.key };
  }

  /** Whether a chain is left out so that the open tunnels of expired rules end; new requests are refused by their routes. */
  private isClosed(rules: readonly Rule[]): boolean {
    const { closeExpiredAt } = this.scope.options;
    if (closeExpiredAt === undefined || this.scope.observe || rules.length === 0) return false;
    return rules.every((rule) => isExpired(rule, closeExpiredAt));
  }
}
