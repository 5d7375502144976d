import type { CompiledConfig, ConfigObject, NamedResource } from '../../../../lib/envoy/resources';

/** Names a filter chain, as the compiler's guards do. */
export function action(chain: string): ConfigObject {
  return {
    action: {
      name: 'chain',
      typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: chain },
    },
  };
}

export function cluster(name: string): NamedResource {
  return { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name };
}

/** A workload's listener: named and addressed by its port. */
export function edge(workload: string, port: number, fields: ConfigObject = {}): NamedResource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name: `edge.${workload}.${port}`,
    address: { socket_address: { address: '127.0.0.1', port_value: port } },
    ...fields,
  };
}

/** A guard with one chain for each key, and one that refuses. */
export function guard(name: string, keys: readonly string[]): NamedResource {
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name,
    internal_listener: {},
    filter_chain_matcher: {
      matcher_tree: {
        input: { name: 'input' },
        exact_match_map: { map: Object.fromEntries(keys.map((key) => [key, action(key)])) },
      },
      on_no_match: action('refuse.no_rule'),
    },
    filter_chains: [
      ...keys.map((key) => ({ name: key, filters: [{ name: `of ${key}` }] })),
      { name: 'refuse.no_rule' },
    ],
  };
}

/** Routes that allow some hosts and refuse the rest. */
export function routes(name: string, hosts: readonly string[]): NamedResource {
  return {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name,
    virtual_hosts: [
      { name: 'allowed', domains: hosts, routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] },
      {
        name: 'default',
        domains: ['*'],
        routes: [{ match: { prefix: '/' }, direct_response: { status: 403 } }],
      },
    ],
  };
}

/** A configuration without anything but what is given. */
export function config(parts: Partial<CompiledConfig> = {}): CompiledConfig {
  return { hash: 'f'.repeat(64), bootstrap: {}, clusters: [], listeners: [], routes: [], ...parts };
}
