import type { Workload } from '../policy/types';
import type { CompileOptions, ConfigObject } from './resources';

/** TCP connections from all workloads together, unless `CompileOptions.maxConnections` says otherwise. */
export const DEFAULT_MAX_CONNECTIONS = 20_000;

/** Those of a workload without a limit of its own, and those that one with a limit may keep idle beyond it. */
const OF_ONE = 4000;
const SPARE = 256;

const UNLIMITED = 1_000_000;

type Options = Pick<CompileOptions, 'maxConnections'>;

/** TCP connections from all workloads together. */
export function connectionsOfAll({ maxConnections = DEFAULT_MAX_CONNECTIONS }: Options): number {
  return maxConnections;
}

/** TCP connections that one workload may have at a time: never more than half of all unless its policy says so. */
export function connectionsOf({ limits }: Workload, options: Options): number {
  return limits.connections === undefined ? share(options) : limits.connections + SPARE;
}

/**
 * Circuit breakers of a cluster that dials out for one workload. Every tunnel gets its connection, and so do requests, but what plain HTTP
 * keeps open behind them is bounded: a workload that asks another host each time would leave an idle connection to each. Together with
 * {@link connectionsOf} that is at most twice {@link connectionsOfAll}. The same for all limits of a policy, since the cluster's name is.
 */
export function dialLimits(options: Options): ConfigObject {
  return {
    max_connections: connectionsOfAll(options),
    max_pending_requests: UNLIMITED,
    max_requests: UNLIMITED,
    // Hosts with idle connections, times worker threads: one that has none yet gets one beyond `max_connections`.
    max_connection_pools: share(options),
  };
}

function share(options: Options): number {
  return Math.max(1, Math.min(OF_ONE, Math.floor(connectionsOfAll(options) / 2)));
}
