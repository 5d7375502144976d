import { listenAddress } from '../../../lib/envoy/edge-listener';
import { socketAddress } from '../../../lib/envoy/dns-cache';
import { typed, type ConfigObject } from '../../../lib/envoy/resources';

const UPGRADES = ['CONNECT', 'websocket', 'connect-udp', 'h2c', 'tls', 'spdy/3.1', 'foo', 'quic'];
const UPSTREAM = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/**
 * A forward proxy that lets everything pass: every CONNECT, every absolute form, Host alone, every address, every port, HTTP/1 and HTTP/2,
 * every upgrade, paths as they are; nothing looks into tunnels. A corpus that finds no escape here would find none anywhere.
 */
export function openEnvoy(bind: string, ports: readonly number[], healthPort: number, dns: string): ConfigObject {
  const cache = {
    name: 'open',
    dns_lookup_family: 'ALL',
    dns_min_refresh_rate: '1s',
    typed_dns_resolver_config: {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: typed('envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig', {
        resolvers: [{ socket_address: socketAddress(dns) }],
      }),
    },
  };
  const listeners = [
    listener('health', bind, healthPort, { direct_response: { status: 200 } }, []),
    ...ports.map((port) => listener(`open.${port}`, bind, port, { route: { cluster: 'anywhere' } }, [resolve(cache)])),
  ];
  return { node: { id: 'open', cluster: 'open' }, static_resources: { listeners, clusters: [anywhere(cache)] } };
}

function anywhere(cache: ConfigObject): ConfigObject {
  return {
    name: 'anywhere',
    connect_timeout: '1s',
    lb_policy: 'CLUSTER_PROVIDED',
    typed_extension_protocol_options: { [UPSTREAM]: typed(UPSTREAM, oneRequestEach()) },
    cluster_type: {
      name: 'envoy.clusters.dynamic_forward_proxy',
      typed_config: typed('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', {
        dns_cache_config: cache,
      }),
    },
  };
}

/** A connection for each request, so that none hides in one that was made before. */
function oneRequestEach(): ConfigObject {
  return {
    common_http_protocol_options: { max_requests_per_connection: 1 },
    upstream_http_protocol_options: { auto_sni: true, auto_san_validation: true },
    explicit_http_config: { http_protocol_options: {} },
  };
}

function resolve(cache: ConfigObject): ConfigObject {
  return {
    name: 'resolve',
    typed_config: typed('envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig', {
      dns_cache_config: cache,
    }),
  };
}

function listener(
  name: string,
  bind: string,
  port: number,
  action: ConfigObject,
  filters: readonly ConfigObject[],
): ConfigObject {
  const connect = { match: { connect_matcher: {} }, ...withConnect(action) };
  const manager = typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: name,
    codec_type: 'AUTO',
    http_protocol_options: { accept_http_10: true, default_host_for_http_10: 'none.test', allow_chunked_length: true },
    http2_protocol_options: { allow_connect: true, override_stream_error_on_invalid_http_message: true },
    upgrade_configs: UPGRADES.map((upgrade_type) => ({ upgrade_type })),
    max_request_headers_kb: 8192,
    common_http_protocol_options: { max_headers_count: 10_000 },
    route_config: {
      name: 'open',
      virtual_hosts: [{ name: 'all', domains: ['*'], routes: [connect, { match: { prefix: '/' }, ...action }] }],
    },
    http_filters: [
      ...filters,
      { name: 'router', typed_config: typed('envoy.extensions.filters.http.router.v3.Router', {}) },
    ],
  });
  return {
    name,
    address: listenAddress(bind, port),
    filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }],
  };
}

/** CONNECT ends here, and its bytes go on. */
function withConnect(action: ConfigObject): ConfigObject {
  if (action.route === undefined) return action;
  const upgrades = [{ upgrade_type: 'CONNECT', connect_config: {} }, { upgrade_type: 'connect-udp' }];
  return { route: { ...(action.route as ConfigObject), upgrade_configs: upgrades } };
}
