import fc from 'fast-check';
import { addressIn, planSubnets, publishedNumber, upperHalf, type SubnetPlanProps } from '../../../lib/docker/subnets';
import { EgressPolicy, overlaps, type Workload } from '../../../lib/policy';

function workloads(ports: Readonly<Record<string, number>>): readonly Workload[] {
  const all = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, { port }]));
  return EgressPolicy.fromObject({ version: 1, workloads: all }).workloads;
}

function problemsOf(props: SubnetPlanProps): string[] {
  const problems: string[] = [];
  planSubnets(props, problems);
  return problems;
}

test('a plan of the defaults', () => {
  const problems: string[] = [];
  const plan = planSubnets({ workloads: workloads({ a: 10000, b: 10001 }) }, problems);
  expect(problems).toEqual([]);
  expect(plan).toEqual({
    egress: '10.213.0.0/28',
    published: '10.213.128.0/17',
    workloads: { a: '10.213.113.80/28', b: '10.213.113.96/28' },
  });
});

test('a workload keeps its network whatever others do, and up to 2,047 ports in a row never meet', () => {
  const arbitrary = fc.tuple(
    fc.integer({ min: 1024, max: 63_000 }),
    fc.uniqueArray(fc.nat(2046), { minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(arbitrary, ([first, offsets]) => {
      const ports = Object.fromEntries(offsets.map((offset) => [`w${offset}`, first + offset]));
      const problems: string[] = [];
      const together = planSubnets({ workloads: workloads(ports) }, problems);
      expect(problems).toEqual([]);
      for (const [name, port] of Object.entries(ports)) {
        expect(planSubnets({ workloads: workloads({ [name]: port }) }, []).workloads[name]).toBe(
          together.workloads[name],
        );
      }
      const all = [together.egress, together.published, ...Object.values(together.workloads)];
      for (const [at, one] of all.entries())
        for (const other of all.slice(at + 1)) expect(overlaps(one, other)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('numbers in a network', () => {
  expect(addressIn('10.213.113.80/28', 2)).toBe('10.213.113.82');
  expect(upperHalf('10.213.113.80/28')).toBe('10.213.113.88/29');
  expect(publishedNumber('10.213.128.0/17', 10_000)).toBe(10_002);
});

test('networks that overlap are told with both owners, their ports, and what to do', () => {
  const [problem, ...others] = problemsOf({ workloads: workloads({ a: 10000, b: 12047 }) });
  expect(others).toEqual([]);
  expect(problem).toBe(
    'subnets: workload a has 10.213.113.80/28 and workload b has 10.213.113.80/28, which overlap (ports 10000 and 12047, subnetPool "10.213.0.0/16"); write another network for one of them in subnets, give one workload another port, or use a wider subnetPool',
  );
  const subnets = { b: '10.99.0.0/24' };
  expect(problemsOf({ workloads: workloads({ a: 10000, b: 12047 }), subnets })).toEqual([]);
  expect(problemsOf({ workloads: workloads({ b: 10000 }), subnets: { b: '10.213.0.0/27' } })[0]).toMatch(
    /^subnets: the way out of the gateway has 10\.213\.0\.0\/28 and workload b has 10\.213\.0\.0\/27, which overlap;/,
  );
});

test.each([
  ['10.213.0.1/16', /^subnetPool: "10\.213\.0\.1\/16" has bits set behind its prefix/],
  [
    'fd00::/16',
    /^subnetPool: "fd00::\/16" is not an IPv4 network from \/8 to \/24; write one like "10\.213\.0\.0\/16"/,
  ],
  ['10.0.0.0/25', /is not an IPv4 network from \/8 to \/24/],
  ['8.8.0.0/16', /is not wholly private.*Write a network out of 10\.0\.0\.0\/8/],
])('the pool %s is refused', (subnetPool, message) => {
  expect(problemsOf({ workloads: [], subnetPool })).toEqual([expect.stringMatching(message)]);
});

test('networks of single workloads are checked, all at once', () => {
  const subnets = { nobody: '10.1.0.0/24', a: '10.1.0.0/29', b: '1.1.1.0/24' };
  expect(problemsOf({ workloads: workloads({ a: 10000, b: 10001 }), subnets })).toEqual([
    'subnets: "nobody" is no workload of the policy; use a, b',
    expect.stringMatching(/^subnets: a: "10\.1\.0\.0\/29" is not a private IPv4 network of \/28 or wider/),
    expect.stringMatching(/^subnets: b: "1\.1\.1\.0\/24" is not a private IPv4 network/),
  ]);
});
