import fc from 'fast-check';
import { stringify } from 'yaml';
import { decide, type Decision, type EgressRequest } from '../../lib/policy/decide';
import { EgressPolicy } from '../../lib/policy/policy';
import { answersOf, policyArbitrary, requestArbitrary, type PlainPolicy } from './support/arbitraries';
import { useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { replay, TAG, type Observed } from './support/replay';

/** Pairs of a policy and a request; `MCP_EGRESS_PAIRS` for more. */
const PAIRS = Number(process.env.MCP_EGRESS_PAIRS ?? 2000);
const REQUESTS = 50;
/** `MCP_EGRESS_SEED` repeats a run; in CI it is always the same. */
const SEED = Number(process.env.MCP_EGRESS_SEED ?? (process.env.CI === 'true' ? 20261123 : Date.now() % 2 ** 31));
const TIMEOUT_MS = 120_000 + PAIRS * 100;

const EMPTY = 'version: 1\nworkloads:\n  web: { port: 10000 }\n  other: { port: 10001 }\n';

interface Pair {
  readonly request: EgressRequest;
  readonly expected: Decision;
  readonly observed: Observed;
}

describeInNamespace('`decide` and the gateway', () => {
  const bench = useBench(EMPTY);
  beforeAll(() => (bench.dns.fallback = answersOf));

  it(
    `agree on ${PAIRS} random pairs of a policy and a request`,
    async () => {
      console.log(`seed ${SEED}, pairs ${PAIRS} (MCP_EGRESS_SEED=${SEED} repeats this run)`);
      const counts = new Map<string, number>();
      const property = fc.asyncProperty(
        policyArbitrary,
        fc.array(requestArbitrary, { minLength: REQUESTS, maxLength: REQUESTS }),
        async (policy, requests) => {
          const pairs = await judge(policy, requests);
          for (const { expected } of pairs) count(counts, `${expected.decision} ${expected.reason}`);
        },
      );
      await fc.assert(property, {
        numRuns: Math.ceil(PAIRS / REQUESTS),
        seed: SEED,
        interruptAfterTimeLimit: TIMEOUT_MS - 20_000,
      });
      console.log(
        [...counts]
          .sort(([, a], [, b]) => b - a)
          .map(([what, n]) => `${n} ${what}`)
          .join(', '),
      );
    },
    TIMEOUT_MS,
  );

  /** Puts the policy in force, sends the requests all at once, and throws where the gateway did anything else than `decide` says. */
  async function judge(plain: PlainPolicy, requests: readonly EgressRequest[]): Promise<Pair[]> {
    await bench.publish(stringify(plain));
    bench.forget();
    bench.log.forget();
    const policy = EgressPolicy.fromObject(plain);
    const pairs = await Promise.all(
      requests.map(async (request, tag): Promise<Pair> => {
        const expected = decide(policy, request);
        const observed = await replay(bench, request, tag).catch((error: Error) => ({
          decision: 'none',
          reason: error.message,
        }));
        return { request, expected, observed };
      }),
    );
    const wrong = pairs.filter((pair) => !agrees(policy, pair)).map(describePair);
    wrong.push(...trespasses(pairs));
    if (wrong.length > 0) throw new Error(`${stringify(plain)}\n${wrong.join('\n')}`);
    return pairs;
  }

  /** Requests that a server heard, and addresses that were dialled, although every pair of this policy says otherwise. */
  function trespasses(pairs: readonly Pair[]): string[] {
    const heard = bench.upstreams.heard.flatMap(({ rawHeaders }) => {
      const at = rawHeaders.findIndex((name) => name.toLowerCase() === TAG);
      return at < 0 ? [] : [Number(rawHeaders[at + 1])];
    });
    const refused = heard
      .filter((tag) => pairs[tag]?.expected.decision === 'denied')
      .map((tag) => `a server heard what is denied: ${describePair(pairs[tag] as Pair)}`);
    const mayDial = new Set(pairs.flatMap(({ request, expected }) => addressesFor(request, expected)));
    const dialled = bench.upstreams.dialled.filter((address) => !mayDial.has(address));
    return [...refused, ...dialled.map((address) => `${address} was dialled`)];
  }
});

/** A tunnel with two faults may name either; see `decide`. */
function agrees(policy: EgressPolicy, { request, expected, observed }: Pair): boolean {
  const same = ({ decision, reason }: Decision): boolean =>
    decision === observed.decision && reason === observed.reason;
  if (same(expected)) return true;
  if (expected.reason !== 'sni_mismatch') return false;
  const other = decide(policy, { ...request, sni: request.authority.replace(/:\d+$/, '') });
  return other.reason === 'no_address' && same(other);
}

/** What may be dialled for a request; for a wrong server name the allowed host may be, without a byte to it. */
function addressesFor({ answers = [] }: EgressRequest, { decision, reason, rule }: Decision): readonly string[] {
  if (decision === 'denied' && reason !== 'sni_mismatch') return [];
  if (rule?.address) return [rule.address.ip];
  return answers;
}

function describePair({ request, expected, observed }: Pair): string {
  const { now: _now, ...shown } = request;
  const says = ({ decision, reason }: Observed | Decision): string => `${decision} (${reason})`;
  return `${JSON.stringify(shown)}\n  decide: ${says(expected)}, gateway: ${says(observed)}`;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
