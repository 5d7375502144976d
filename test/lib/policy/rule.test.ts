import { EgressPolicy, type Rule } from '../../../lib/policy';

/** A policy of one workload `a` with these entries of `allow`. */
function withRules(...rules: string[]): EgressPolicy {
  const allow = rules.map((rule) => `      - ${rule}\n`).join('');
  return EgressPolicy.fromYaml(`version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n${allow}`, {
    file: 'egress.yaml',
  });
}

function rulesOf(policy: EgressPolicy): readonly Rule[] {
  return policy.workloads[0]?.rules ?? [];
}

describe('ids and revisions', () => {
  test.each([
    ['host: a.example.com', 'a.example.com:443'],
    ['{ hosts: [b.example.com, a.example.com, "*.c.example.com"], ports: [8443, 443] }', '*.c.example.com+2:443,8443'],
    ['{ host: "fd12::7", private: ["fd12::/16"], ports: [11434], protocol: http }', '[fd12::7]:11434'],
  ])('%s is %s', (rule, id) => expect(rulesOf(withRules(rule))[0]?.id).toBe(id));

  test('namesakes end in the first digits of their revision, whatever their order', () => {
    const texts = [
      '{ host: a.example.com, protocol: http, paths: [/a/] }',
      '{ host: a.example.com, protocol: http, paths: [/b/] }',
    ];
    const rules = rulesOf(withRules(...texts));
    expect(rules.map(({ id }) => id)).toEqual(rules.map(({ revision }) => `a.example.com:80~${revision.slice(0, 4)}`));
    const backwards = rulesOf(withRules(...texts.reverse())).map(({ id }) => id);
    expect(backwards.reverse()).toEqual(rules.map(({ id }) => id));
  });

  const base =
    '{ host: a.example.com, protocol: http, methods: [GET, PUT], paths: [/a, /b], private: [10.0.0.0/8, 11.0.0.0/8], ports: [80, 81] }';
  const revision = (text: string) => rulesOf(withRules(text))[0]?.revision;

  test.each([
    [
      'the order of lists',
      base.replace('GET, PUT', 'PUT, GET').replace('/a, /b', '/b, /a').replace('80, 81', '81, 80'),
    ],
    ['the form of networks', base.replace('10.0.0.0/8, 11.0.0.0/8', '10.0.0.0/7')],
    ['owner and reason', base.replace('{', '{ owner: me, reason: why,')],
    ['the spelling of hosts', base.replace('a.example.com', 'A.EXAMPLE.com.')],
  ])('%s is no part of the meaning', (_what, text) => expect(revision(text)).toBe(revision(base)));

  test.each([
    ['host', base.replace('a.example.com', 'b.example.com')],
    ['ports', base.replace('80, 81', '80')],
    ['protocol', '{ host: a.example.com, ports: [80, 81], private: [10.0.0.0/7] }'],
    ['methods', base.replace('GET, PUT', 'GET')],
    ['no methods', base.replace('methods: [GET, PUT],', '')],
    ['paths', base.replace('/a, /b', '/a')],
    ['private', base.replace('10.0.0.0/8, 11.0.0.0/8', '10.0.0.0/8')],
    ['address', base.replace('{', '{ address: "10.0.0.1:80",')],
    ['expires', base.replace('{', '{ expires: 2030-01-01,')],
  ])('%s is part of the meaning', (_what, text) => expect(revision(text)).not.toBe(revision(base)));
});
