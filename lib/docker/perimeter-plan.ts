import { DockerPlanError } from './errors';
import { planGateway, type GatewayPlan } from './gateway-plan';
import type { DockerGatewayOptions, DockerServerOptions } from './options';
import { planServer, type ServerPlan } from './server-plan';
import type { DockerPlan } from './specs';

export interface DockerPerimeterOptions extends DockerGatewayOptions {
  /** MCP servers by their names in the policy. @default - none: other containers join the workloads' networks */
  readonly servers?: Readonly<Record<string, DockerServerOptions>>;
}

/**
 * Everything for a policy and its servers. The same options give the same plan.
 * @throws {DockerPlanError} with all problems at once
 */
export function planPerimeter(options: DockerPerimeterOptions): DockerPlan & { readonly gateway: GatewayPlan } {
  const problems: string[] = [];
  const gateway = planGateway(options, problems);
  const servers = Object.entries(options.servers ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, server]) => planServer(options, gateway, name, server, problems) ?? []);
  problems.push(...clashes(servers));
  if (problems.length > 0) throw new DockerPlanError(problems);
  const forwarders = servers.flatMap(({ forwarder }) => forwarder ?? []);
  const volumes = servers.flatMap(({ server }) =>
    server.mounts.filter(({ type }) => type === 'volume').map(({ source }) => source),
  );
  return {
    gateway,
    networks: [
      gateway.egress,
      ...(forwarders.length > 0 ? [gateway.published] : []),
      ...gateway.workloads.map(({ network }) => network),
    ],
    volumes: [gateway.volume, ...[...new Set(volumes)].sort().map((name) => ({ name }))],
    containers: [gateway.loader, gateway.gateway, ...servers.map(({ server }) => server), ...forwarders],
    warnings: [...gateway.warnings, ...servers.flatMap(({ warnings }) => warnings)],
  };
}

/** One port of the machine for two servers, or one address for two forwarders. */
function clashes(servers: readonly ServerPlan[]): string[] {
  const forwarders = servers.flatMap(({ forwarder }) => forwarder ?? []);
  return forwarders.flatMap((one, index) =>
    forwarders
      .slice(index + 1)
      .flatMap((other) => [
        ...(one.ports[0]?.hostPort === other.ports[0]?.hostPort
          ? [
              `hostPort: ${one.ports[0]?.hostPort} is published for ${one.name.replace(/\.port$/, '')} and for ${other.name.replace(/\.port$/, '')}; give one of them another hostPort`,
            ]
          : []),
        ...(one.networks[0]?.address === other.networks[0]?.address
          ? [
              `subnetPool: ${one.name} and ${other.name} would both have the address ${one.networks[0]?.address}; give one workload another port in the policy, or use a wider subnetPool`,
            ]
          : []),
      ]),
  );
}
