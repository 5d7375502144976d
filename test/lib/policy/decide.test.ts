import fc from 'fast-check';
import { decide, type EgressRequest } from '../../../lib/policy/decide';
import { METHODS } from '../../../lib/policy/methods';
import { EgressPolicy } from '../../../lib/policy/policy';
import { REASONS, type Reason } from '../../../lib/policy/reasons';
import { absolute, connect, inner, NOW, OVER, policyOf, words } from './support/requests';

const RULES: readonly object[] = [
  { host: 'api.example.com' },
  { hosts: ['*.wild.example.com'] },
  { host: 'git.example.com', ports: [443, 8443] },
  { host: 'plain.example.org', protocol: 'http', methods: ['GET', 'HEAD'], paths: ['/public/', '/one'] },
  { host: 'open.example.org', protocol: 'http', ports: [80, 8080] },
  { host: 'db.example.net', protocol: 'tcp', ports: [5432], reason: 'a database' },
  { host: 'old.example.com', expires: OVER },
  { host: 'old.example.org', protocol: 'http', paths: ['/public/'], expires: OVER },
  { host: 'old.example.net', protocol: 'tcp', ports: [5432], expires: OVER, reason: 'a database' },
  { host: 'inside.example.com', private: ['10.0.0.0/8'] },
  { hosts: ['10.0.0.7', 'fd12::7'], private: ['10.0.0.0/8', 'fd12::/16'] },
  { host: 'fixed.example.com', address: '93.184.215.14:8443' },
];

const POLICIES = { enforce: policyOf(RULES), observe: policyOf(RULES, 'observe') };

type Case = [name: string, request: EgressRequest, enforce: string, observe: string];

const passes = (name: string, request: EgressRequest, stage = 'tunnel'): Case => {
  return [name, request, `allowed rule ${stage}`, `allowed rule ${stage}`];
};
/** A refusal by the policy, which observe lets pass. */
const refused = (name: string, request: EgressRequest, why: string): Case => {
  return [name, request, `denied ${why}`, `would_deny ${why}`];
};
/** A refusal in both modes. */
const never = (name: string, request: EgressRequest, why: string, observe = why): Case => {
  return [name, request, `denied ${why}`, `denied ${observe}`];
};

const API = 'api.example.com:443';
const TO_INSIDE = 'inside.example.com:443';
const DB = 'db.example.net:5432';
const OPEN = 'open.example.org:80';
const PLAIN = 'plain.example.org:80';

const CASES: readonly Case[] = [
  passes('a TLS tunnel to a named host', connect(API)),
  passes('whose SNI is in other letters', connect('API.Example.com:443', { sni: 'api.EXAMPLE.com' })),
  passes('whose answer is public', connect(API, { answers: ['93.184.215.14'] })),
  passes('with one public answer among others', connect(API, { answers: ['::1', '1.1.1.1'] })),
  passes('to the second port of a rule', connect('git.example.com:8443')),
  passes('one label below a wildcard', connect('a.wild.example.com:443')),
  passes('many labels below a wildcard', connect('a.b.c.wild.example.com:443')),
  passes('to a fixed address, whatever the name is', connect('fixed.example.com:443', { answers: ['127.0.0.1'] })),
  passes('to a private name, inside', connect(TO_INSIDE, { answers: ['10.1.2.3'] })),
  passes('to an IPv4 literal without SNI', connect('10.0.0.7:443', { sni: undefined })),
  passes('to an IPv4 literal with itself as SNI', connect('10.0.0.7:443')),
  passes('to an IPv6 literal whose SNI is not given', connect('[fd12::7]:443', { sni: undefined })),
  passes('to an IPv6 literal without SNI', connect('[FD12::7]:443', { sni: '' })),
  passes('a tcp tunnel', connect(DB, { payload: 'other' }), 'request'),
  passes('a plain request', absolute('GET plain.example.org /public/a'), 'request'),
  passes('a plain request without a path', absolute('GET open.example.org'), 'request'),
  passes('a plain request that names port 80', absolute(`HEAD ${PLAIN} /one/two?q=%2f`), 'request'),
  passes('a plain request to another port', absolute('DELETE OPEN.example.org:8080 /x'), 'request'),
  passes('an HTTP request in a tunnel', inner(PLAIN, 'GET plain.example.org /one')),
  passes('whose Host names port 80', inner(PLAIN, 'GET PLAIN.example.org:80 /one')),
  passes('whose Host names another port', inner('open.example.org:8080', 'POST open.example.org:8080 /')),

  refused('a host that no rule names', connect('evil.example:443'), 'no_rule request'),
  refused('a plain request to such a host', absolute('GET evil.example /'), 'no_rule request'),
  refused('the apex of a wildcard', connect('wild.example.com:443'), 'no_rule request'),
  refused('a name that only ends like a wildcard', connect('awild.example.com:443'), 'no_rule request'),
  refused('a name that begins like a rule', connect('api.example.com.evil.example:443'), 'no_rule request'),
  refused('a name that ends like a rule', connect('xapi.example.com:443'), 'no_rule request'),
  refused('a trailing dot', connect('api.example.com.:443'), 'no_rule request'),
  refused('a trailing dot below a wildcard', connect('a.wild.example.com.:443'), 'no_rule request'),
  refused('a port of no rule', connect('api.example.com:8443'), 'port request'),
  refused('port 0', connect('api.example.com:0'), 'port request'),
  refused('a port with a leading zero', connect('api.example.com:0443'), 'port request'),
  refused('plain HTTP to a host with TLS on 443', absolute('GET api.example.com /'), 'port request'),
  refused('plain HTTP to the port of TLS', absolute(`GET ${API} /`), 'not_tls request'),
  refused('plain HTTP to a tcp port', absolute(`GET ${DB} /`), 'not_connect request'),
  refused('a method that the rule does not have', absolute('POST plain.example.org /one'), 'method request'),
  refused('the same in a tunnel', inner(PLAIN, 'PUT plain.example.org /one'), 'method tunnel'),
  refused('a path outside', absolute('GET plain.example.org /onetwo'), 'path request'),
  refused('a path that leaves', absolute('GET plain.example.org /public/%2e%2E/x'), 'path request'),
  refused('a path that leaves with parameters', absolute('GET plain.example.org /public/..;x/y'), 'path request'),
  refused('a path outside in a tunnel', inner(PLAIN, 'GET plain.example.org /'), 'path tunnel'),
  refused('an expired tls rule', connect('old.example.com:443'), 'expired request'),
  refused('an expired http rule', absolute('GET old.example.org /public/'), 'expired request'),
  refused('an expired rule and a path outside', absolute('POST old.example.org /'), 'expired request'),
  refused('the same by CONNECT', inner('old.example.org:80', 'GET old.example.org /public/'), 'expired request'),
  refused('an expired tcp rule', connect('old.example.net:5432'), 'expired request'),
  refused('HTTP in a TLS tunnel', inner(API, 'GET api.example.com /'), 'not_tls tunnel'),
  refused('other bytes in a TLS tunnel', connect(API, { payload: 'other' }), 'not_tls tunnel'),
  refused('TLS in an HTTP tunnel', connect(OPEN), 'not_http tunnel'),
  refused('bytes beyond ASCII in the request line of an HTTP tunnel', inner(OPEN, 'GET x /é'), 'not_http tunnel'),
  refused('the SNI of another rule', connect(API, { sni: 'git.example.com' }), 'sni_mismatch tunnel'),
  refused('no SNI', connect(API, { sni: undefined }), 'sni_mismatch tunnel'),
  refused('an SNI with a trailing dot', connect(API, { sni: 'api.example.com.' }), 'sni_mismatch tunnel'),
  refused('an SNI in a tunnel to a literal', connect('10.0.0.7:443', { sni: 'a.example' }), 'sni_mismatch tunnel'),
  refused('an IPv6 literal as its own SNI', connect('[fd12::7]:443'), 'sni_mismatch tunnel'),
  refused('the same without brackets', connect('[fd12::7]:443', { sni: 'fd12::7' }), 'sni_mismatch tunnel'),
  refused('a part of it', connect('[fd12::7]:443', { sni: '[fd12' }), 'sni_mismatch tunnel'),
  never('another Host', inner(OPEN, 'GET plain.example.org /one'), 'host_mismatch tunnel'),
  never('a Host without the port', inner('open.example.org:8080', 'GET open.example.org /'), 'host_mismatch tunnel'),

  never('TRACE', absolute('TRACE open.example.org /'), 'method request'),
  never('TRACE to a host of no rule', absolute('TRACE evil.example /'), 'method request'),
  never('TRACE of a malformed path', absolute('TRACE open.example.org /%2f'), 'malformed request'),
  never('TRACE in a tunnel', inner(OPEN, 'TRACE open.example.org /'), 'method tunnel'),
  never('an escaped slash', absolute('GET open.example.org /a%2Fb'), 'malformed request'),
  never('an escaped backslash', absolute('GET open.example.org /a%5cb'), 'malformed request'),
  never('an escaped slash in a tunnel', inner(OPEN, 'GET open.example.org /%2f'), 'malformed tunnel'),
  never('a dot segment that is left over', absolute('GET open.example.org /a/%2e%2e;x'), 'malformed request'),
  never('the same behind a backslash', absolute('GET open.example.org /a\\..;/b'), 'malformed request'),
  never('the same in a tunnel', inner(OPEN, 'GET open.example.org /%2e;/a'), 'malformed tunnel'),
  never('the same to a host of no rule', absolute('GET evil.example /%2e%2e;x'), 'malformed request'),
  never('the same to a tls rule', absolute(`GET ${API} /%2e%2e;x`), 'malformed request'),
  never('a method that Envoy does not read', absolute('BREW open.example.org /'), 'malformed request'),
  never('a method in small letters', absolute('get open.example.org /'), 'malformed request'),
  never('such a method to a host of no rule', absolute('QUERY evil.example /'), 'malformed request'),
  never('such a method in a tunnel', inner(OPEN, 'get open.example.org /'), 'malformed tunnel'),
  never('such a method for another Host', inner(OPEN, 'BREW plain.example.org /'), 'malformed tunnel'),
  never('CONNECT in a tunnel', inner(OPEN, `CONNECT ${OPEN} /`), 'method tunnel'),
  never('CONNECT in a tunnel to another host', inner(OPEN, 'CONNECT evil.example:80 /'), 'host_mismatch tunnel'),
  never('CONNECT in a tunnel of a rule with methods', inner(PLAIN, `CONNECT ${PLAIN} /`), 'method tunnel'),
  never('CONNECT in a tunnel without a port', inner(OPEN, 'CONNECT open.example.org /'), 'malformed tunnel'),
  never('bytes beyond ASCII in a path', absolute('GET open.example.org /é'), 'malformed request'),
  never('an unreadable Host', inner(OPEN, 'GET a,open.example.org /'), 'malformed tunnel'),
  never('a private answer', connect(API, { answers: ['10.1.2.3'] }), 'no_address tunnel'),
  never('no answer', connect(API, { answers: [] }), 'no_address tunnel'),
  never('a public answer to a private name', connect(TO_INSIDE, { answers: ['1.1.1.1'] }), 'no_address tunnel'),
  never('metadata', connect(TO_INSIDE, { answers: ['169.254.169.254'] }), 'no_address tunnel'),
  never('a private answer, plain', absolute('GET open.example.org /', { answers: ['::1'] }), 'private_address request'),
  never('a private answer, tcp', connect(DB, { answers: ['::ffff:1.1.1.1'] }), 'private_address request'),
  never('no answer, plain', absolute('GET open.example.org /', { answers: [] }), 'dns_failure request'),
  never('no answer, tcp', connect(DB, { answers: [] }), 'dns_failure request'),
  never('no answer, inner', inner(OPEN, 'GET open.example.org /', { answers: [] }), 'dns_failure tunnel'),
  never(
    'no rule, and private',
    connect('evil.example:443', { answers: ['10.0.0.1'] }),
    'no_rule request',
    'no_address tunnel',
  ),
  never(
    'a wrong port of a private name',
    connect('inside.example.com:1', { answers: ['10.0.0.1'] }),
    'port request',
    'no_address tunnel',
  ),
];

const LITERALS = `127.0.0.1 127.1 2130706433 0x7f.1 0X7F000001 0177.0.0.1 1.1.1.1 10.0.0.7. 0 0x api.example.1
  [::1] [::] [::ffff:127.0.0.1] [FD12:0::7] [fd12::8] [10.0.0.7]`.split(/\s+/);

const UNREADABLE = `:443 *:443 a,api.example.com:443 api.example.com: [::1:443 ::1:443
  api.example.com:65536 api.example.com:99999 api.example.com:+443 api.example.com:443:1 api.example.com/:443
  api%2eexample.com:443 １２７.0.0.1:443 [fe80::1%25lo]:443 [api.example.com]:443 api.example.com#:443
  [2130706433]:443 [10.1]:443 [:::]:443 [..]:443 [a]:443`.split(/\s+/);

describe.each(['enforce', 'observe'] as const)('mode %s', (mode) => {
  const policy = POLICIES[mode];

  test.each(CASES)('%s', (_, request, enforce, observe) => {
    expect(words(policy, request)).toBe(mode === 'enforce' ? enforce : observe);
  });

  test.each(LITERALS)('%s is a literal that no rule names', (host) => {
    const expected = mode === 'enforce' ? 'denied' : 'would_deny';
    for (const request of [connect(`${host}:443`), absolute(`GET ${host} /`), absolute(`GET ${host}:80 /`)])
      expect(words(policy, request)).toBe(`${expected} ip_literal request`);
  });

  test.each([...UNREADABLE, '', ' ', 'api.example.com :443', 'api.example.com\0:443'])(
    '%j is unreadable',
    (authority) => {
      expect(words(policy, connect(authority))).toBe('denied malformed request');
      expect(words(policy, { ...absolute('GET x /'), authority })).toBe('denied malformed request');
    },
  );

  test('a CONNECT without a port, or with a user, is malformed', () => {
    expect(words(policy, connect('api.example.com'))).toBe('denied malformed request');
    expect(words(policy, connect('user@api.example.com:443'))).toBe('denied malformed request');
    // Envoy drops a user of no letters.
    expect(words(policy, connect('@api.example.com:443', { sni: 'api.example.com' }))).toBe('allowed rule tunnel');
  });

  test('the user of a URL is dropped, and what stands behind it counts', () => {
    expect(words(policy, absolute('GET user:word@open.example.org /'))).toBe('allowed rule request');
    expect(words(policy, absolute('GET open.example.org@evil.example /'))).toMatch(/no_rule/);
    expect(words(policy, absolute('GET a@b@open.example.org /'))).toBe('denied malformed request');
    expect(words(policy, absolute("GET u%20!$&'()*+,;=:~_-.@open.example.org /"))).toBe('allowed rule request');
    for (const user of ['[fd12::7]:80', 'a"', 'a\\', 'a|b', 'a^', '{a}', 'ü'])
      expect(words(policy, absolute(`GET ${user}@open.example.org /`))).toBe('denied malformed request');
  });
});

test('the cases show every reason but the two of run time', () => {
  const shown = new Set([...CASES.flatMap(([, , ...how]) => how.map((text) => text.split(' ')[1])), 'ip_literal']);
  expect((Object.keys(REASONS) as Reason[]).filter((reason) => !shown.has(reason))).toEqual(['unreachable', 'limit']);
});

test.each([
  ['allows', connect(API), 'api.example.com:443'],
  ['names the host on another port', connect('git.example.com:1'), 'git.example.com:443,8443'],
  ['names the host of another SNI', connect(API, { sni: '' }), 'api.example.com:443'],
  ['has no such path', absolute('GET plain.example.org /'), 'plain.example.org:80'],
  ['has no such address', connect(TO_INSIDE, { answers: [] }), 'inside.example.com:443'],
  ['is nowhere', connect('evil.example:443'), undefined],
])('the decision carries the rule that %s', (_, request, id) => {
  expect(decide(POLICIES.enforce, request).rule?.id).toBe(id);
});

test('a workload is judged by its own rules alone, and an unknown one is an error', () => {
  const allow = [{ host: 'b.example.com' }];
  const workloads = { a: { port: 10000 }, b: { port: 10001, allow } };
  const policy = EgressPolicy.fromObject({ version: 1, workloads });
  expect(words(policy, connect('b.example.com:443', { workload: 'b' }))).toBe('allowed rule tunnel');
  expect(words(policy, connect('b.example.com:443', { workload: 'a' }))).toBe('denied no_rule request');
  expect(() => decide(policy, connect(API, { workload: 'c' }))).toThrow('the policy has no workload "c"');
});

test.each([
  ['2026-06-30T00:00:00.000Z', 'allowed rule'],
  ['2026-06-30T23:59:59.999Z', 'allowed rule'],
  ['2026-07-01T00:00:00.000Z', 'denied expired'],
  ['2027-01-01T00:00:00.000Z', 'denied expired'],
])('a rule that expires on 30 June, at %s: %s', (time, expected) => {
  const expires = '2026-06-30';
  const tcp = { host: 'c.example', protocol: 'tcp', ports: [1], reason: 'test', expires };
  const policy = policyOf([{ host: 'a.example', expires }, { host: 'b.example', protocol: 'http', expires }, tcp]);
  const now = new Date(time);
  for (const request of [connect('a.example:443'), absolute('GET b.example /'), connect('c.example:1')])
    expect(words(policy, { ...request, now })).toMatch(expected);
});

test('whatever a client sends, a policy without rules refuses it', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('a.example', '[::1]', ':443', '.', '/%', 'GET', 'CONNECT'));
  const request = fc.record({ authority: fc.array(part).map((parts) => parts.join('')), path: part, method: part });
  fc.assert(
    fc.property(request, fc.constantFrom('connect' as const, 'absolute' as const), (fields, form) => {
      expect(decide(policyOf([]), { workload: 'web', form, now: NOW, ...fields }).decision).toBe('denied');
    }),
  );
});

test.each([...METHODS].filter((method) => method !== 'TRACE'))('%s is a method that Envoy reads', (method) => {
  expect(words(POLICIES.enforce, absolute(`${method} open.example.org /`))).toBe('allowed rule request');
  expect(words(POLICIES.enforce, inner(OPEN, `${method} open.example.org /`))).toBe('allowed rule tunnel');
});

test.each(['', 'Get', 'QUERY', 'PRI', 'GETS', 'GE', 'M-SEARCH', 'X-EGRESS', 'GET\t'])('%j is none', (method) => {
  const rules = [{ host: 'open.example.org', protocol: 'http' }];
  for (const mode of ['enforce', 'observe'] as const) {
    const request = { ...absolute('GET open.example.org /'), method };
    expect(words(policyOf(rules, mode), request)).toBe('denied malformed request');
    const tunnelled = {
      ...inner(OPEN, 'GET open.example.org /'),
      inner: { method, host: 'open.example.org', path: '/' },
    };
    expect(words(policyOf(rules, mode), tunnelled)).toBe('denied malformed tunnel');
  }
});

describe('seen on Envoy 1.40', () => {
  test.each([
    ['a label is missing below a wildcard', connect('.wild.example.com:443'), 'denied no_rule request'],
    ['a fragment, as no client may send one', absolute('GET open.example.org /a#b'), 'denied malformed request'],
    ['a method that Envoy cannot read', absolute('get open.example.org /'), 'denied malformed request'],
  ])('%s', (_, request, expected) => expect(words(POLICIES.enforce, request)).toBe(expected));

  test('a CONNECT inside a tunnel is refused in mode observe, too', () => {
    expect(words(POLICIES.observe, inner(OPEN, `CONNECT ${OPEN} /`))).toBe('denied method tunnel');
  });
});
