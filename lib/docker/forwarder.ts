import { ENVOY_USER, containerDefaults } from './container';
import { DEFAULTS, type DockerGatewayOptions } from './options';
import type { ContainerSpec, NetworkSpec } from './specs';
import { addressIn, HOST_NUMBER, publishedNumber } from './subnets';

/** On which the forwarder itself listens, in its own network: any port that needs no privilege. */
const LISTEN_PORT = 10_000;

export interface ForwarderFacts {
  readonly gateway: DockerGatewayOptions;
  /** The container's name. */
  readonly name: string;
  /** The workload's network, and the one from which ports are published. */
  readonly inside: NetworkSpec;
  readonly published: NetworkSpec;
  /** The workload's port on the gateway, by which its forwarder is placed. */
  readonly workloadPort: number;
  /** The server's port, and where it is on 127.0.0.1 of the machine. */
  readonly port: number;
  readonly hostPort: number;
}

/**
 * Publishes a server's port on 127.0.0.1, since a container on internal networks alone cannot: an Envoy that carries bytes from the
 * published network to the server. It listens in the published network only, so the server does not even find it.
 */
export function forwarder(facts: ForwarderFacts): ContainerSpec {
  const { gateway, name, inside, published, workloadPort, port, hostPort } = facts;
  const listen = addressIn(published.subnet, publishedNumber(published.subnet, workloadPort));
  const server = addressIn(inside.subnet, HOST_NUMBER.server);
  return {
    ...containerDefaults(gateway),
    name,
    image: gateway.image ?? DEFAULTS.image,
    user: ENVOY_USER,
    entrypoint: ['envoy'],
    command: [
      '--config-yaml',
      JSON.stringify(bootstrap(listen, server, port)),
      '--log-level',
      'warning',
      '--component-log-level',
      'misc:error',
      '--disable-hot-restart',
      '--concurrency',
      '1',
    ],
    networks: [
      { network: published.name, address: listen, aliases: [] },
      { network: inside.name, address: addressIn(inside.subnet, HOST_NUMBER.forwarder), aliases: [] },
    ],
    dns: NO_RESOLVER,
    ports: [{ address: '127.0.0.1', hostPort, containerPort: LISTEN_PORT }],
    memoryMiB: 128,
    pidsLimit: 64,
  };
}

/**
 * Loopback of the container, where nobody answers: the engine's resolver, which every container on a network of its own has, asks from there
 * and gets nothing. Older engines would hand the question to the machine's resolver (CVE-2024-29018).
 */
export const NO_RESOLVER: readonly string[] = ['127.0.0.1'];

function bootstrap(listen: string, server: string, port: number): object {
  const at = (address: string, port_value: number) => ({ address: { socket_address: { address, port_value } } });
  const proxy = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
    stat_prefix: 'server',
    cluster: 'server',
    idle_timeout: '3600s',
  };
  return {
    static_resources: {
      listeners: [
        {
          name: 'published',
          ...at(listen, LISTEN_PORT),
          filter_chains: [{ filters: [{ name: 'envoy.filters.network.tcp_proxy', typed_config: proxy }] }],
        },
      ],
      clusters: [
        {
          name: 'server',
          type: 'STATIC',
          connect_timeout: '5s',
          load_assignment: {
            cluster_name: 'server',
            endpoints: [{ lb_endpoints: [{ endpoint: at(server, port) }] }],
          },
        },
      ],
    },
  };
}
