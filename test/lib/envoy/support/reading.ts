import { compile } from '../../../../lib/envoy/compile';
import type {
  CompiledConfig,
  CompileOptions,
  ConfigObject,
  ConfigValue,
  NamedResource,
} from '../../../../lib/envoy/resources';
import { policyOf, type Shape } from './policies';

/** A route, as far as tests look into it. */
export interface Route extends ConfigObject {
  readonly name: string;
  readonly match: ConfigObject;
  readonly metadata?: ConfigObject;
  readonly route?: ConfigObject;
  readonly direct_response?: ConfigObject;
  readonly typed_per_filter_config?: ConfigObject;
}

/** A filter with its name and configuration. */
export interface Filter extends ConfigObject {
  readonly name: string;
  readonly typed_config: ConfigObject;
}

/** Compiles a policy of one workload. */
export function compiled(allow: readonly object[], shape: Shape = {}, options: CompileOptions = {}): CompiledConfig {
  return compile(policyOf(allow, shape), options);
}

/** Every object in a value, the value itself first. */
export function* objects(value: ConfigValue | undefined): Generator<ConfigObject> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value as ConfigObject;
  for (const each of Object.values(value)) yield* objects(each as ConfigValue);
}

/** Every value that stands under a key, at any depth. */
export function valuesOf(value: ConfigValue | undefined, key: string): ConfigValue[] {
  return [...objects(value)].map((each) => each[key]).filter((each) => each !== undefined);
}

/** Every text in a value, keys left out. */
export function texts(value: ConfigValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((each) => texts(each as ConfigValue));
}

/** Every resource of a config as one value. */
export function everything({ bootstrap, clusters, listeners, routes }: CompiledConfig): ConfigObject {
  return { bootstrap, clusters, listeners, routes };
}

/** What a path of keys leads to. */
export function at(value: ConfigValue | undefined, ...path: readonly (string | number)[]): ConfigValue | undefined {
  let found = value;
  for (const key of path) found = (found as Record<string | number, ConfigValue> | null | undefined)?.[key];
  return found;
}

/** The resource of a name, or of which the name begins so. */
export function named(resources: readonly NamedResource[], name: string): NamedResource {
  const found = resources.find((each) => each.name === name) ?? resources.find((each) => each.name.startsWith(name));
  if (!found) throw new Error(`no ${name} among ${resources.map((each) => each.name).join(', ')}`);
  return found;
}

/** The routes of the virtual host that names a domain; `*` is the default. */
export function routesFor(config: CompiledConfig, domain: string, workload = 'web'): Route[] {
  const hosts = (named(config.routes, workload).virtual_hosts ?? []) as ConfigObject[];
  const host = hosts.find(({ domains }) => (domains as string[]).includes(domain));
  if (!host) throw new Error(`no virtual host names ${domain}`);
  return host.routes as Route[];
}

/** The route of a domain whose name begins so. */
export function routeFor(config: CompiledConfig, domain: string, name: string, workload = 'web'): Route {
  const route = routesFor(config, domain, workload).find((each) => each.name.startsWith(name));
  if (!route) throw new Error(`no route ${name} for ${domain}`);
  return route;
}

/** All routes of a config, of the edge listeners' route configurations alone. */
export function edgeRoutes(config: CompiledConfig): Route[] {
  return config.routes.flatMap(({ virtual_hosts }) =>
    (virtual_hosts as ConfigObject[]).flatMap(({ routes }) => routes as Route[]),
  );
}

/** What a route says in our namespace: rule, chain, decision, reason. */
export function facts(route: Route): ConfigObject {
  return (at(route.metadata, 'filter_metadata', 'egress') ?? {}) as ConfigObject;
}

/** The guard that a route leads to. */
export function guardOf(config: CompiledConfig, route: Route): NamedResource {
  return named(config.listeners, route.route?.cluster as string);
}

/** The map from chain key to matcher of a guard. */
export function entries(guard: NamedResource): ConfigObject {
  return at(guard, 'filter_chain_matcher', 'matcher_tree', 'exact_match_map', 'map') as ConfigObject;
}

/** The filters of a guard's chain. */
export function filtersOf(guard: NamedResource, chain: string): Filter[] {
  const found = (guard.filter_chains as ConfigObject[]).find(({ name }) => name === chain);
  if (!found) throw new Error(`${guard.name} has no chain ${chain}`);
  return found.filters as Filter[];
}

/** The filters to which a route leads. */
export function chainOf(config: CompiledConfig, route: Route): Filter[] {
  return filtersOf(guardOf(config, route), facts(route).chain as string);
}

/** One filter of a list. */
export function filter(filters: readonly ConfigObject[], name: string): Filter {
  const found = (filters as Filter[]).find((each) => each.name === name);
  if (!found) throw new Error(`no filter ${name} among ${(filters as Filter[]).map((each) => each.name).join(', ')}`);
  return found;
}

/** The HTTP connection managers in a value. */
export function managers(value: ConfigValue | undefined): ConfigObject[] {
  const type = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  return [...objects(value)].filter((each) => each['@type'] === type);
}
