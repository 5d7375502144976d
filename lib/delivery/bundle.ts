import { createHash } from 'node:crypto';
import type { CompiledConfig, ConfigObject, ConfigValue, NamedResource } from '../envoy/resources';
import { chainsOf, isGuard, isInternal, mapOf, matcherOf, refusingOnly } from '../gateway/merge-guards';
import { refusingRoutes, socketKey } from '../gateway/publication-plan';
import { ChainTimes, type KeyTime } from './chain-times';
import { Fragments } from './fragments';

/** First and second word of a bundle: what it is, and the version of its format. */
const FORMAT = ['mcp-egress-config', '1'] as const;
/** A field that does not apply. */
const NONE = '-';

/**
 * A configuration as one text, from which `container-scripts/publication.awk` builds every file of every step of `publicationSteps`, for
 * any old and next bundle, by uniting lines.
 *
 * Lines end with `\n`, fields are separated by tabs. The first line is `mcp-egress-config`, the format's version and the policy's hash; the
 * last one is `end` and the number of lines, so that a text that was cut off is told. All others are
 *
 * `kind  name  key  from  until  text…`
 *
 * where `from` and `until` are seconds since 1970 between which the line counts (`-`: no bound), and `text…` is JSON with references, see
 * {@link Fragments}. Kinds: `bootstrap`; `fragment` (a text to refer to) and `key` (a chain's key); `cluster`; `route` and `refusing` (the same
 * routes for a listener that goes); `listener` (key: its address and port), `internal` (an internal listener that only passes on); of a
 * guard `head`, `entry` (key: the chain key), `middle`, `chain` (key: the chain's name), `tail` and `leftover` (what is left of it in a
 * configuration that does not have it). The same configuration gives the same bytes.
 *
 * @param config compiled without `closeExpiredAt`: the times at which chains close are in the bundle
 */
export function bundle(config: CompiledConfig): string {
  const times = new ChainTimes(config);
  const [shared, routed] = [new Fragments(), new Fragments(new Set(times.varying.keys()))];
  const lines = [
    ...[...times.varying].flatMap(([key, all]) =>
      all.map((time) => line('key', key, NONE, JSON.stringify(time.key), time)),
    ),
    ...config.clusters.map((cluster) => line('cluster', cluster.name, NONE, shared.write(cluster))),
    ...config.routes.flatMap((route) => [
      line('route', route.name, NONE, routed.write(route)),
      line('refusing', route.name, NONE, routed.write(refusingRoutes(route))),
    ]),
    ...config.listeners.flatMap((listener) => listenerLines(listener, times, shared)),
  ];
  const fragments = [...new Map([...shared.all, ...routed.all])].map(([name, text]) =>
    line('fragment', name, NONE, text),
  );
  const all = [
    [...FORMAT, config.hash].join('\t'),
    line('bootstrap', NONE, NONE, JSON.stringify(config.bootstrap)),
    ...fragments,
    ...lines,
  ];
  return [...all, `end\t${all.length + 1}`, ''].join('\n');
}

/** The name of a bundle: SHA-256 of its bytes in hex. */
export function bundleHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function line(kind: string, name: string, key: string, text: string, { from, until }: Partial<KeyTime> = {}): string {
  return [kind, name, key, from ?? NONE, until ?? NONE, text].join('\t');
}

function listenerLines(listener: NamedResource, times: ChainTimes, shared: Fragments): string[] {
  if (isGuard(listener)) return guardLines(listener, times, shared);
  const kind = isInternal(listener) ? 'internal' : 'listener';
  return [line(kind, listener.name, socketKey(listener) ?? NONE, shared.write(listener))];
}

function guardLines(guard: NamedResource, times: ChainTimes, shared: Fragments): string[] {
  const { name } = guard;
  const { filter_chain_matcher: _matcher, filter_chains: _chains, ...rest } = guard;
  const { matcher_tree: tree, on_no_match: other } = matcherOf(guard);
  const entries = Object.entries(mapOf(guard) ?? {});
  const keys = new Set(entries.map(([key]) => key));
  const leftover = refusingOnly(guard);
  const input = shared.write((tree as ConfigObject).input);
  return [
    line(
      'head',
      name,
      NONE,
      `${shared.write(rest).slice(0, -1)},"filter_chain_matcher":{"matcher_tree":{"input":${input},"exact_match_map":{"map":{`,
    ),
    ...entries.flatMap(([key, entry]) =>
      times
        .of(name, key)
        .map((time) =>
          line(
            'entry',
            name,
            time.key,
            `${JSON.stringify(time.key)}:${shared.write(renamed(entry, key, time.key))}`,
            time,
          ),
        ),
    ),
    line('middle', name, NONE, `}}},"on_no_match":${shared.write(other)}},"filter_chains":[`),
    ...chainsOf(guard).flatMap((chain) =>
      (keys.has(chain.name) ? times.of(name, chain.name) : [{ key: chain.name }]).map((time) =>
        line('chain', name, time.key, shared.write({ ...chain, name: time.key }), time),
      ),
    ),
    line('tail', name, NONE, ']}'),
    ...(leftover ? [line('leftover', name, NONE, shared.write(leftover))] : []),
  ];
}

/** The value with another string wherever it has this one. */
function renamed(value: ConfigValue | undefined, from: string, to: string): ConfigValue | undefined {
  if (from === to) return value;
  if (value === from) return to;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each: ConfigValue) => renamed(each, from, to) as ConfigValue);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, renamed(field, from, to)]));
}
