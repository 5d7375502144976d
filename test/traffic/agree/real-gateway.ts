import type { CompiledConfig } from '../../../lib/envoy/resources';
import { Bench, type BenchOptions } from '../support/bench';
import { replay, TAG, type Observed } from '../support/replay';
import { mapConfig } from './map-config';
import type { Gateway } from './observation';
import { answersOf, PORTS } from './world';

/** Every server understands whatever comes, so that what the gateway passes on is never refused behind it. */
const EVERYTHING = { ports: Object.fromEntries(PORTS.map((port) => [port, 'any' as const])) };
const EMPTY = 'version: 1\nworkloads:\n  web: { port: 10000 }\n  other: { port: 10001 }\n  third: { port: 10002 }\n';

/** A bench whose servers and whose DNS are the small world's; close it. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const bench = new Bench({ ...EVERYTHING, ...options });
  await bench.open(EMPTY);
  bench.dns.fallback = answersOf;
  return bench;
}

/** Puts the policy of a scenario in force in a real Envoy, sends its requests all at once, and looks what became of them. */
export function realGateway(bench: Bench): Gateway {
  return async ({ policy: { clock, closed } }, { policy, requests }) => {
    bench.policy = policy;
    const now = new Date(clock);
    const compiled = bench.compiled(policy, closed ? { closeExpiredAt: now } : {});
    await bench.gateway.publish(moveDays(compiled, Date.now() - now.getTime()));
    bench.forget();
    bench.log.forget();
    const none = (error: Error): Observed => ({ decision: 'none', reason: error.message });
    const observed = await Promise.all(requests.map((request, tag) => replay(bench, request, tag).catch(none)));
    const { arrivals, heard } = bench.upstreams;
    const place = ({ address, port }: { address: string; port: number }): string => `${address} ${port}`;
    return {
      observed,
      heard: new Set(heard.map(({ rawHeaders }) => Number(rawHeaders[rawHeaders.indexOf(TAG) + 1]))),
      // A request may come over a connection that was made, and counted, before.
      dialled: new Set([...arrivals, ...heard].map(place)),
      sentTo: new Set([...arrivals.filter(({ bytes }) => bytes() > 0), ...heard].map(place)),
    };
  };
}

/** Midnight, as the compiler writes the end of a last day. */
const MIDNIGHT = /^\d{4}-\d\d-\d\dT00:00:00Z$/;

/** The key of a guard's chain, which begins with a rule's revision. */
const CHAIN = /^[0-9a-f]{16}\W/;

/**
 * The same config in a world whose clock is so many milliseconds ahead: every end of a last day comes so much later. Chains get other
 * names, since these stand for their content.
 */
function moveDays(config: CompiledConfig, milliseconds: number): CompiledConfig {
  return mapConfig(config, (value) => {
    if (typeof value !== 'string') return value;
    if (MIDNIGHT.test(value)) return later(value, milliseconds);
    return CHAIN.test(value) ? `${value}/${milliseconds}` : value;
  });
}

function later(moment: string, milliseconds: number): string {
  return new Date(Date.parse(moment) + milliseconds).toISOString();
}
