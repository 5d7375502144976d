import { quote } from '../policy/quote';
import { serverProblems, unpinned } from './check';
import { containerDefaults, WRITABLE } from './container';
import { forwarder, NO_RESOLVER } from './forwarder';
import type { GatewayPlan } from './gateway-plan';
import { DEFAULTS, type DockerGatewayOptions, type DockerServerOptions } from './options';
import type { ContainerSpec, MountSpec } from './specs';
import { addressIn, HOST_NUMBER } from './subnets';

/** An MCP server: its container, and the one that publishes its port. */
export interface ServerPlan {
  readonly server: ContainerSpec;
  /** Where the server has a port. */
  readonly forwarder?: ContainerSpec;
  /** The server's own address, under which the gateway and the forwarder alone find it. */
  readonly address: string;
  readonly warnings: readonly string[];
}

/**
 * Plans the server of a workload.
 * @param problems takes what is wrong
 * @returns undefined where the policy has no such workload
 */
export function planServer(
  gateway: DockerGatewayOptions,
  plan: GatewayPlan,
  workload: string,
  options: DockerServerOptions,
  problems: string[],
): ServerPlan | undefined {
  problems.push(...serverProblems(workload, options));
  const found = plan.workloads.find(({ name }) => name === workload);
  if (!found) {
    const known = plan.workloads.map(({ name }) => name).join(', ') || 'none';
    problems.push(
      `server ${workload}: ${quote(workload)} is no workload of the policy (it has: ${known}); add it there with a port, or use one of these names`,
    );
    return undefined;
  }
  const { network } = found;
  const name = `${gateway.namePrefix ?? DEFAULTS.namePrefix}-${workload}`;
  const address = addressIn(network.subnet, HOST_NUMBER.server);
  const { port } = options;
  const server: ContainerSpec = {
    ...containerDefaults(gateway),
    ...given(options),
    name,
    environment: { ...found.environment, ...options.environment },
    networks: [{ network: network.name, address, aliases: [workload] }],
    dns: NO_RESOLVER,
    after: plan.gateway.name,
  };
  const facts = { gateway, name: `${name}.port`, inside: network, published: plan.published, workloadPort: found.port };
  return {
    server,
    ...(port !== undefined && { forwarder: forwarder({ ...facts, port, hostPort: options.hostPort ?? port }) }),
    address,
    warnings: unpinned(`server ${workload}: image`, options.image),
  };
}

/** What the options say by themselves. */
function given(options: DockerServerOptions) {
  const { image, entrypoint, command, user, readOnly = true } = options;
  const { memoryMiB = DEFAULTS.memoryMiB, pidsLimit = DEFAULTS.pidsLimit } = options;
  const { writablePaths = DEFAULTS.writablePaths, secrets = {}, volumes = {} } = options;
  const mounts: MountSpec[] = [
    ...Object.entries(volumes).map(([target, source]) => ({
      type: 'volume' as const,
      source,
      target,
      readOnly: false,
    })),
    ...Object.entries(secrets).map(([name, source]) => ({
      type: 'bind' as const,
      source,
      target: `/run/secrets/${name}`,
      readOnly: true,
    })),
  ];
  const tmpfs = Object.fromEntries(writablePaths.map((path) => [path, WRITABLE]));
  return { image, entrypoint, command, user, readOnly, memoryMiB, pidsLimit, mounts, tmpfs };
}
