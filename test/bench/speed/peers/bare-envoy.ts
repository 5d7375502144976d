import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typed } from '../../../../lib/envoy/resources';
import { LOG_ARGUMENTS } from '../../../../lib/gateway/envoy-words';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const PORT = 10100;
/** It shows what our guards cost, which does not depend on how many hosts there are. */
const MOST_HOSTS = 100;

const DNS_CACHE = {
  name: 'dns',
  dns_lookup_family: 'V4_ONLY',
  typed_dns_resolver_config: {
    name: 'envoy.network.dns_resolver.cares',
    typed_config: typed('envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig', {
      resolvers: [{ socket_address: { address: '127.0.0.53', port_value: 53 } }],
      dns_resolver_options: { no_default_search_domain: true },
    }),
  },
};

/** Envoy as a plain forward proxy without any guard: what is left of this gateway's time when everything of ours is taken away. */
export function bareEnvoy(envoy: string): Peer {
  return {
    name: 'bare Envoy',
    how:
      'a plain forward proxy: a virtual host with the allowlist, one log line a request, no guard (no look into tunnels, no check of addresses), ' +
      'and its own bare 403; it is here to show what the guards cost',
    version: () => versionOf(envoy, '--version')?.replace(/^/, 'Envoy '),
    leaveOut: (hosts) => (hosts > MOST_HOSTS ? 'shows the cost of the guards at 100 hosts alone' : undefined),
    prepare: (folder, hosts) => {
      const file = join(folder, 'envoy.json');
      writeFileSync(file, JSON.stringify(configOf(hosts)));
      const command = [envoy, '--config-path', file, ...LOG_ARGUMENTS, '--disable-hot-restart'] as const;
      return { command: [...command, '--file-flush-interval-msec', '100'], way: { kind: 'connect', port: PORT } };
    },
  };
}

function configOf(hosts: readonly string[]): object {
  const cluster = {
    name: 'names',
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: {
      name: 'envoy.clusters.dynamic_forward_proxy',
      typed_config: typed('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', {
        dns_cache_config: DNS_CACHE,
      }),
    },
  };
  const listener = {
    name: 'proxy',
    address: { socket_address: { address: '127.0.0.1', port_value: PORT } },
    filter_chains: [
      { filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: managerOf(hosts) }] },
    ],
  };
  return { static_resources: { listeners: [listener], clusters: [cluster] } };
}

function managerOf(hosts: readonly string[]): object {
  const upgrade_configs = [{ upgrade_type: 'CONNECT', connect_config: {} }];
  const allowed = [
    { match: { connect_matcher: {} }, route: { cluster: 'names', upgrade_configs } },
    { match: { prefix: '/' }, route: { cluster: 'names' } },
  ];
  const refused = [{ connect_matcher: {} }, { prefix: '/' }].map((match) => ({
    match,
    direct_response: { status: 403 },
  }));
  return typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'proxy',
    codec_type: 'HTTP1',
    upgrade_configs: [{ upgrade_type: 'CONNECT' }],
    route_config: {
      virtual_hosts: [
        { name: 'allowed', domains: hosts.flatMap((host) => [host, `${host}:443`]), routes: allowed },
        { name: 'refused', domains: ['*'], routes: refused },
      ],
    },
    http_filters: [
      {
        name: 'resolve',
        typed_config: typed('envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig', {
          dns_cache_config: DNS_CACHE,
        }),
      },
      { name: 'router', typed_config: typed('envoy.extensions.filters.http.router.v3.Router') },
    ],
    access_log: [
      {
        name: 'envoy.access_loggers.stdout',
        typed_config: typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog'),
      },
    ],
  });
}
