import { isDeepStrictEqual } from 'node:util';
import type { ConfigObject, ConfigValue, NamedResource } from '../envoy/resources';

/**
 * Guards are the internal listeners that judge what flows in a tunnel. Each has one filter chain for every rule (plus
 * chains that only refuse, named `refuse…`), chosen by a map from chain key to chain name. This file knows that shape.
 */

interface Chain extends ConfigObject {
  readonly name: string;
}

/** Names of the chains that refuse begin so; they are the same in every policy. */
const REFUSE = 'refuse';

/** Whether a listener is reached from inside Envoy only. */
export function isInternal(listener: NamedResource): boolean {
  return listener.internal_listener !== undefined;
}

/** Whether an internal listener chooses its chain by a matcher, as guards do; others only pass requests on. */
export function isGuard(listener: NamedResource): boolean {
  return isInternal(listener) && listener.filter_chain_matcher !== undefined;
}

/**
 * A guard with the chains of both, so that tunnels of the old and of the new routes find theirs. Everything else is taken
 * from `next`.
 * @throws {Error} two chains or entries of one name that differ: names stand for their content, so that is a bug
 */
export function mergeGuards(old: NamedResource, next: NamedResource): NamedResource {
  const chains = mergeByName(old.name, chainsOf(old), chainsOf(next));
  const map = { ...mapOf(old) };
  for (const [key, entry] of Object.entries(mapOf(next) ?? {})) {
    if (map[key] !== undefined && !isDeepStrictEqual(map[key], entry)) throw conflict(old.name, `entry "${key}"`);
    map[key] = entry;
  }
  const shape = mapOf(next) ? next : old;
  const merged: NamedResource = { ...next, filter_chains: chains };
  if (Object.keys(map).length === 0) return merged;
  const { on_no_match: fallback } = matcherOf(next);
  return { ...merged, filter_chain_matcher: { ...withMap(matcherOf(shape), map), on_no_match: fallback } };
}

/**
 * What is left of a guard that the new policy does not have: the chains that refuse, so that its open tunnels end while a
 * request that is still on its way to it is refused in order.
 * @returns undefined where it has no such chain; then the listener itself has to go
 */
export function refusingOnly(guard: NamedResource): NamedResource | undefined {
  const chains = chainsOf(guard).filter((chain) => chain.name.startsWith(REFUSE));
  if (chains.length === 0) return undefined;
  const { on_no_match: fallback } = matcherOf(guard);
  const { filter_chain_matcher: _, ...rest } = guard;
  const matcher = fallback === undefined ? {} : { filter_chain_matcher: { on_no_match: fallback } };
  return { ...rest, name: guard.name, '@type': guard['@type'], ...matcher, filter_chains: chains };
}

function mergeByName(listener: string, old: readonly Chain[], next: readonly Chain[]): Chain[] {
  const merged = new Map(old.map((chain) => [chain.name, chain]));
  for (const chain of next) {
    const name = chain.name;
    const before = merged.get(name);
    if (before && !isDeepStrictEqual(before, chain)) throw conflict(listener, `filter chain "${name}"`);
    merged.set(name, chain);
  }
  return [...merged.values()];
}

function conflict(listener: string, what: string): Error {
  return new Error(
    `internal listener "${listener}": ${what} has two contents under one name; this is a bug in the compiler, nothing was published`,
  );
}

/** Its filter chains, in their order. */
export function chainsOf(guard: NamedResource): readonly Chain[] {
  return (guard.filter_chains ?? []) as readonly Chain[];
}

/** The matcher that chooses its chain. */
export function matcherOf(guard: NamedResource): ConfigObject {
  return (guard.filter_chain_matcher ?? {}) as ConfigObject;
}

/** The entries by chain key: `matcher_tree.exact_match_map.map`. */
export function mapOf(guard: NamedResource): Record<string, ConfigValue | undefined> | undefined {
  const tree = matcherOf(guard).matcher_tree as ConfigObject | undefined;
  const exact = tree?.exact_match_map as ConfigObject | undefined;
  return exact?.map as Record<string, ConfigValue | undefined> | undefined;
}

function withMap(matcher: ConfigObject, map: ConfigObject): ConfigObject {
  return { ...matcher, matcher_tree: { ...(matcher.matcher_tree as ConfigObject), exact_match_map: { map } } };
}
