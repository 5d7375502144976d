import fc from 'fast-check';
import { decide } from '../../../lib/policy/decide';
import { pathFits, patternsNaming, RuleIndex, type HostGroup } from '../../../lib/policy/match';
import { EgressPolicy } from '../../../lib/policy/policy';
import type { Workload } from '../../../lib/policy/types';

function workloadOf(allow: readonly object[]): Workload {
  const policy = EgressPolicy.fromObject({ version: 1, workloads: { web: { port: 10000, allow } } });
  return policy.workloads[0] as Workload;
}

/** Ids of the rules that count for a host, by port. */
function counting(allow: readonly object[], host: string): Record<number, string[]> {
  const index = new RuleIndex(workloadOf(allow));
  const pattern = index.patternFor(host);
  if (pattern === undefined) return {};
  const rules = [...index.portRules(pattern)];
  return Object.fromEntries(rules.map(([port, each]) => [port, each.map(({ id }) => id.replace(/~.*/, ''))]));
}

/** What a group says, in words that do not depend on where a rule was written. */
function wordsOf(groups: readonly HostGroup[]): unknown {
  return groups.map(({ hosts, ports }) => [
    hosts,
    [...ports].map(([port, rules]) => [port, ...rules.map(({ id, revision }) => `${id} ${revision}`)]),
  ]);
}

const http = (host: string, more: object = {}) => ({ host, protocol: 'http', ...more });

describe('patternsNaming', () => {
  test.each([
    ['a.b.example.com', ['a.b.example.com', '*.b.example.com', '*.example.com', '*.com']],
    ['*.b.example.com', ['*.b.example.com', '*.example.com', '*.com']],
    ['localhost', ['localhost']],
    ['fd12::7', ['fd12::7']],
  ])('%s', (host, patterns) => expect(patternsNaming(host)).toEqual(patterns));
});

describe('which rules count', () => {
  const specific = [
    { host: '*.example.com' },
    http('*.a.example.com', { ports: [443] }),
    { host: 'x.a.example.com', private: ['10.0.0.0/8'] },
  ];

  test.each([
    ['the exact host before every wildcard', 'x.a.example.com', 'x.a.example.com:443'],
    ['the longest wildcard', 'y.a.example.com', '*.a.example.com:443'],
    ['the longest wildcard, deep below', 'z.y.x.a.example.com', '*.a.example.com:443'],
    ['the short wildcard for the apex of the long one', 'a.example.com', '*.example.com:443'],
    ['the short wildcard elsewhere', 'b.example.com', '*.example.com:443'],
  ])('%s', (_, host, id) => {
    expect(counting(specific, host)).toEqual({ 443: [id] });
    expect(counting([...specific].reverse(), host)).toEqual({ 443: [id] });
  });

  test('nothing for a host that no pattern names', () => {
    expect(counting(specific, 'example.com')).toEqual({});
    expect(counting([], 'a.example.com')).toEqual({});
  });

  test('the kind is chosen for each port by itself', () => {
    const rules = [
      { host: '*.example.com', ports: [443, 8443] },
      { host: 'a.example.com', protocol: 'tcp', ports: [443, 22], reason: 'test' },
    ];
    expect(counting(rules, 'a.example.com')).toEqual({
      22: ['a.example.com:22,443'],
      443: ['a.example.com:22,443'],
      8443: ['*.example.com:443,8443'],
    });
  });

  test.each([
    ['protocol', { protocol: 'http' }],
    ['private', { private: ['10.0.0.0/8'] }],
    ['address', { address: '93.184.215.14:443' }],
  ])('rules that differ in %s do not add up', (_, difference) => {
    const rules = [{ host: '*.example.com' }, { host: 'a.example.com', ports: [443], ...difference }];
    expect(counting(rules, 'a.example.com')).toEqual({ 443: ['a.example.com:443'] });
  });

  test('rules of one kind add up, the one that expires last first', () => {
    const rules = [
      { host: 'a.example.com', expires: '2030-01-01' },
      { host: '*.example.com' },
      { hosts: ['a.example.com', 'b.example.com'], expires: '2031-01-01' },
    ];
    const expected = { 443: ['*.example.com:443', 'a.example.com+1:443', 'a.example.com:443'] };
    expect(counting(rules, 'a.example.com')).toEqual(expected);
    expect(counting([...rules].reverse(), 'a.example.com')).toEqual(expected);
  });
});

describe('as decide sees it', () => {
  const plain = [
    http('a.example.com', { methods: ['GET'], paths: ['/read/'] }),
    http('a.example.com', { methods: ['PUT'], paths: ['/write/'], expires: '2026-04-30' }),
    http('*.example.com', { methods: ['POST'], paths: ['/write/', '/read/all'] }),
  ];
  const policy = EgressPolicy.fromObject({ version: 1, workloads: { web: { port: 10000, allow: plain } } });
  test.each([
    ['GET', '/read/x', 'allowed rule', 'GET'],
    ['POST', '/read/all/x', 'allowed rule', 'POST'],
    ['POST', '/write/x', 'allowed rule', 'POST'],
    ['POST', '/read/..;/write/x', 'allowed rule', 'POST'],
    ['PUT', '/write/x', 'denied expired', 'PUT'],
    ['PUT', '/read/x', 'denied method', 'GET'],
    ['GET', '/write/x', 'denied method', 'POST'],
    ['POST', '/read/x', 'denied method', 'GET'],
    ['GET', '/', 'denied path', undefined],
  ])('of three rules on one host, %s %s is %s, and the rule is the one of %s', (method, path, expected, named) => {
    const request = { workload: 'web', now: new Date('2026-05-01') } as const;
    const host = 'a.example.com';
    const plain = { ...request, form: 'absolute', method, authority: host, path } as const;
    const tunnel = {
      ...request,
      form: 'connect',
      method: 'CONNECT',
      authority: `${host}:80`,
      payload: 'http',
    } as const;
    for (const each of [plain, { ...tunnel, inner: { method, host, path } }]) {
      const { decision, reason, rule } = decide(policy, each);
      expect(`${decision} ${reason}`).toBe(expected);
      if (named) expect(rule?.methods).toEqual([named]);
    }
  });

  test('a rule is named as the one that allows until its last day is over', () => {
    const request = { workload: 'web', form: 'absolute', method: 'PUT', authority: 'a.example.com' } as const;
    const { decision, rule } = decide(policy, { ...request, path: '/write/x', now: new Date('2026-04-30') });
    expect([decision, rule?.methods]).toEqual(['allowed', ['PUT']]);
  });

  test('one rule that has not expired is enough, and is the one that allows', () => {
    const tls = [{ host: 'a.example.com', expires: '2020-01-01' }, { host: '*.example.com' }];
    const both = EgressPolicy.fromObject({ version: 1, workloads: { web: { port: 10000, allow: tls } } });
    const request = { workload: 'web', form: 'connect', method: 'CONNECT', authority: 'a.example.com:443' } as const;
    const { decision, rule } = decide(both, { ...request, sni: 'a.example.com', now: new Date('2026-05-01') });
    expect([decision, rule?.id]).toEqual(['allowed', '*.example.com:443']);
  });
});

describe('exceptions', () => {
  /** The patterns that other kinds take, by the rule's short id. */
  function exceptions(allow: readonly object[]): Record<string, readonly string[]> {
    const workload = workloadOf(allow);
    const index = new RuleIndex(workload);
    return Object.fromEntries(workload.rules.map((rule) => [rule.id.replace(/~.*/, ''), index.exceptions(rule)]));
  }
  const WILD = { host: '*.example.com' };

  test('are the more specific patterns of another kind on a port of the rule', () => {
    const allow = [
      WILD,
      http('b.example.com', { ports: [443] }),
      http('*.a.example.com', { ports: [443] }),
      { host: 'x.y.example.com', private: ['10.0.0.0/8'] },
      { host: 'z.example.com', address: '93.184.215.14:1' },
    ];
    const expected = {
      '*.example.com:443': ['*.a.example.com:443', 'b.example.com:443', 'x.y.example.com:443', 'z.example.com:443'],
      'b.example.com:443': [],
      '*.a.example.com:443': [],
      'x.y.example.com:443': [],
      'z.example.com:443': [],
    };
    expect(exceptions(allow)).toEqual(expected);
    expect(exceptions([...allow].reverse())).toEqual(expected);
  });

  test.each([
    ['of the same kind', { host: 'a.example.com' }],
    ['of the same kind, with a last day', { host: 'a.example.com', expires: '2030-01-01' }],
    ['on another port', http('a.example.com')],
    ['of another name', http('a.example.org', { ports: [443] })],
    ['of the apex, which the wildcard does not name', http('example.com', { ports: [443] })],
  ])('are not patterns %s', (_, other) => {
    expect(exceptions([WILD, other])['*.example.com:443']).toEqual([]);
  });

  test('a port that both have is enough', () => {
    const allow = [{ ...WILD, ports: [443, 8443] }, http('a.example.com', { ports: [80, 8443] })];
    expect(exceptions(allow)['*.example.com:443,8443']).toEqual(['a.example.com:8443']);
  });

  test('each of nested wildcards has its own', () => {
    const allow = [
      WILD,
      http('*.a.example.com', { ports: [443] }),
      { host: 'x.a.example.com', private: ['10.0.0.0/8'] },
    ];
    expect(exceptions(allow)).toEqual({
      '*.example.com:443': ['*.a.example.com:443', 'x.a.example.com:443'],
      '*.a.example.com:443': ['x.a.example.com:443'],
      'x.a.example.com:443': [],
    });
  });

  test('a pattern counts once, however many rules take it', () => {
    const taken = ['GET', 'PUT'].map((method) => http('a.example.com', { ports: [443], methods: [method] }));
    expect(exceptions([WILD, ...taken])['*.example.com:443']).toEqual(['a.example.com:443']);
  });

  test('a host that the rule has back below another kind is one, for it goes when its own rule goes', () => {
    const allow = [WILD, http('*.a.example.com', { ports: [443] })];
    const back = { host: 'b.a.example.com', expires: '2030-01-01' };
    expect(exceptions(allow)['*.example.com:443']).toEqual(['*.a.example.com:443']);
    expect(exceptions([...allow, back])['*.example.com:443']).toEqual(
      ['*.a.example.com:443', '+b.a.example.com:443'].sort(),
    );
  });

  test('a rule of exact hosts has none', () => {
    expect(exceptions([{ host: 'a.example.com' }, http('a.example.com')])).toEqual({
      'a.example.com:443': [],
      'a.example.com:80': [],
    });
  });
});

describe('groups', () => {
  test('hosts with the same rules stand together, others apart', () => {
    const groups = new RuleIndex(
      workloadOf([
        { hosts: ['b.example.com', 'a.example.com', '*.example.org'] },
        { host: 'a.example.com', ports: [8443] },
        { host: 'x.example.org', ports: [8443] },
      ]),
    ).groups();
    expect(groups.map(({ hosts, ports }) => [hosts, [...ports.keys()]])).toEqual([
      [['*.example.org', 'b.example.com'], [443]],
      [['a.example.com'], [443, 8443]],
      [['x.example.org'], [443, 8443]],
    ]);
  });

  test('no rules, no groups', () => expect(new RuleIndex(workloadOf([])).groups()).toEqual([]));

  const host = fc.constantFrom('a.example.com', '*.example.com', 'b.a.example.com', '*.a.example.com', 'example.org');
  const day = fc.option(fc.constantFrom('2030-01-01', '2031-01-01'), { nil: undefined });
  const rule = fc.record({
    hosts: fc.uniqueArray(host, { minLength: 1 }),
    ports: fc.uniqueArray(fc.constantFrom(443, 8443, 80), { minLength: 1 }),
    day,
  });
  const rules = fc
    .uniqueArray(rule, {
      selector: (each) => JSON.stringify([[...each.hosts].sort(), [...each.ports].sort(), each.day]),
    })
    .map((each) => each.map(({ day: expires, ...rest }) => ({ ...rest, ...(expires && { expires }) })));

  test('mean the same in whatever order rules, hosts and ports stand', () => {
    fc.assert(
      fc.property(rules, (allow) => {
        const groups = new RuleIndex(workloadOf(allow)).groups();
        const backwards = [...allow].reverse().map((each) => ({
          ...each,
          hosts: [...each.hosts].reverse(),
          ports: [...each.ports].reverse(),
        }));
        expect(wordsOf(new RuleIndex(workloadOf(backwards)).groups())).toEqual(wordsOf(groups));
      }),
    );
  });

  test('hold each pattern once, with the rules that count for it', () => {
    fc.assert(
      fc.property(rules, (allow) => {
        const index = new RuleIndex(workloadOf(allow));
        const groups = index.groups();
        const patterns = groups.flatMap(({ hosts }) => hosts);
        expect(patterns.sort()).toEqual([...new Set(allow.flatMap(({ hosts }) => hosts))].sort());
        for (const { hosts, ports } of groups)
          for (const pattern of hosts) expect([...index.portRules(pattern)]).toEqual([...ports]);
      }),
    );
  });
});

describe('pathFits', () => {
  test.each([
    ['/public/', '/public/', true],
    ['/public/a', '/public/', true],
    ['/public', '/public/', false],
    ['/publicity', '/public/', false],
    ['/public', '/public', true],
    ['/public/', '/public', true],
    ['/public/a/b', '/public', true],
    ['/publicity', '/public', false],
    ['/Public', '/public', false],
    ['/', '/', true],
    ['/a', '/', true],
  ])('%s under %s: %s', (path, prefix, fits) => expect(pathFits(path, prefix)).toBe(fits));
});
