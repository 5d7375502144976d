import fc from 'fast-check';
import { stringify } from 'yaml';
import { decide, type Decision, type EgressRequest } from '../../lib/policy/decide';
import { EgressPolicy } from '../../lib/policy/policy';
import { answersOf, policyArbitrary, PORTS, requestArbitrary, type PlainPolicy } from './support/arbitraries';
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
  /** What does not agree, for people. */
  readonly wrong?: string;
}

describeInNamespace('`decide` and the gateway', () => {
  // Every server understands whatever comes, so that what the gateway passes on is never refused behind it.
  const bench = useBench(EMPTY, { ports: Object.fromEntries(PORTS.map((port) => [port, 'any'])) });
  beforeAll(() => (bench.dns.fallback = answersOf));

  it(
    `agree on ${PAIRS} random pairs of a policy and a request`,
    async () => {
      console.log(`seed ${SEED}, pairs ${PAIRS} (MCP_EGRESS_SEED=${SEED} repeats this run)`);
      const counts = new Map<string, number>();
      const runs = Math.ceil(PAIRS / REQUESTS);
      const policies = fc.sample(policyArbitrary, { numRuns: runs, seed: SEED });
      for (const [run, policy] of policies.entries()) {
        const requests = fc.sample(requestArbitrary(EgressPolicy.fromObject(policy)), {
          numRuns: REQUESTS,
          seed: SEED + run,
        });
        const pairs = await judge(policy, requests);
        const wrong = pairs.find((pair) => pair.wrong !== undefined);
        if (wrong !== undefined) throw new Error(await counterexample(policy, wrong.request));
        for (const { expected } of pairs) count(counts, `${expected.decision} ${expected.reason}`);
      }
      const table = [...counts].sort(([, a], [, b]) => b - a).map(([what, n]) => `${n} ${what}`);
      console.log(table.join(', '));
    },
    TIMEOUT_MS,
  );

  /** Puts the policy in force, sends the requests all at once, and compares what the gateway does with what `decide` says. */
  async function judge(plain: PlainPolicy, requests: readonly EgressRequest[]): Promise<Pair[]> {
    await bench.publish(stringify(plain));
    bench.forget();
    bench.log.forget();
    const policy = EgressPolicy.fromObject(plain);
    const pairs = await Promise.all(
      requests.map(async (request, tag): Promise<Pair> => {
        const expected = decide(policy, request);
        const none = (error: Error): Observed => ({ decision: 'none', reason: error.message });
        return { request, expected, observed: await replay(bench, request, tag).catch(none) };
      }),
    );
    const heard = new Set(
      bench.upstreams.heard.map(({ rawHeaders }) => Number(rawHeaders[rawHeaders.indexOf(TAG) + 1])),
    );
    const strangers = bench.upstreams.dialled.filter((address) => !pairs.some((pair) => mayDial(pair, address)));
    return pairs.map((pair, tag) => ({ ...pair, wrong: disagreement(policy, pair, heard.has(tag), strangers) }));
  }

  /** The smallest policy that was found for which the gateway still disagrees, and what is said on either side. */
  async function counterexample(plain: PlainPolicy, request: EgressRequest): Promise<string> {
    let smallest = plain;
    let wrong = '';
    for (let queue: PlainPolicy[] = [plain]; queue.length > 0;) {
      const next = queue.shift() as PlainPolicy;
      const [pair] = isValid(next) ? await judge(next, [request]) : [];
      // The same words on both sides: else it would end at another disagreement.
      if (pair?.wrong === undefined || (wrong !== '' && said(pair.wrong) !== said(wrong))) continue;
      [smallest, wrong] = [next, pair.wrong];
      queue = smaller(next);
    }
    if (wrong === '') return `only together with other requests: ${JSON.stringify(request)}\n${stringify(plain)}`;
    return `${stringify(smallest)}\n${wrong}`;
  }
});

/** What is wrong with a pair, or undefined. */
function disagreement(
  policy: EgressPolicy,
  pair: Pair,
  heard: boolean,
  strangers: readonly string[],
): string | undefined {
  const { request, expected, observed } = pair;
  const faults: string[] = [];
  if (!agrees(policy, pair)) faults.push('they disagree');
  if (heard && expected.decision === 'denied') faults.push('a server heard it');
  const dialled = strangers.filter(
    (address) => request.answers?.includes(address) || expected.rule?.address?.ip === address,
  );
  if (dialled.length > 0) faults.push(`${dialled.join()} was dialled`);
  if (faults.length === 0) return undefined;
  const { now: _now, ...shown } = request;
  const says = ({ decision, reason }: Observed | Decision): string => `${decision} (${reason})`;
  return `${JSON.stringify(shown)}\ndecide: ${says(expected)}, gateway: ${says(observed)}: ${faults.join(', ')}`;
}

/** The line of {@link disagreement} that says who said what. */
function said(wrong: string): string {
  return wrong.split('\n')[1] ?? '';
}

/** A tunnel with two faults may name either; see `decide`. */
function agrees(policy: EgressPolicy, { request, expected, observed }: Pair): boolean {
  const same = ({ decision, reason }: Decision): boolean =>
    decision === observed.decision && reason === observed.reason;
  if (same(expected)) return true;
  if (expected.reason !== 'sni_mismatch') return false;
  const other = decide(policy, { ...request, sni: request.authority.replace(/:\d+$/, '') });
  return other.reason === 'no_address' && same(other);
}

/** For a wrong server name the allowed host may be dialled, without a byte to it. */
function mayDial({ request, expected: { decision, reason, rule } }: Pair, address: string): boolean {
  if (decision === 'denied' && reason !== 'sni_mismatch') return false;
  return rule?.address?.ip === address || (request.answers ?? []).includes(address);
}

/** Policies with one rule less, or one key of a rule less. */
function smaller(plain: PlainPolicy): PlainPolicy[] {
  return (['web', 'other'] as const).flatMap((name) => {
    const { port, allow } = plain.workloads[name];
    const put = (rules: object[]): PlainPolicy => ({
      ...plain,
      workloads: { ...plain.workloads, [name]: { port, allow: rules } },
    });
    const fewer = allow.map((_, at) => put(allow.filter((_rule, other) => other !== at)));
    const plainer = allow.flatMap((rule, at) =>
      Object.keys(rule).map((key) =>
        put(allow.with(at, Object.fromEntries(Object.entries(rule).filter(([each]) => each !== key)))),
      ),
    );
    return [...fewer, ...plainer];
  });
}

function isValid(plain: PlainPolicy): boolean {
  try {
    return EgressPolicy.fromObject(plain) !== undefined;
  } catch {
    return false;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
