import type { Rule } from '../policy/types';
import type { Reason } from '../policy/reasons';
import { isExpired } from '../policy/decide';
import { internalCluster } from './clusters';
import { forwardGuard, forwardHttpChain, httpChain, httpGuard, tcpChain } from './guard-http';
import { observeForwardChain } from './guard-http';
import type { GuardChain } from './guard-listener';
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

const BUILD: Readonly<Record<GuardKind, (scope: WorkloadScope, chains: readonly GuardChain[]) => NamedResource>> = {
  tls: tlsGuard,
  http: httpGuard,
  forward: forwardGuard,
  open: openGuard,
};

/** The guards of one workload, built as routes ask for them. */
export class Guards {
  private readonly chains = new Map<GuardKind, Map<string, GuardChain>>();

  constructor(private readonly scope: WorkloadScope) {}

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
    return this.target(kind, [], () =>
      connect ? openChain(this.scope, reason) : observeForwardChain(this.scope, reason),
    );
  }

  /** The internal listeners for all chains asked for, and the clusters that lead to them. */
  resources(): { listeners: NamedResource[]; clusters: NamedResource[] } {
    const listeners = [...this.chains].map(([kind, chains]) => BUILD[kind](this.scope, [...chains.values()]));
    return { listeners, clusters: listeners.map(({ name }) => internalCluster(name)) };
  }

  private target(kind: GuardKind, rules: readonly Rule[], build: () => GuardChain): GuardTarget {
    const chain = build();
    const known = this.chains.get(kind) ?? new Map<string, GuardChain>();
    this.chains.set(kind, known);
    const { closeExpiredAt } = this.scope.options;
    const closed =
      closeExpiredAt !== undefined && rules.length > 0 && rules.every((rule) => isExpired(rule, closeExpiredAt));
    if (!closed || this.scope.observe) known.set(chain.key, chain);
    const { name } = BUILD[kind](this.scope, []);
    return { kind, cluster: name, chain: chain.key };
  }
}
