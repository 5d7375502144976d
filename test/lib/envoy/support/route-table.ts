import type { CompiledConfig, ConfigObject } from '../../../../lib/envoy/resources';
import { at, named, type Route } from './reading';

/** What Envoy's router looks at. */
export interface Asked {
  readonly connect?: boolean;
  readonly authority: string;
  readonly method?: string;
  readonly path?: string;
}

/** The route that Envoy takes at a workload's edge: the most specific virtual host, then its first route that fits. */
export function edgeRoute(config: CompiledConfig, asked: Asked, workload = 'web'): Route | undefined {
  const hosts = (named(config.routes, workload).virtual_hosts ?? []) as ConfigObject[];
  return firstFit((hosts.find((host) => host === hostOf(hosts, asked.authority))?.routes ?? []) as Route[], asked);
}

/** The route of a guard's only virtual host. */
export function guardRoute(manager: ConfigObject, asked: Asked): Route | undefined {
  return firstFit(at(manager, 'typed_config', 'route_config', 'virtual_hosts', 0, 'routes') as Route[], asked);
}

/** `ignore_port_in_host_matching`; exact names, then the longest `*.` that has something in its place, then `*`. */
function hostOf(hosts: readonly ConfigObject[], authority: string): ConfigObject | undefined {
  const name = authority.toLowerCase().replace(/:[^:\]]*$/, '');
  const specificity = (domain: string): number => {
    if (domain === name) return Infinity;
    if (domain === '*') return 1;
    return domain.startsWith('*') && name.endsWith(domain.slice(1)) && name.length >= domain.length ? domain.length : 0;
  };
  const ranked = hosts.map((host) => ({ host, rank: Math.max(...(host.domains as string[]).map(specificity)) }));
  return ranked.sort((a, b) => b.rank - a.rank).find(({ rank }) => rank > 0)?.host;
}

function firstFit(routes: readonly Route[], asked: Asked): Route | undefined {
  return routes.find(({ match }) => formFits(match, asked) && headersFit(match, asked));
}

/** Routes but those with `connect_matcher` never take a CONNECT. */
function formFits(match: ConfigObject, { connect, path = '/' }: Asked): boolean {
  if (match.connect_matcher !== undefined || connect) return match.connect_matcher !== undefined && connect === true;
  const { prefix, path_separated_prefix: whole } = match as Record<string, string | undefined>;
  if (whole !== undefined) return path === whole || path.startsWith(`${whole}/`);
  return prefix !== undefined && path.startsWith(prefix);
}

function headersFit(match: ConfigObject, { authority, method = 'GET' }: Asked): boolean {
  const values: Record<string, string> = { ':authority': authority, ':method': method };
  return ((match.headers ?? []) as ConfigObject[]).every(({ name, string_match }) => {
    const value = values[name as string] ?? '';
    const { exact, suffix, safe_regex: regex } = string_match as Record<string, string | ConfigObject | undefined>;
    if (regex !== undefined) return new RegExp(`^(?:${(regex as ConfigObject).regex as string})$`).test(value);
    return exact !== undefined ? value === exact : suffix !== undefined && value.endsWith(suffix as string);
  });
}
