import { createHash } from 'node:crypto';
import type { NetworkSpec } from './specs';
import { addressIn, upperHalf } from './subnets';

/**
 * Of the bridge driver. Without them an internal network still leads to the machine itself: the bridge has an address there, and the
 * kernel answers for every other address of the machine behind it, 169.254.169.254 included where something listens on it (seen on Engine 20.10).
 * `inhibit_ipv4` takes the bridge's address away; `isolated` is how Engine 28 calls that, and older ones ignore it.
 */
const CLOSED = {
  'com.docker.network.bridge.gateway_mode_ipv4': 'isolated',
  'com.docker.network.bridge.inhibit_ipv4': 'true',
} as const;

/** A network without a way out, to another network or to the machine. */
export function closedNetwork(name: string, subnet: string): NetworkSpec {
  return { name, ...addresses(subnet), internal: true, options: CLOSED };
}

/** The gateway's way out. */
export function egressNetwork(name: string, subnet: string): NetworkSpec {
  return { name, ...addresses(subnet), internal: false, options: {} };
}

/** From which ports are published: not masqueraded, so that nothing in it is answered from outside, and nobody in it sees another one. */
export function publishedNetwork(name: string, subnet: string): NetworkSpec {
  const options = {
    'com.docker.network.bridge.enable_icc': 'false',
    'com.docker.network.bridge.enable_ip_masquerade': 'false',
    'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
  };
  return { name, ...addresses(subnet), internal: false, options };
}

/** The engine gives addresses of the upper half to containers that ask for none; ours ask for lower ones. */
function addresses(subnet: string): Pick<NetworkSpec, 'subnet' | 'gateway' | 'ipRange'> {
  return { subnet, gateway: addressIn(subnet, 1), ipRange: upperHalf(subnet) };
}

/** Eight hex digits that stand for a whole meaning. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
