import { createHash } from 'node:crypto';
import type { ConfigValue } from './resources';

/** Keys of the filter state and metadata by which a request's facts travel through Envoy. */
export const STATE = {
  /** The authority of the request to the gateway. */
  authority: 'egress.authority',
  /** The guard chain that judges the request. */
  chain: 'egress.chain',
  /** The rule that names the request's host. */
  rule: 'egress.rule',
  /** The request's id in replies and logs. */
  id: 'egress.id',
  /** The same id inside a tunnel. */
  tunnel: 'egress.tunnel',
  /** Mode `observe`: `denied` where the rule's last day is over. */
  expired: 'egress.expired',
  /** Envoy's own key: the host and port that a dynamic forward proxy dials. */
  dynamicHost: 'envoy.upstream.dynamic_host',
} as const;

/** The namespace of our metadata on routes and requests. */
export const METADATA = 'egress';

/** What one connection may have waiting in memory, on either side of a listener or cluster: a reader may be slow on purpose. */
export const BUFFER_BYTES = 65_536;

/** Kinds of guard: what the bytes behind them are. */
export type GuardKind = 'tls' | 'http' | 'forward' | 'open';

/**
 * A short hash of a whole meaning. It stands in the names of clusters, internal listeners, chains and DNS caches, so that a name never
 * changes its meaning under a route that still points at it.
 */
export function meaningHash(value: ConfigValue | undefined): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Name of a workload's listener and of its route configuration: both end with the workload's identity. */
export function edgeName(workload: { readonly name: string; readonly port: number }): string {
  return `${workload.name}.${workload.port}`;
}
