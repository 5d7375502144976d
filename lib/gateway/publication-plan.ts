import { isDeepStrictEqual } from 'node:util';
import { routeFile } from '../envoy/render';
import type { CompiledConfig, ConfigValue, NamedResource } from '../envoy/resources';
import { listenAddress } from './listen-addresses';
import { isGuard, isInternal, mergeGuards, refusingOnly } from './merge-guards';

/** One step of a publication: files that are replaced as a whole before the next step begins. */
export interface Step {
  /** For people: what the step does. */
  readonly name: string;
  /** Relative path, as Envoy watches it, to the resources that the file then holds. */
  readonly files: ReadonlyMap<string, readonly NamedResource[]>;
}

/** The watched files of clusters and listeners. */
export const CLUSTERS = 'clusters.yaml';
export const LISTENERS = 'listeners.yaml';

/**
 * In which order a configuration replaces another one, so that at no moment a request passes which neither of the two
 * allows, and none fails that both allow. It rests on names that stand for their content (clusters, guards, chains): the
 * union of two configurations never changes what a route of either means.
 *
 * - Clusters: the new ones and all old ones. What an older publication left goes here.
 * - Route files that no old listener reads; the routes of listeners that will go refuse everything from here on.
 * - Listeners: new and changed ones, guards with the chains of both. What goes still stands, unless its port is needed.
 * - The other route files: what the new policy does not allow is refused from here on.
 * - Listeners again: the new chains only, which ends the tunnels of withdrawn rules. Guards that went refuse until the
 *   next publication, and old clusters stay as long: a request that was routed a moment ago still finds them.
 *
 * @param old what was published last; undefined for a first publication, which is one step
 */
export function publicationSteps(old: CompiledConfig | undefined, next: CompiledConfig): Step[] {
  if (!old) return [everything(next)];
  const oldRoutes = new Set(old.routes.map(({ name }) => name));
  const added = next.routes.filter(({ name }) => !oldRoutes.has(name));
  const kept = next.routes.filter(({ name }) => oldRoutes.has(name));
  const both = transitionalListeners(old, next);
  // Nothing is new where rules only go, or expire; reading many chains costs Envoy seconds.
  const transition = sameByName(both, old.listeners) ? [] : [step('listeners of both', [[LISTENERS, both]])];
  return [
    step('clusters of both', [[CLUSTERS, union(next.clusters, old.clusters)]]),
    step('routes of new and of removed listeners', routeFiles([...added, ...deniedRoutes(old, next)])),
    ...transition,
    step('changed routes', routeFiles(kept)),
    step('new listeners only', [[LISTENERS, finalListeners(old, next)]]),
  ].filter(({ files }) => files.size > 0);
}

function step(name: string, files: Iterable<readonly [string, readonly NamedResource[]]>): Step {
  return { name, files: new Map(files) };
}

function everything({ clusters, listeners, routes }: CompiledConfig): Step {
  return step('everything', [[CLUSTERS, clusters], ...routeFiles(routes), [LISTENERS, listeners]]);
}

function routeFiles(routes: readonly NamedResource[]): [string, readonly NamedResource[]][] {
  return routes.map((route) => [routeFile(route.name), [route]]);
}

/** Those of `first`, then those of `second` whose names it does not have. */
function union(first: readonly NamedResource[], second: readonly NamedResource[]): NamedResource[] {
  const names = new Set(first.map(({ name }) => name));
  return [...first, ...second.filter(({ name }) => !names.has(name))];
}

function sameByName(first: readonly NamedResource[], second: readonly NamedResource[]): boolean {
  const byName = new Map(second.map((each) => [each.name, each]));
  return first.length === second.length && first.every((each) => isDeepStrictEqual(each, byName.get(each.name)));
}

/** A listener that goes keeps its open connections for the drain time; their further requests are refused meanwhile. */
function deniedRoutes(old: CompiledConfig, next: CompiledConfig): NamedResource[] {
  const staying = new Set(next.routes.map(({ name }) => name));
  return old.routes.filter(({ name }) => !staying.has(name)).map(refusingRoutes);
}

/** The compiler's own refusals for hosts that no rule names; where there are none (mode `observe`) Envoy answers 404. */
export function refusingRoutes(route: NamedResource): NamedResource {
  const hosts = (route.virtual_hosts ?? []) as readonly { domains?: readonly string[]; routes?: readonly object[] }[];
  const refusals = hosts
    .filter(({ domains }) => domains?.includes('*'))
    .map((host) => ({ ...host, routes: (host.routes ?? []).filter((entry) => 'direct_response' in entry) }));
  return { ...route, virtual_hosts: refusals as unknown as ConfigValue };
}

function transitionalListeners(old: CompiledConfig, next: CompiledConfig): NamedResource[] {
  const before = new Map(old.listeners.map((listener) => [listener.name, listener]));
  const needed = new Set(next.listeners.flatMap((listener) => socketKey(listener) ?? []));
  const merged = next.listeners.map((listener) => {
    const same = before.get(listener.name);
    return same && isGuard(same) && isGuard(listener) ? mergeGuards(same, listener) : listener;
  });
  // Envoy refuses two listeners on one address: an old one whose port changes hands goes now.
  const leaving = old.listeners.filter((listener) => !needed.has(socketKey(listener) ?? ''));
  return union(merged, leaving);
}

function finalListeners(old: CompiledConfig, next: CompiledConfig): NamedResource[] {
  const internal = old.listeners.filter(isInternal);
  // Other internal listeners take their routes from the files above, so they cannot allow what is withdrawn.
  const leftovers = internal.flatMap((listener) => (isGuard(listener) ? (refusingOnly(listener) ?? []) : listener));
  return union(next.listeners, leftovers);
}

/** The address and port of a listener as one text; undefined for an internal one. */
export function socketKey(listener: NamedResource): string | undefined {
  const socket = listenAddress(listener);
  return socket && `${socket.address} ${socket.port}`;
}
