import fc from 'fast-check';
import { parseLogLine, type LogRecord } from '../../../lib/gateway/log-line';
import { learn } from '../../../lib/learn';
import { LogSummary } from '../../../lib/logs';
import { decide, EgressPolicy, lint } from '../../../lib/policy';
import { HOSTILE, line } from '../logs/hostile';
import { learned, NOW, POLICY, type Fields } from './support';

const added = (text: string): string[] => {
  const before = new Set(POLICY.split('\n'));
  return text.split('\n').filter((each) => !before.has(each));
};

test('exact hosts with the same ports are one rule; nothing else of the file changes', () => {
  const { text } = learned([
    { authority: 'b.example.com:443', time: '2026-11-20T08:00:00.000Z' },
    { authority: 'A.example.com:443' },
    { authority: 'a.example.com:443', time: '2026-11-21T08:00:00.000Z' },
    { authority: 'plain.example.com', method: 'POST', workload: 'local-llm' },
    { authority: 'plain.example.com', method: 'GET', workload: 'local-llm' },
  ]);
  expect(text).toBe(`version: 1
# two of them
workloads:
  web-search:
    port: 10000
    allow:
      - host: known.example.org # ours
        owner: me
      - hosts: ["*.wide.example.net"]
      - hosts:
          - a.example.com # learned: 2 requests, 2026-11-20 to 2026-11-21; only this workload asked
          - b.example.com # learned: 1 request, 2026-11-20; only this workload asked
    limits: { connections: 10 }
  local-llm:
    port: 10001
    allow:
      # learned: 2 requests, 2026-11-20; only this workload asked
      - host: plain.example.com
        protocol: http
        methods: [GET, POST]
`);
});

test('what several workloads asked for is not marked', () => {
  const { rules } = learned([{}, { workload: 'local-llm' }]);
  expect(rules.flatMap(({ hosts }) => hosts.map(({ onlyHere }) => onlyHere))).toEqual([false, false]);
});

test('one host on several ports is one rule', () => {
  const { rules } = learned([
    { sni: 'a.example.com', authority: 'a.example.com:8443' },
    { authority: 'a.example.com:443' },
  ]);
  expect(rules).toMatchObject([{ ports: [443, 8443], hosts: [{ host: 'a.example.com', count: 2 }] }]);
});

test('what the policy allows by now is not proposed, and the text comes back as it is', () => {
  const { rules, text } = learned([{ authority: 'known.example.org:443' }, { authority: 'x.wide.example.net:443' }]);
  expect([rules, text]).toEqual([[], POLICY]);
});

test('without a policy there is a new one, with ports of its own', () => {
  const summary = new LogSummary();
  for (const workload of ['b', 'a']) summary.add(parseLogLine(line({ workload })) as LogRecord);
  const { policy } = learn(summary.groups, undefined, { now: NOW });
  expect(policy.workloads.map(({ name, port }) => [name, port])).toEqual([
    ['a', 10000],
    ['b', 10001],
  ]);
});

describe('hosts that are not simply proposed', () => {
  test.each([
    ['bucket.s3.amazonaws.com:443', 'no_rule', 'shared-hosting'],
    ['someone.github.io:443', 'no_rule', 'shared-hosting'],
    ['x.workers.dev:443', 'no_rule', 'shared-hosting'],
    ['pastebin.com:443', 'no_rule', 'uploads'],
    ['cloudflare-dns.com:443', 'no_rule', 'dns-over-https'],
    ['xn--80ak6aa92e.com:443', 'no_rule', 'homograph'],
    ['93.184.215.14:443', 'ip_literal', 'ip'],
    ['10.1.2.3:443', 'ip_literal', 'private'],
  ] as const)('%s is left out, unless --include %s %s says otherwise', (authority, reason, kind) => {
    const without = learned([{ authority, reason }]);
    expect(without.rules).toEqual([]);
    expect(without.leftOut).toMatchObject([{ why: expect.stringContaining(`--include ${kind}`) }]);
    const { rules, policy } = learned([{ authority, reason }], { include: [kind] });
    expect(rules).toHaveLength(1);
    const host = authority.replace(':443', '');
    const sni = kind === 'ip' || kind === 'private' ? {} : { sni: host };
    const request = {
      workload: 'web-search',
      form: 'connect',
      method: 'CONNECT',
      authority,
      ...sni,
      now: NOW,
    } as const;
    expect(decide(policy, request).decision).toBe('allowed');
  });

  test('metadata addresses are proposed by nothing', () => {
    const { rules, leftOut } = learned([{ authority: '169.254.169.254:80', reason: 'ip_literal' }], {
      include: ['ip', 'private'],
    });
    expect(rules).toEqual([]);
    expect(leftOut).toMatchObject([{ why: expect.stringContaining('metadata') }]);
  });

  test.each([
    ['private_address', 'internal'],
    ['no_address', 'private'],
    ['sni_mismatch', 'named another server'],
    ['path', 'no paths'],
    ['expired', 'renew'],
    ['limit', 'no rule is missing'],
    ['malformed', 'not a request'],
    ['of_a_newer_gateway', 'not known here'],
  ])('%s is left to a person, whatever is included', (reason, why) => {
    const { rules, leftOut } = learned([{ reason }], { include: ['shared-hosting', 'uploads', 'ip', 'private'] });
    expect(rules).toEqual([]);
    expect(leftOut).toMatchObject([{ why: expect.stringContaining(why) }]);
  });

  test('a tunnel that does not say what it speaks is left to a person', () => {
    expect(learned([{ authority: 'db.example.com:5432', layer: 'tunnel' }]).leftOut).toMatchObject([
      { why: expect.stringContaining('tcp') },
    ]);
  });

  test('a workload that the policy lacks is left to a person', () => {
    expect(learned([{ workload: 'unknown' }])).toMatchObject({ rules: [], leftOut: [{ workload: 'unknown' }] });
  });
});

test.each(HOSTILE)('%j never gets into the file, nor any of its parts', (text) => {
  for (const fields of [
    { authority: text },
    { workload: text },
    { sni: text },
    { method: text, authority: 'a.test' },
    { rule: text },
    { time: text },
  ]) {
    const { text: after } = learned([{ ...fields }], {
      include: ['shared-hosting', 'uploads', 'ip', 'private', 'homograph'],
    });
    for (const each of added(after)) {
      expect(each).not.toMatch(/[\p{Cc}\p{Cf}<>`&!*]/u);
      expect(each).not.toMatch(/injected|evil|owned|script/);
    }
  }
});

describe('folding', () => {
  const names = (domain: string): Fields[] => ['a', 'b', 'c'].map((label) => ({ authority: `${label}.${domain}:443` }));

  test('happens only when asked', () => {
    expect(learned(names('example.com')).rules[0]?.hosts).toHaveLength(3);
    expect(learned(names('example.com'), { foldWildcards: true }).rules).toMatchObject([
      { hosts: [{ host: '*.example.com', names: ['a.example.com', 'b.example.com', 'c.example.com'], count: 3 }] },
    ]);
  });

  test('takes three names, and never the domain itself', () => {
    const { rules } = learned([...names('example.com').slice(0, 2), { authority: 'example.com:443' }], {
      foldWildcards: true,
    });
    expect(rules[0]?.hosts.map(({ host }) => host)).toEqual(['a.example.com', 'b.example.com', 'example.com']);
  });

  test.each(['co.uk', 'github.io', 's3.amazonaws.com', 'azure.com', 'com'])('never goes over %s', (domain) => {
    const lines = ['a.x1', 'a.x2', 'a.x3', 'b', 'c', 'd'].map((label) => ({ authority: `${label}.${domain}:443` }));
    const { rules } = learned(lines, { foldWildcards: true, include: ['shared-hosting'] });
    const hosts = rules.flatMap((rule) => rule.hosts.map(({ host }) => host));
    expect(hosts).not.toContain(`*.${domain}`);
    expect(hosts.length).toBeGreaterThan(2);
  });
});

test('a proposal that does not fit beside a rule that is there is left out, and the others stay', () => {
  const text =
    'version: 1\nworkloads:\n  web-search:\n    port: 10000\n    allow:\n      - host: db.example.com\n        protocol: tcp\n        ports: [443]\n        reason: a database\n';
  const { rules, leftOut } = learned(
    [
      { authority: 'db.example.com:443', sni: 'db.example.com', reason: 'not_connect', method: 'GET' },
      { authority: 'db.example.com:443', method: 'GET' },
      {},
    ],
    {},
    text,
  );
  expect(rules.flatMap(({ hosts }) => hosts.map(({ host }) => host))).toEqual(['api.example.com']);
  expect(leftOut).toHaveLength(2);
});

test('whatever a log holds: what is proposed is allowed by the result, which checks, and nothing that was allowed is lost', () => {
  const label = fc.constantFrom('a', 'b', 'c', 'api', 'known', 'x.wide');
  const domain = fc.constantFrom(
    'example.com',
    'example.org',
    'wide.example.net',
    'github.io',
    'co.uk',
    'pastebin.com',
  );
  const authority = fc
    .tuple(label, domain, fc.constantFrom(':443', ':80', ':8443', ''))
    .map(([one, two, port]) => `${one}.${two}${port}`);
  const fields = fc.record({
    authority: fc.oneof({ weight: 6, arbitrary: authority }, fc.constantFrom(...HOSTILE), fc.string()),
    workload: fc.constantFrom('web-search', 'local-llm', 'other'),
    reason: fc.constantFrom('no_rule', 'no_rule', 'port', 'method', 'sni_mismatch', 'expired'),
    decision: fc.constantFrom('denied', 'would_deny'),
    method: fc.constantFrom('CONNECT', 'GET', 'POST'),
    sni: fc.option(fc.constantFrom('a.example.com', 'evil.test'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(fields, { maxLength: 20 }), fc.boolean(), (lines, foldWildcards) => {
      const { rules, policy, text } = learned(lines, { foldWildcards });
      expect(EgressPolicy.fromYaml(text).hash).toBe(policy.hash);
      for (const { workload, protocol, ports, methods, hosts } of rules)
        for (const { host, names = [host] } of hosts)
          for (const name of names)
            for (const port of ports) {
              const at = `${name}:${port}`;
              const request =
                protocol === 'tls'
                  ? ({ form: 'connect', method: 'CONNECT', authority: at, sni: name } as const)
                  : ({ form: 'absolute', method: methods[0] ?? 'GET', authority: at, path: '/' } as const);
              expect(decide(policy, { workload, now: NOW, ...request }).decision).toBe('allowed');
            }
      const wildcards = lint(policy, { at: new Date(0) }).filter(({ code }) => code === 'shared_hosting');
      expect(wildcards).toEqual([]);
      const kept = { workload: 'web-search', form: 'connect', method: 'CONNECT', now: NOW } as const;
      for (const host of ['known.example.org', 'any.wide.example.net'])
        expect(decide(policy, { ...kept, authority: `${host}:443`, sni: host }).decision).toBe('allowed');
    }),
    { numRuns: 300 },
  );
});
