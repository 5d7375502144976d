import { parse } from 'yaml';
import { decide, type EgressRequest } from '../../../lib/policy/decide';
import { ADD_RULE_HINTS, fillHint, HINTS } from '../../../lib/policy/hints';
import { EgressPolicy } from '../../../lib/policy/policy';
import { REASONS, type Reason } from '../../../lib/policy/reasons';

const ALLOW = [
  { host: 'api.example.com' },
  { host: 'old.example.com', expires: '2020-01-01' },
  { host: 'plain.example.org', protocol: 'http', methods: ['GET'], paths: ['/public/'] },
  { host: 'db.example.net', protocol: 'tcp', ports: [5432], reason: 'a database' },
];
const policyOf = (allow: readonly object[]) =>
  EgressPolicy.fromObject({ version: 1, workloads: { 'web-search': { port: 10000, allow } } });
const POLICY = policyOf(ALLOW);
const BASE = { workload: 'web-search', now: new Date('2026-05-01') } as const;

function connect(authority: string, more: Partial<EgressRequest> = {}): EgressRequest {
  const sni = authority.slice(0, authority.lastIndexOf(':'));
  return { ...BASE, form: 'connect', method: 'CONNECT', authority, sni, ...more };
}

function absolute(method: string, authority: string, path = '/', more: Partial<EgressRequest> = {}): EgressRequest {
  return { ...BASE, form: 'absolute', method, authority, path, ...more };
}

test('every refusal has a hint: a rule to add where no rule names the host, else its own', () => {
  const without = (Object.keys(REASONS) as Reason[]).filter((reason) => HINTS[reason] === undefined);
  expect(without).toEqual(['rule', 'unreachable', 'no_rule']);
});

test('hints have only the placeholders that decide and Envoy fill', () => {
  const texts = [...Object.values(HINTS), ...Object.values(ADD_RULE_HINTS)];
  const names = texts.flatMap((text) => [...text.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name));
  expect([...new Set(names)].sort()).toEqual(['host', 'method', 'port', 'workload']);
});

test('hints hold no format operator of Envoy', () => {
  for (const text of [...Object.values(HINTS), ...Object.values(ADD_RULE_HINTS)]) expect(text).not.toContain('%');
});

test.each<[EgressRequest, string]>([
  [connect('evil.example:443'), 'workloads: { web-search: { allow: [ { host: evil.example } ] } }'],
  [connect('EVIL.example:8443'), 'workloads: { web-search: { allow: [ { host: evil.example, ports: [8443] } ] } }'],
  [
    absolute('GET', 'evil.example'),
    'workloads: { web-search: { allow: [ { host: evil.example, protocol: http, ports: [80] } ] } }',
  ],
  [
    absolute('GET', 'evil.example:8080'),
    'workloads: { web-search: { allow: [ { host: evil.example, protocol: http, ports: [8080] } ] } }',
  ],
])('for %j the hint is the rule to add, and with it the request passes', (request, hint) => {
  const refusal = decide(POLICY, request);
  expect(refusal).toMatchObject({ decision: 'denied', reason: 'no_rule', hint });
  const addition = parse(hint) as { workloads: Record<string, { allow: object[] }> };
  const added = policyOf([...ALLOW, ...(addition.workloads['web-search']?.allow ?? [])]);
  expect(decide(added, request)).toMatchObject({ decision: 'allowed' });
});

test.each<[Reason, EgressRequest, string]>([
  ['ip_literal', connect('10.0.0.7:443'), 'under a rule with `private`'],
  ['port', connect('api.example.com:8443'), 'add 8443 to its `ports` under workloads.web-search.allow'],
  [
    'method',
    absolute('POST', 'plain.example.org', '/public/'),
    'Add POST to `methods` of the rule for plain.example.org',
  ],
  ['path', absolute('GET', 'plain.example.org', '/x'), 'to `paths` of the rule for plain.example.org'],
  ['expired', connect('old.example.com:443'), 'Renew `expires` of the rule for old.example.com'],
  ['not_tls', connect('api.example.com:443', { payload: 'other' }), 'The rule for api.example.com is for TLS'],
  ['not_http', connect('plain.example.org:80'), 'The rule for plain.example.org is for plain HTTP'],
  ['not_connect', absolute('GET', 'db.example.net:5432'), 'open a tunnel with CONNECT'],
  ['sni_mismatch', connect('api.example.com:443', { sni: 'x.example' }), '(SNI) must be api.example.com'],
  ['private_address', connect('db.example.net:5432', { answers: ['10.0.0.1'] }), 'If db.example.net is internal'],
  ['no_address', connect('api.example.com:443', { answers: ['10.0.0.1'] }), 'api.example.com has no address'],
  ['dns_failure', connect('db.example.net:5432', { answers: [] }), 'Check that db.example.net exists'],
  ['malformed', connect('api.example.com'), 'Send host:port in a CONNECT'],
])('the hint for %s names the request', (reason, request, part) => {
  const decision = decide(POLICY, request);
  expect(decision.reason).toBe(reason);
  expect(decision.hint).toContain(part);
  expect(decision.hint).not.toMatch(/\{(host|port|method|workload)\}/);
});

test('inside a tunnel the method of the hint is the inner one', () => {
  const inner = { method: 'PUT', host: 'plain.example.org', path: '/public/' };
  expect(decide(POLICY, connect('plain.example.org:80', { payload: 'http', inner })).hint).toContain('Add PUT to');
});

test('in mode observe what would be refused has its hint as well', () => {
  const observe = EgressPolicy.fromObject({
    version: 1,
    mode: 'observe',
    workloads: { 'web-search': { port: 10000 } },
  });
  const { decision, hint } = decide(observe, connect('a.example:443'));
  expect([decision, hint]).toEqual(['would_deny', 'workloads: { web-search: { allow: [ { host: a.example } ] } }']);
});

test('what is allowed has no hint', () => {
  expect(decide(POLICY, connect('api.example.com:443'))).not.toHaveProperty('hint');
});

describe('fillHint', () => {
  test('fills each place, once, and leaves what it has no value for', () => {
    expect(fillHint('{host}:{port} {host} {other}', { host: 'a', port: '1' })).toBe('a:1 a {other}');
  });
  test('a value with a placeholder in it stays as it is', () => {
    expect(fillHint('{host} {port}', { host: '{port}', port: '1' })).toBe('{port} 1');
  });
  test('braces of YAML are no placeholders', () => {
    expect(fillHint(ADD_RULE_HINTS.tls, { workload: 'w', host: 'h' })).toBe(
      'workloads: { w: { allow: [ { host: h } ] } }',
    );
  });
});
