import type { Construct } from 'constructs';
import { Network } from '@cdktf/provider-docker/lib/network';
import type { NetworkSpec } from '../../lib/docker';

/** A `docker_network` from its spec. */
export function dockerNetwork(scope: Construct, id: string, spec: NetworkSpec): Network {
  const { name, subnet, gateway, ipRange, internal, options } = spec;
  return new Network(scope, id, {
    name,
    driver: 'bridge',
    internal,
    ipv6: false,
    options: Object.keys(options).length > 0 ? { ...options } : undefined,
    ipamConfig: [{ subnet, gateway, ipRange }],
  });
}
