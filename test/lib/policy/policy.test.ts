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

describe('reading', () => {
  test('everything that a rule can say', () => {
    const [rule] = rulesOf(
      withRules(
        '{ hosts: [B.example.com, "*.a.example.com."], protocol: http, ports: [8080, 80], methods: [POST, GET], paths: [/b, /a/],' +
          ' private: [10.1.0.0/16, 10.0.0.0/16], address: "10.0.3.7:8443", expires: 2027-06-30, owner: me, reason: why }',
      ),
    );
    expect(rule).toEqual({
      id: '*.a.example.com+1:80,8080',
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
      workload: 'a',
      hosts: ['*.a.example.com', 'b.example.com'],
      ports: [80, 8080],
      protocol: 'http',
      methods: ['GET', 'POST'],
      paths: ['/a/', '/b'],
      private: ['10.0.0.0/15'],
      address: { ip: '10.0.3.7', port: 8443 },
      expires: '2027-06-30',
      owner: 'me',
      reason: 'why',
      source: { file: 'egress.yaml', line: 6, column: 9 },
    });
  });

  test('the defaults: tls on 443, http on 80', () => {
    const rules = rulesOf(withRules('host: a.example.com', '{ host: b.example.com, protocol: http }'));
    expect(rules.map(({ protocol, ports }) => [protocol, ports])).toEqual([
      ['tls', [443]],
      ['http', [80]],
    ]);
  });

  test('`private` loses the metadata addresses', () => {
    const [rule] = rulesOf(withRules('{ host: a.example.com, private: [169.254.0.0/15, "fd00:ec2::/31"] }'));
    expect(rule?.private).toEqual(['169.255.0.0/16', 'fd00:ec3::/32']);
  });

  test.each([
    ['version: 1'],
    ['version: 1\nworkloads:'],
    ['version: 1\nworkloads: {}'],
    ['{ "version": 1, "workloads": {} }'],
    ['\ufeffversion: 1'],
  ])('%j is a policy under which nothing leaves', (text) => {
    const policy = EgressPolicy.fromYaml(text);
    expect([policy.mode, policy.workloads, policy.groups]).toEqual(['enforce', [], []]);
  });

  test.each(['', 'allow:', 'allow: []', 'limits:'])('a workload with %j has no rules and no limits', (keys) => {
    const { workloads } = EgressPolicy.fromYaml(`version: 1\nworkloads:\n  a:\n    port: 10000\n    ${keys}`);
    expect(workloads).toEqual([
      { name: 'a', port: 10000, rules: [], limits: {}, source: { file: 'policy.yaml', line: 3, column: 3 } },
    ]);
  });

  test('workloads and groups are sorted by name, rules keep their order', () => {
    const policy = EgressPolicy.fromYaml(
      'version: 1\ngroups: { z: [], b: [] }\nworkloads:\n  z: { port: 10001 }\n  a: { port: 10000, allow: [{ host: z.example.com }, { host: a.example.com }] }',
    );
    expect(policy.workloads.map(({ name }) => name)).toEqual(['a', 'z']);
    expect(policy.groups.map(({ name }) => name)).toEqual(['b', 'z']);
    expect(rulesOf(policy).map(({ hosts }) => hosts)).toEqual([['z.example.com'], ['a.example.com']]);
  });

  test('an anchored rule may be repeated elsewhere', () => {
    const policy = EgressPolicy.fromYaml(
      'version: 1\nworkloads:\n  a: { port: 10000, allow: [&one { host: a.example.com }] }\n  b: { port: 10001, allow: [*one] }',
    );
    expect(policy.workloads.map(({ rules }) => rules[0]?.hosts)).toEqual([['a.example.com'], ['a.example.com']]);
  });

  test('all of it is frozen', () => {
    const policy = withRules('{ host: a.example.com, private: [10.0.0.0/8] }');
    const inner = [
      policy,
      policy.workloads,
      policy.workloads[0],
      policy.workloads[0]?.limits,
      rulesOf(policy)[0],
      rulesOf(policy)[0]?.hosts,
    ];
    expect(inner.every((value) => Object.isFrozen(value))).toBe(true);
    expect(() => (rulesOf(policy) as Rule[]).pop()).toThrow(TypeError);
  });
});

describe('groups', () => {
  const policy = EgressPolicy.fromYaml(`version: 1
groups:
  search:
    - { host: one.example.com, owner: group-owner, reason: group reason, expires: 2030-01-01 }
    - { host: two.example.com }
workloads:
  a: { port: 10000, allow: [{ group: search, owner: me, expires: 2031-01-01 }] }
  b: { port: 10001, allow: [{ group: search, expires: 2029-01-01 }] }`);

  test('each entry becomes a rule of its own, which names its group and the line that names its host', () => {
    expect(rulesOf(policy).map(({ id, group, source }) => [id, group, source.line])).toEqual([
      ['one.example.com:443', 'search', 4],
      ['two.example.com:443', 'search', 5],
    ]);
  });

  test('what stands beside the reference wins, but the earlier last day counts', () => {
    const said = policy.workloads.map(({ rules }) =>
      rules.map(({ owner, reason, expires }) => [owner, reason, expires]),
    );
    expect(said).toEqual([
      [
        ['me', 'group reason', '2030-01-01'],
        ['me', undefined, '2031-01-01'],
      ],
      [
        ['group-owner', 'group reason', '2029-01-01'],
        [undefined, undefined, '2029-01-01'],
      ],
    ]);
  });

  test('one group twice in a workload is a duplicate of each of its rules', () => {
    const text =
      'version: 1\ngroups: { g: [{ host: a.example.com }] }\nworkloads: { a: { port: 10000, allow: [{ group: g }, { group: g }] } }';
    expect(() => EgressPolicy.fromYaml(text)).toThrow(
      'policy.yaml:3:54: rule "a.example.com:443" means the same as the one at policy.yaml:3:40; remove one of them',
    );
  });
});

describe('from an object', () => {
  test('means the same as the same text', () => {
    const value = { version: 1, workloads: { a: { port: 10000, allow: [{ host: 'a.example.com' }] } } };
    expect(EgressPolicy.fromObject(value).hash).toBe(withRules('host: a.example.com').hash);
    expect(EgressPolicy.fromObject(value).files).toEqual([]);
  });

  test('places are paths', () => {
    const value = { version: 1, workloads: { 'web-search': { port: 80, allow: [{ host: '*' }, { hots: 'x' }] } } };
    expect(() => EgressPolicy.fromObject(value)).toThrow(
      [
        'policy.workloads["web-search"].allow[0].host: host "*": there is no rule for every host; name each host; `mode: observe` lets everything pass and logs it',
        'policy.workloads["web-search"].allow[1].hots: the key "hots" is not known in a rule (did you mean "hosts"?); allowed: host, hosts, ports, protocol, methods, paths, private, address, expires, owner, reason, group, preset',
        'policy.workloads["web-search"].port: port 80: a port is a whole number from 1024 to 65535; write `port: 10000`',
      ].join('\n'),
    );
  });

  test.each([undefined, null, 'version: 1', 7, []])('%j is no policy', (value) => {
    expect(() => EgressPolicy.fromObject(value)).toThrow('a policy is a mapping; write `version: 1` and `workloads:`');
  });

  test('a key whose value is undefined is absent', () => {
    const value = (rule: object) => ({
      version: 1,
      workloads: { a: { port: 10000, allow: [rule], limits: { connections: undefined } } },
    });
    expect(() => EgressPolicy.fromObject(value({ host: '10.0.0.1', private: undefined }))).toThrow(
      'accepted only with `private`',
    );
    const policy = EgressPolicy.fromObject(value({ host: 'a.example.com', group: undefined, methods: undefined }));
    expect(policy.hash).toBe(withRules('host: a.example.com').hash);
  });

  test('a key named __proto__ is a name like any other', () => {
    const value: unknown = JSON.parse('{ "version": 1, "workloads": { "__proto__": { "port": 10000 } } }');
    expect(() => EgressPolicy.fromObject(value)).toThrow('name "__proto__": a name begins with a lower case letter');
  });
});
