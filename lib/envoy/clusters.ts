import { dialLimits } from './connections';
import { hostPort } from './dns-cache';
import { meaningHash } from './names';
import type { CompileOptions, NamedResource } from './resources';
import { template } from './template';
import type { FixedAddress } from '../policy/types';

/** A cluster without endpoints: whatever is sent to it is closed at once. */
export const REFUSE_CLUSTER = 'refuse';

/** The cluster of that name. */
export function refuseCluster(): NamedResource {
  const {
    upstream_connection_options: _,
    typed_extension_protocol_options: __,
    ...skeleton
  } = template('fixed-cluster');
  return { ...(skeleton as NamedResource), name: REFUSE_CLUSTER, load_assignment: { cluster_name: REFUSE_CLUSTER } };
}

/** The cluster of a rule with `address`: one endpoint, nothing is resolved; workloads share no connections. */
export function fixedCluster(
  workload: string,
  { ip, port }: FixedAddress,
  options: Pick<CompileOptions, 'maxConnections'>,
): NamedResource {
  const limits = dialLimits(options);
  const name = `fixed.${workload}.${meaningHash([workload, hostPort(ip, port), limits])}`;
  const endpoint = { address: { socket_address: { address: ip, port_value: port } } };
  return {
    ...(template('fixed-cluster') as NamedResource),
    name,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
    circuit_breakers: { thresholds: [limits] },
  };
}

/**
 * The cluster that leads to an internal listener; it bears the listener's name.
 *
 * @param maxRequests requests and tunnels at a time over the whole process; counted for HTTP that is forwarded, not for bytes. @default - no limit
 */
export function internalCluster(listener: string, maxRequests = 1_000_000): NamedResource {
  const endpoint = { address: { envoy_internal_address: { server_listener_name: listener } } };
  return {
    ...(template('internal-cluster') as NamedResource),
    name: listener,
    load_assignment: { cluster_name: listener, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
    circuit_breakers: {
      thresholds: [{ max_connections: 1_000_000, max_pending_requests: 1_000_000, max_requests: maxRequests }],
    },
  };
}
