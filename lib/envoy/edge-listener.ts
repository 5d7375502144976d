import { isIPv6 } from 'node:net';
import { accessLog, celFilter, FORMAT } from './access-log';
import { internalCluster } from './clusters';
import { connectionsOf } from './connections';
import { expiryFilter } from './expiry';
import { rateLimitFilter, shapeFilter, stateConfig, stateFilter, stateObject, targetFilter } from './http-filters';
import { httpManager } from './http-manager';
import { CONNECT_GOES_ON, toCluster, WEBSOCKET } from './http-routes';
import { BUFFER_BYTES, edgeName, meaningHash, METADATA, STATE } from './names';
import { resource, typed, type ConfigObject, type NamedResource } from './resources';
import { TUNNEL_FILTER } from './routes';
import { DIALLED, format } from './verdict';
import type { WorkloadScope } from './workload-scope';

/** The listeners of one workload, and clusters between them. */
export interface Edge {
  readonly listeners: readonly NamedResource[];
  readonly clusters: readonly NamedResource[];
}

/**
 * The listener on a workload's port. It depends on the workload and its limits, never on rules, so that a change of rules leaves it and
 * its tunnels alone.
 *
 * With a limit on connections a second, internal listener stands behind it: the cluster between them counts everything in one place.
 */
export function edgeListener(scope: WorkloadScope): Edge {
  const { connections } = scope.workload.limits;
  if (connections === undefined) {
    const manager = policyManager(scope, [...rateLimit(scope)], true);
    return { listeners: [onPort(scope, [connectionLimit(scope), ...uploadLimit(scope), manager])], clusters: [] };
  }
  const inner = {
    internal_listener: {},
    per_connection_buffer_limit_bytes: BUFFER_BYTES,
    filter_chains: [{ filters: [policyManager(scope, [], false)] }],
  };
  const gate = `gate.${edgeName(scope.workload)}.${meaningHash([inner, connections])}`;
  return {
    listeners: [
      onPort(scope, [connectionLimit(scope), ...uploadLimit(scope), admissionManager(scope, gate)]),
      resource('envoy.config.listener.v3.Listener', gate, inner),
    ],
    clusters: [internalCluster(gate, connections)],
  };
}

/** A socket address of the gateway. */
export function listenAddress(bind: string, port: number): ConfigObject {
  return { socket_address: { address: bind, port_value: port, ...(isIPv6(bind) && { ipv4_compat: bind === '::' }) } };
}

function onPort(scope: WorkloadScope, filters: readonly ConfigObject[]): NamedResource {
  const { workload, options } = scope;
  return resource('envoy.config.listener.v3.Listener', `edge.${edgeName(workload)}`, {
    address: listenAddress(options.bindFor?.[workload.name] ?? options.bind ?? '0.0.0.0', workload.port),
    per_connection_buffer_limit_bytes: BUFFER_BYTES,
    // A limit that stands in routes alone replaces the listener all the same: its tunnels shall not outlive the change.
    filter_chains: [{ filters, metadata: { filter_metadata: { [METADATA]: { limits: { ...workload.limits } } } } }],
  });
}

/** Reads requests, finds their rule and hands them to its guard. */
function policyManager(scope: WorkloadScope, limits: readonly ConfigObject[], fromWorkload: boolean): ConfigObject {
  const { workload, options } = scope;
  const path = `${options.directory ?? '/etc/mcp-egress'}/routes`;
  const rds = {
    route_config_name: edgeName(workload),
    config_source: {
      resource_api_version: 'V3',
      path_config_source: { path: `${path}/${edgeName(workload)}.yaml`, watched_directory: { path } },
    },
  };
  return httpManager({
    statPrefix: `edge.${edgeName(workload)}`,
    filters: [targetFilter(), idFilter(), shapeFilter(), ...limits, expiryFilter(), sharedState(), tunnelFilter()],
    routes: { rds },
    replies: scope.localReplies(FORMAT.newId, 'expired'),
    logs: edgeLogs(scope),
    fromWorkload,
    fields: { access_log_options: { flush_log_on_tunnel_successfully_established: true } },
  });
}

/** Paths go on as they are: read twice, `/%2e%2e;` would be a dot segment the second time. */
const AS_WRITTEN: ConfigObject = {
  normalize_path: false,
  merge_slashes: false,
  path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
};

/** Lets requests through to the gate, as many at a time as the workload may have. */
function admissionManager(scope: WorkloadScope, gate: string): ConfigObject {
  const { workload } = scope;
  const routes = [
    { match: { connect_matcher: {} }, route: toCluster(gate, CONNECT_GOES_ON) },
    { match: { prefix: '/' }, route: toCluster(gate, WEBSOCKET) },
  ];
  return httpManager({
    statPrefix: `admission.${edgeName(workload)}`,
    filters: [targetFilter(), idFilter(), ...rateLimit(scope)],
    routes: { route_config: { name: 'admission', virtual_hosts: [{ name: 'all', domains: ['*'], routes }] } },
    replies: scope.localReplies(FORMAT.newId, 'malformed'),
    logs: [refusalLog(scope)],
    fromWorkload: true,
    fields: AS_WRITTEN,
  });
}

/** TCP connections, idle ones too: so that one workload cannot take those of all others. What is beyond is closed at once. */
function connectionLimit({ workload, options }: WorkloadScope): ConfigObject {
  return {
    name: 'envoy.filters.network.connection_limit',
    typed_config: typed('envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit', {
      stat_prefix: 'connections',
      max_connections: connectionsOf(workload, options),
    }),
  };
}

function rateLimit(scope: WorkloadScope): ConfigObject[] {
  const { requestsPerSecond } = scope.workload.limits;
  return requestsPerSecond === undefined ? [] : [rateLimitFilter(requestsPerSecond)];
}

/** Before HTTP is read, so that everything counts that the workload sends, over all its connections. */
function uploadLimit(scope: WorkloadScope): ConfigObject[] {
  const { uploadKilobytesPerSecond } = scope.workload.limits;
  if (uploadKilobytesPerSecond === undefined) return [];
  return [
    {
      name: 'envoy.filters.network.tcp_bandwidth_limit',
      typed_config: typed('envoy.extensions.filters.network.tcp_bandwidth_limit.v3.TcpBandwidthLimit', {
        stat_prefix: 'upload',
        read_limit_kbps: uploadKilobytesPerSecond,
      }),
    },
  ];
}

function idFilter(): ConfigObject {
  return stateFilter('egress.id', [stateObject(STATE.id, '%UNIQUE_ID%', false)]);
}

function tunnelFilter(): ConfigObject {
  return { name: TUNNEL_FILTER, typed_config: stateConfig([]) };
}

function sharedState(): ConfigObject {
  return stateFilter('egress.state', [
    stateObject(STATE.dynamicHost, '%REQ(:AUTHORITY)%', true),
    stateObject(STATE.authority, '%REQ(:AUTHORITY)%', true),
    stateObject(STATE.rule, `%METADATA(ROUTE:${METADATA}:rule)%`, true),
    stateObject(STATE.chain, `%METADATA(ROUTE:${METADATA}:chain)%`, true),
  ]);
}

/** Refusals of this listener, and CONNECTs that a guard is to decide, when they open; everything else is in the guard's own lines. */
function edgeLogs(scope: WorkloadScope): ConfigObject[] {
  const { workload, sink } = scope;
  const line = { layer: 'request', id: FORMAT.edgeId, workload: workload.name, rule: FORMAT.routeRule } as const;
  const opened = { log_type_filter: { types: ['DownstreamTunnelSuccessfullyEstablished'] } };
  const guarded = celFilter(`'${STATE.tunnel}' in filter_state`);
  const filter = { and_filter: { filters: [opened, guarded] } };
  return [refusalLog(scope), accessLog(sink, { ...line, decision: 'pending', reason: 'rule' }, filter)];
}

function refusalLog(scope: WorkloadScope): ConfigObject {
  const { workload, sink } = scope;
  return accessLog(
    sink,
    {
      layer: 'request',
      id: FORMAT.idHeader,
      workload: workload.name,
      rule: FORMAT.routeRule,
      decision: format("response.headers['x-egress-reason'] == 'unreachable' ? 'allowed' : 'denied'"),
      reason: FORMAT.reasonHeader,
    },
    celFilter(`'x-egress-reason' in response.headers && response.code_details != 'via_upstream' && !(${DIALLED})`),
  );
}
