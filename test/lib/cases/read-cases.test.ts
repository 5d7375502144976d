import { readCases, runCase } from '../../../lib/cases';
import { EgressPolicy, PolicyError } from '../../../lib/policy';

const NOW = new Date('2026-11-25T00:00:00Z');
const policy = EgressPolicy.fromYaml(`version: 1
workloads:
  web:
    port: 10000
    allow:
      - { host: api.example.com, expires: 2027-06-30 }
      - { host: plain.example.org, protocol: http, methods: [GET] }
      - { host: db.example.org, protocol: tcp, ports: [5432], reason: replica }
`);

const file = (...cases: string[]): string => `version: 1\ncases:\n${cases.map((each) => `  - ${each}\n`).join('')}`;
const problems = (text: string): string[] => {
  try {
    readCases(text, 'cases.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).message.split('\n');
  }
};

test.each([
  ['{ workload: web, url: https://api.example.com/, expect: allowed }'],
  ['{ workload: web, url: https://api.example.com/, expect: denied, reason: expired, at: 2027-07-01 }'],
  ['{ workload: web, url: https://api.example.com/, expect: denied, reason: no_address, answers: [10.0.0.7] }'],
  ['{ workload: web, url: http://plain.example.org/a, expect: allowed, reason: rule }'],
  ['{ workload: web, url: http://plain.example.org/a, method: POST, expect: denied, reason: method }'],
  ['{ workload: web, url: tcp://db.example.org:5432, expect: allowed }'],
  ['{ workload: web, url: https://evil.example.com/, expect: denied, reason: no_rule }'],
])('%s passes', (text) => {
  const [only] = readCases(file(text), 'cases.yaml');
  expect(runCase(policy, only as never, NOW)).toMatchObject({ outcome: 'passed' });
});

test.each([
  [
    '{ workload: web, url: https://evil.example.com/, expect: allowed }',
    'expected allowed, got denied (no_rule); workloads: { web:',
  ],
  ['{ workload: web, url: https://api.example.com/, expect: denied }', 'expected denied, got allowed (rule)'],
  [
    '{ workload: web, url: https://evil.example.com/, expect: denied, reason: port }',
    'expected denied (port), got denied (no_rule)',
  ],
  [
    '{ workload: other, url: https://api.example.com/, expect: denied }',
    'the policy has no workload "other" (it has: web)',
  ],
])('%s fails and says why', (text, note) => {
  const [only] = readCases(file(text), 'cases.yaml');
  expect(runCase(policy, only as never, NOW)).toMatchObject({ outcome: 'failed', note: expect.stringContaining(note) });
});

test('everything that is wrong is said at once, with its place', () => {
  const text = file(
    '{ workload: web, url: https://a.example.com/, expect: maybe }',
    '{ workload: web, url: https://a.example.com/, expects: allowed }',
    '{ url: https://a.example.com/, expect: denied, reason: because }',
    '{ workload: web, url: https://a.example.com/, expect: denied, at: 2027-02-30, answers: [localhost] }',
  );
  const all = problems(text).join('\n');
  for (const part of [
    'cases.yaml:3:59: expect "maybe": write one of allowed, denied, would_deny',
    'the key "expects" is not known in a case (did you mean "expect"?)',
    'the key "workload" is missing',
    'reason "because": write one of rule,',
    'at "2027-02-30": write a day like 2027-06-30',
    'answers "localhost": write an IP address',
  ])
    expect(all).toContain(part);
});

test.each([
  ['version: 1\ncases: []\n', 'there are no cases'],
  ['', 'the file is empty'],
  [
    file('{ workload: web, url: ftp://a.example.com/, expect: denied }'),
    'cases.yaml:3:27: "ftp://a.example.com/" is not a URL',
  ],
  [file('{ workload: web, method: "G T", url: http://a.example.com/, expect: denied }'), 'is not a method'],
  ['version: 1\ncases: *x\n', 'alias'],
])('%j is refused', (text, message) => {
  expect(problems(text).join('\n')).toContain(message);
});
