import { isIPv6 } from 'node:net';
import { PUBLIC_DENIED_RANGES } from '../policy/cidr';
import { bracketHost } from '../policy/hosts';
import { dialLimits } from './connections';
import { meaningHash } from './names';
import type { CompileOptions, ConfigObject, NamedResource } from './resources';
import { template } from './template';

/** The addresses that names may resolve to: those of `private`, or all public ones. */
export type AddressClass = readonly string[] | undefined;

/** What a cache takes from the options of the compiler. */
export type DnsCacheOptions = Pick<CompileOptions, 'dns' | 'gatewayAddresses' | 'maxConnections'>;

export interface DnsCache {
  /** `DnsCacheConfig`; Envoy wants the very same one wherever the cache is named. */
  readonly config: ConfigObject;
  /** The cluster that dials what this cache resolved. */
  readonly cluster: NamedResource;
}

/**
 * The DNS cache of one workload and address class, with limits of its own, so that one workload's dead names do not touch another.
 * Answers outside the class are dropped before anything is dialled (`resolved_address_filter`, Envoy 1.39), and so are the gateway's own
 * addresses, behind which the ports of other workloads are.
 */
export function dnsCache(workload: string, addresses: AddressClass, options: DnsCacheOptions): DnsCache {
  const skeleton = template('dns-cache');
  const meaning = {
    ...skeleton,
    typed_dns_resolver_config: resolver(skeleton.typed_dns_resolver_config as ConfigObject, options.dns),
    resolved_address_filter: addresses
      ? { ranges: addresses.map(range), invert_match: true }
      : { ranges: [...PUBLIC_DENIED_RANGES, ...(options.gatewayAddresses ?? []).map(single)].map(range) },
  };
  const limits = dialLimits(options);
  const kind = `${workload}.${addresses ? 'private' : 'public'}`;
  const config = { name: `dns.${kind}.${meaningHash([workload, meaning])}`, ...meaning };
  const cluster: NamedResource = {
    ...(template('dynamic-cluster') as NamedResource),
    name: `dynamic.${kind}.${meaningHash([workload, meaning, limits])}`,
    circuit_breakers: { thresholds: [limits] },
    cluster_type: {
      name: 'envoy.clusters.dynamic_forward_proxy',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig',
        dns_cache_config: config,
      },
    },
  };
  return { config, cluster };
}

function resolver(skeleton: ConfigObject, dns: readonly string[] | undefined): ConfigObject {
  if (!dns || dns.length === 0) return skeleton;
  const resolvers = dns.map((text) => ({ socket_address: socketAddress(text) }));
  return { ...skeleton, typed_config: { ...(skeleton.typed_config as ConfigObject), resolvers } };
}

/** `ip:port` or `[ip]:port` as Envoy's `SocketAddress`. */
export function socketAddress(text: string): { address: string; port_value: number } {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon).replace(/^\[|\]$/g, '');
  return { address, port_value: Number(text.slice(colon + 1)) };
}

/** An address, or a network as it is, as a CIDR. */
function single(ip: string): string {
  if (ip.includes('/')) return ip;
  return isIPv6(ip) ? `${ip}/128` : `${ip}/32`;
}

function range(cidr: string): ConfigObject {
  const slash = cidr.lastIndexOf('/');
  return { address_prefix: cidr.slice(0, slash), prefix_len: Number(cidr.slice(slash + 1)) };
}

/** An address and a port as one text, with brackets around IPv6. */
export function hostPort(ip: string, port: number): string {
  return `${bracketHost(ip)}:${port}`;
}
