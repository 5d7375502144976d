import { decide, type EgressRequest } from '../../../lib/policy/decide';
import { EgressPolicy } from '../../../lib/policy/policy';
import { REASONS } from '../../../lib/policy/reasons';
import type { Observed } from '../support/replay';
import { agree } from './agreement';
import { DIMENSIONS } from './dimensions';
import { MUTANTS } from './mutants';
import type { Gateway } from './observation';
import { plainPolicy } from './policy-draft';
import { Tally } from './tally';

/** In the place of the gateway: does what the right `decide` says, as the real one does. */
const rightGateway: Gateway = (_scenario, { policy, requests }) => {
  const observed = requests.map((request): Observed => {
    const { decision, reason, rule, stage } = decide(policy, request);
    return { decision, reason, rule: rule?.id ?? null, layer: stage, status: REASONS[reason].status };
  });
  const nothing = new Set<string>();
  return Promise.resolve({ observed, heard: new Set<number>(), dialled: nothing, sentTo: nothing });
};

/** Fixed: whether a mistake is found does not hang on luck. */
const RUN = { pairs: 20_000, requestsPerPolicy: 100, seed: 20261126 };

describe('the comparison of `decide` with the gateway', () => {
  it('finds nothing where there is nothing', async () => {
    const { tally, failure } = await agree(rightGateway, { ...RUN, pairs: 4000 });
    expect(failure).toBeUndefined();
    expect(tally.pairs).toBe(4000);
    expect(tally.missed).toEqual([]);
  }, 120_000);

  it.each(Object.entries(MUTANTS))(
    'finds out that %s, and makes it small',
    async (_name, mutant) => {
      const { tally, failure } = await agree(rightGateway, { ...RUN, decide: mutant });
      expect(failure?.text).toContain('decide: ');
      const { policy, requests } = failure?.scenario ?? {};
      expect(requests).toHaveLength(1);
      const rules = Object.values(policy ? plainPolicy(policy).workloads : {}).flatMap(({ allow }) => allow);
      expect(rules.length).toBeLessThanOrEqual(2);
      expect(tally.pairs).toBeLessThanOrEqual(RUN.pairs);
    },
    120_000,
  );
});

describe('a run', () => {
  /** Says something else of the first of several requests at once. */
  const jealous: Gateway = async (scenario, meaning) => {
    const { observed, ...seen } = await rightGateway(scenario, meaning);
    const [first, ...others] = observed;
    if (first === undefined || others.length < 2) return { observed, ...seen };
    return { observed: [{ ...first, decision: 'none' }, ...others], ...seen };
  };

  it('reports what fails only together with other requests, with all of them', async () => {
    const { failure } = await agree(jealous, { ...RUN, requestsPerPolicy: 20 });
    expect(failure?.scenario.requests).toHaveLength(3);
    expect(failure?.text).toContain('only with all of these 3 requests at once');
  }, 120_000);

  it('is repeated by its seed and path', async () => {
    const decide = MUTANTS['every port goes'];
    const { failure } = await agree(rightGateway, { ...RUN, decide });
    expect(failure?.path).toMatch(/^\d+:/);
    const again = await agree(rightGateway, { ...RUN, decide, path: failure?.path });
    expect(again.failure?.scenario).toEqual(failure?.scenario);
    expect(failure?.text).toContain(`--seed ${RUN.seed} --path ${failure?.path} --requests-per-policy 100`);
  }, 120_000);

  it('ends with the words of a gateway that broke', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('Envoy has ended'));
    await expect(agree(broken, RUN)).rejects.toThrow('Envoy has ended');
    let asked = 0;
    const once: Gateway = (...args) => (asked++ === 0 ? jealous(...args) : broken());
    const { failure } = await agree(once, RUN);
    expect(failure?.scenario.requests).toHaveLength(RUN.requestsPerPolicy);
    expect(failure?.text).toMatch(/it could not be made smaller: Envoy has ended$/);
  }, 120_000);

  it('names what it reached too seldom', () => {
    const policy = EgressPolicy.fromObject({
      version: 1,
      workloads: { web: { port: 10000, allow: [{ host: 'a.test' }] } },
    });
    const request: EgressRequest = {
      workload: 'web',
      form: 'connect',
      method: 'CONNECT',
      authority: 'b.test:443',
      now: new Date(0),
    };
    const pair = { request, expected: decide(policy, request), observed: { decision: '', reason: '' }, faults: [] };
    const tally = new Tally();
    tally.add(policy, Array<typeof pair>(1999).fill(pair));
    expect(tally.missed).toEqual([]);
    tally.add(policy, [pair]);
    expect(tally.missed).toEqual(Object.keys(DIMENSIONS).filter((name) => name !== 'host that no rule names'));
    expect(tally.summary).toContain('2000  100.00 %  denied no_rule');
  });
});
