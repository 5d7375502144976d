import type { CompiledConfig, ConfigObject, ConfigValue, NamedResource } from './resources';

/**
 * One bootstrap with everything inside, for `envoy --mode validate`: the watched files are not read in that mode, and in files Envoy
 * lets unknown fields and unknown clusters pass.
 *
 * @returns JSON, which Envoy reads several times faster than YAML; the file's name has to end in `.json`
 */
export function toStatic(config: CompiledConfig): string {
  const { dynamic_resources: _, ...rest } = config.bootstrap;
  const routes = new Map(config.routes.map((each) => [each.name, withoutType(each)]));
  const listeners = config.listeners.map((each) => inlineRoutes(withoutType(each), routes));
  const clusters = config.clusters.map(withoutType);
  return JSON.stringify({ ...rest, static_resources: { listeners, clusters } });
}

function withoutType({ '@type': _, ...fields }: NamedResource): ConfigObject {
  return fields;
}

/** Puts each route configuration in the place of the `rds` that names it. */
function inlineRoutes(value: ConfigValue, routes: ReadonlyMap<string, ConfigObject>): ConfigValue {
  if (Array.isArray(value)) return value.map((each: ConfigValue) => inlineRoutes(each, routes));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as ConfigObject).flatMap(([key, field]): [string, ConfigValue][] => {
    if (field === undefined) return [];
    const name = key === 'rds' ? (field as ConfigObject).route_config_name : undefined;
    if (typeof name !== 'string') return [[key, inlineRoutes(field, routes)]];
    const route_config = routes.get(name);
    if (!route_config) throw new Error(`no route configuration ${name}`);
    return [['route_config', route_config]];
  });
  return Object.fromEntries(entries);
}
