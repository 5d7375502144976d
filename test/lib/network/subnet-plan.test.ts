import fc from 'fast-check';
import { NetworkPlanError, planSubnets } from '../../../lib/network';
import { contains, overlaps } from '../../../lib/policy';
import { formatCidr } from '../../../lib/policy/cidr';

/** Networks that a VPC may have: /16 to /23 out of the private ranges. */
const vpc = fc
  .record({
    range: fc.constantFrom(
      { first: 0x0a000000, bits: 8 },
      { first: 0xac100000, bits: 12 },
      { first: 0xc0a80000, bits: 16 },
      { first: 0x64400000, bits: 10 },
    ),
    offset: fc.nat(),
    prefix: fc.integer({ min: 16, max: 23 }),
  })
  .map(({ range, offset, prefix }) => {
    const index = offset % 2 ** (prefix - range.bits);
    return formatCidr({ family: 4, base: BigInt(range.first + index * 2 ** (32 - prefix)), prefix });
  });
const zoneCount = fc.integer({ min: 1, max: 6 });

const all = (cidr: string, zones: number): string[] => Object.values(planSubnets({ cidr, zoneCount: zones })).flat();

test('a /16 over two zones', () => {
  expect(planSubnets({ cidr: '10.0.0.0/16', zoneCount: 2 })).toEqual({
    public: ['10.0.24.0/21', '10.0.56.0/21'],
    egress: ['10.0.16.0/21', '10.0.48.0/21'],
    isolated: ['10.0.0.0/20', '10.0.32.0/20'],
  });
});

test("the smallest VPC has AWS's smallest subnets", () => {
  expect(planSubnets({ cidr: '100.64.2.0/23', zoneCount: 6 })).toMatchObject({
    public: [
      '100.64.2.48/28',
      '100.64.2.112/28',
      '100.64.2.176/28',
      '100.64.2.240/28',
      '100.64.3.48/28',
      '100.64.3.112/28',
    ],
    isolated: expect.arrayContaining(['100.64.2.0/27', '100.64.3.64/27']),
  });
});

test('subnets lie in the VPC and do not overlap', () => {
  fc.assert(
    fc.property(vpc, zoneCount, (cidr, zones) => {
      const subnets = all(cidr, zones);
      expect(subnets).toHaveLength(3 * zones);
      subnets.forEach((subnet, index) => {
        expect(contains(cidr, subnet)).toBe(true);
        expect(subnets.slice(index + 1).filter((other) => overlaps(other, subnet))).toEqual([]);
      });
    }),
  );
});

test('one more zone renumbers nothing', () => {
  fc.assert(
    fc.property(vpc, fc.integer({ min: 1, max: 5 }), (cidr, zones) => {
      const [before, after] = [zones, zones + 1].map((count) => planSubnets({ cidr, zoneCount: count }));
      for (const kind of ['public', 'egress', 'isolated'] as const) {
        expect(after?.[kind].slice(0, zones)).toEqual(before?.[kind]);
      }
    }),
  );
});

test.each([
  ['10.0.0.0/15', 'cidr: "10.0.0.0/15" has /15; write /16 (the widest that AWS takes) to /23'],
  ['10.0.0.0/24', 'below it the subnets would be smaller than /28'],
  ['8.8.0.0/16', 'cidr: "8.8.0.0/16" is not wholly private; hosts on the Internet'],
  ['172.32.0.0/16', 'Write a network out of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10'],
  ['10.0.0.1/16', 'write the network "10.0.0.0/16"'],
  ['10.0.0.0', 'is a bare address'],
  ['fd00::/16', 'cidr: "fd00::/16" is IPv6; write an IPv4 network'],
  ['ten', 'cidr: "ten" is not a network'],
  ['${TfToken[TOKEN.1]}', 'is known only at deploy time; write the network itself'],
])('refuses %s', (cidr, message) => {
  expect(() => planSubnets({ cidr, zoneCount: 2 })).toThrow(message);
});

test.each([0, 7, 1.5, NaN])('refuses %d zones', (count) => {
  expect(() => planSubnets({ cidr: '10.0.0.0/16', zoneCount: count })).toThrow(
    `zoneCount: ${count} is not a whole number from 1 to 6`,
  );
});

test('all problems at once', () => {
  let problems: readonly string[] = [];
  try {
    planSubnets({ cidr: '8.0.0.0/8', zoneCount: 9 });
  } catch (error) {
    expect(error).toBeInstanceOf(NetworkPlanError);
    expect((error as Error).name).toBe('NetworkPlanError');
    problems = (error as NetworkPlanError).problems;
  }
  expect(problems.map((problem) => problem.split(' is not')[0]?.slice(0, 24))).toEqual([
    'cidr: "8.0.0.0/8" has /8',
    'cidr: "8.0.0.0/8"',
    'zoneCount: 9',
  ]);
});
