import { contains } from '../policy/cidr';
import { checkGatewayAddresses, type EgressPolicy } from '../policy/policy';
import { LOOPBACK_RANGES } from '../policy/ranges';
import { DEFAULT_HEALTH_PORT } from '../policy/ports';
import type { Workload } from '../policy/types';
import { bootstrap } from './bootstrap';
import { refuseCluster } from './clusters';
import { edgeListener } from './edge-listener';
import { Guards } from './guards';
import { healthListener } from './health-listener';
import type { CompiledConfig, CompileOptions, NamedResource } from './resources';
import { routeConfiguration } from './routes';
import { WorkloadScope } from './workload-scope';

export type { CompiledConfig, CompileOptions, NamedResource } from './resources';

/** The folder in which a container's Envoy sees its files. */
export const DEFAULT_DIRECTORY = '/etc/mcp-egress';

/** An option of {@link compile} that does not go with the policy. */
export class CompileOptionError extends Error {
  override readonly name = 'CompileOptionError';
}

/**
 * Compiles a policy to Envoy's resources. The same policy and options give the same resources: the clock is not read.
 *
 * @throws PolicyError if a rule with `private` or `address` could dial the gateway itself.
 * @throws CompileOptionError if an option contradicts the policy.
 */
export function compile(policy: EgressPolicy, given: CompileOptions = {}): CompiledConfig {
  const options = withOwnAddresses(given);
  const healthPort = options.healthPort ?? DEFAULT_HEALTH_PORT;
  checkGatewayAddresses(policy, options.gatewayAddresses ?? [], healthPort);
  const unknown = Object.keys(options.bindFor ?? {}).filter(
    (name) => !policy.workloads.some((each) => each.name === name),
  );
  if (unknown.length > 0)
    throw new CompileOptionError(
      `bindFor names what is no workload of the policy: ${unknown.join(', ')}; use ${policy.workloads.map(({ name }) => name).join(', ') || 'none'}`,
    );
  const taken = policy.workloads.find(({ port }) => port === healthPort);
  if (taken)
    throw new CompileOptionError(
      `the health port ${healthPort} is the port of workload ${taken.name}; choose another health port`,
    );
  const parts = policy.workloads.map((workload) => compileWorkload(workload, policy, options));
  return {
    hash: policy.hash,
    bootstrap: bootstrap(options.directory ?? DEFAULT_DIRECTORY, options),
    clusters: byName([refuseCluster(), ...parts.flatMap(({ clusters }) => clusters)]),
    listeners: byName([
      healthListener(options.bind ?? '0.0.0.0', healthPort),
      ...parts.flatMap(({ listeners }) => listeners),
    ]),
    routes: byName(parts.map(({ routes }) => routes)),
    expiries: parts.flatMap(({ expiries }) => expiries),
  };
}

/** The addresses that listeners are bound to are the gateway's own. */
function withOwnAddresses(options: CompileOptions): CompileOptions {
  const bound = [...Object.values(options.bindFor ?? {}), ...(options.bind === undefined ? [] : [options.bind])].filter(
    // Every address of the machine is none, and loopback is denied anyway.
    (address) => !contains(LOOPBACK_RANGES, address),
  );
  if (bound.length === 0) return options;
  return { ...options, gatewayAddresses: [...new Set([...(options.gatewayAddresses ?? []), ...bound])].sort() };
}

function compileWorkload(workload: Workload, policy: EgressPolicy, options: CompileOptions) {
  const scope = new WorkloadScope(workload, policy.mode, options);
  const guards = new Guards(scope);
  const routes = routeConfiguration(scope, guards);
  const edge = edgeListener(scope);
  const inner = guards.resources();
  return {
    routes,
    listeners: [...edge.listeners, ...inner.listeners],
    clusters: [...scope.clusters, ...edge.clusters, ...inner.clusters],
    expiries: guards.expiries(),
  };
}

/** One of each name, in the order of names. */
function byName(resources: readonly NamedResource[]): NamedResource[] {
  const unique = new Map(resources.map((each) => [each.name, each]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
