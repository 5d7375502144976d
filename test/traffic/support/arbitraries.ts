import { isIP } from 'node:net';
import fc from 'fast-check';
import type { EgressRequest } from '../../../lib/policy/decide';
import { EgressPolicy } from '../../../lib/policy/policy';
import type { Protocol } from '../../../lib/policy/types';
import type { Answer } from './dns-server';

/** What a name of the small world resolves to, by its first label. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  pub: ['93.184.215.14'],
  six: ['2606:2800:21f::14'],
  priv: ['10.9.9.9'],
  lan: ['10.8.8.8', 'fd00::9'],
  meta: ['169.254.169.254'],
  mixed: ['93.184.215.15', '10.9.9.9', '::1'],
  gone: [],
};
const ZONES = ['x.test', 'deep.x.test', 'y.test'];
const NAMES = Object.keys(ADDRESSES).flatMap((label) => ZONES.map((zone) => `${label}.${zone}`));
const LITERALS = ['10.9.9.9', 'fd00::9', '93.184.215.14'];
const PATTERNS = [...NAMES, '*.x.test', '*.deep.x.test', '*.y.test', 'x.test', '10.9.9.9', 'fd00::9'];
export const PORTS = [443, 80, 8443, 8080, 5432];
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
const PATHS = ['/', '/a/', '/a/b/', '/exact'];

/** The answers of the DNS for every name of the small world; names outside it do not exist. */
export function answersOf(name: string): Answer {
  const found = addressesOf(name);
  return found.length === 0 ? { rcode: 'NXDOMAIN' } : { addresses: found };
}

function addressesOf(name: string): readonly string[] {
  if (isIP(name)) return [name];
  if (name === 'localhost') return ['127.0.0.1', '::1']; // RFC 6761, section 6.3: the resolver library knows it
  const [label = ''] = name.split('.');
  return NAMES.includes(name) || name.endsWith('.evil.test') ? (ADDRESSES[label] ?? []) : [];
}

/** Absent, or in one of so many cases there. */
const optional = <T>(arbitrary: fc.Arbitrary<T>, oneOf: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneOf - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** One rule as it stands in a file; keys without a value are left out. */
const ruleArbitrary = fc
  .record({
    hosts: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
    protocol: fc.constantFrom('tls', 'tls', 'http', 'http', 'tcp'),
    ports: optional(fc.uniqueArray(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 2 }), 2),
    methods: optional(fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1, maxLength: 2 }), 3),
    paths: optional(fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 2 }), 3),
    private: optional(
      fc.constantFrom(['10.9.9.0/24'], ['10.0.0.0/8', 'fd00::/64'], ['169.0.0.0/8'], ['93.184.0.0/16']),
      3,
    ),
    address: optional(fc.constantFrom('93.184.215.15:443', '93.184.215.15:80', '10.9.9.9:8443'), 8),
    expires: optional(fc.constantFrom('2020-01-01', '2999-12-31'), 4),
  })
  .map(({ methods, paths, ports, ...rule }) => ({
    ...rule,
    ...(rule.protocol === 'http' && { methods, paths }),
    ports: ports ?? (rule.protocol === 'tcp' ? [5432] : undefined),
    reason: 'test',
  }));

type RuleEntry = ReturnType<(typeof ruleArbitrary)['generate']>['value'];

/** A policy of two workloads, one in a mode. Rules that contradict the ones before them are left out. */
export const policyArbitrary = fc
  .record({
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'observe'),
    rules: fc.tuple(
      fc.array(ruleArbitrary, { minLength: 3, maxLength: 8 }),
      fc.array(ruleArbitrary, { minLength: 1, maxLength: 3 }),
    ),
  })
  .map(({ mode, rules: [web, other] }) => {
    const kept: { web: RuleEntry[]; other: RuleEntry[] } = { web: [], other: [] };
    for (const rule of web) if (valid(mode, { ...kept, web: [...kept.web, rule] })) kept.web.push(rule);
    for (const rule of other) if (valid(mode, { ...kept, other: [...kept.other, rule] })) kept.other.push(rule);
    return plain(mode, kept);
  });

export type PlainPolicy = ReturnType<typeof plain>;

function plain(mode: string, rules: { web: readonly RuleEntry[]; other: readonly RuleEntry[] }) {
  const entries = (list: readonly RuleEntry[]): object[] =>
    list.map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)));
  return {
    version: 1,
    mode,
    workloads: { web: { port: 10000, allow: entries(rules.web) }, other: { port: 10001, allow: entries(rules.other) } },
  };
}

function valid(mode: string, rules: { web: RuleEntry[]; other: RuleEntry[] }): boolean {
  try {
    EgressPolicy.fromObject(plain(mode, rules));
    return true;
  } catch {
    return false;
  }
}

const anyHost = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'x.test',
      'xx.test',
      'pub.evil.test',
      'priv.evil.test',
      'a.b.c.x.test',
      'a_b.x.test',
      'localhost',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...LITERALS) },
  { weight: 1, arbitrary: fc.constantFrom('10.9.2313', '0x0a.9.9.9', '::ffff:10.9.9.9', '127.0.0.1', '2130706433') },
);

type Payload = NonNullable<EgressRequest['payload']>;

interface Target {
  /** What the rule's hosts speak. */
  readonly protocol: Protocol;
  readonly workload: string;
  readonly host: string;
  readonly port: number;
}

/** Mostly a host and a port that a rule of the workload names, so that all of the request counts. */
function targetArbitrary({ workloads }: EgressPolicy): fc.Arbitrary<Target> {
  const named = workloads.flatMap(({ name, rules }) =>
    rules.flatMap(({ hosts, ports, protocol }) =>
      hosts.flatMap((pattern) => ports.map((port) => ({ workload: name, pattern, port, protocol }))),
    ),
  );
  const any = fc.record({
    protocol: fc.constantFrom<Protocol>('tls', 'http', 'tcp'),
    workload: fc.constantFrom('web', 'other'),
    host: anyHost,
    port: fc.constantFrom(...PORTS),
  });
  if (named.length === 0) return any;
  const hostsOf = (pattern: string): string[] => NAMES.filter((name) => name.endsWith(pattern.slice(1)));
  const fitting = fc
    .constantFrom(...named)
    .chain(({ workload, pattern, port, protocol }) =>
      fc
        .constantFrom(...(pattern.startsWith('*') ? hostsOf(pattern) : [pattern]))
        .map((host) => ({ workload, host, port, protocol })),
    );
  return fc.oneof({ weight: 4, arbitrary: fitting }, { weight: 1, arbitrary: any });
}

/** How the host and the port are written. */
const spellingArbitrary = fc.oneof(
  { weight: 20, arbitrary: fc.constant((host: string, port: number) => `${host}:${port}`) },
  { weight: 2, arbitrary: fc.constant((host: string, port: number) => `${host.toUpperCase()}:${port}`) },
  { weight: 2, arbitrary: fc.constant((host: string) => host) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}.:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}:0${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `x${host}:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `user@${host}:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `pub.evil.test,${host}:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}:${port + 65536}`) },
);

const PLAIN_PATHS = [
  '/',
  '/a/',
  '/a/b/c?q=1',
  '/a',
  '/exact',
  '/exact/x',
  '/exactly',
  '/a/../exact',
  '/a/%2e%2e/b',
  '//a//b/',
  '/a%2fb',
  '/%61/',
];
/** Dot segments with parameters, which some servers resolve, and fragments, which have no place in a request. */
const ODD_PATHS = [
  '/a/..;/exact',
  '/a/..;x=1',
  '/a/b/.;/c',
  '/a/%2e%2e;/exact',
  '/a/%2E%2E;x/b/',
  '/a/.%2e;/../b/',
  '/a/\\..;/exact',
  '/a/..%3b/exact',
  '/a;x/b;y',
  '/a/#/exact',
  '/exact?/..;/#',
  '/exact?/..;/',
];
const pathArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PLAIN_PATHS) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_PATHS) },
);
const methodArbitrary = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'TRACE') },
  // Envoy's parser knows a fixed set of methods, in upper case.
  { weight: 1, arbitrary: fc.constantFrom('FOO', 'get', 'PURGE', 'FOO-BAR') },
);

/** Requests to the gateway under a policy. */
export const requestArbitrary = (policy: EgressPolicy): fc.Arbitrary<EgressRequest> =>
  fc
    .record({
      target: targetArbitrary(policy),
      form: fc.constantFrom<EgressRequest['form']>('connect', 'connect', 'absolute'),
      spell: spellingArbitrary,
      method: methodArbitrary,
      path: pathArbitrary,
      payload: fc.constantFrom<Payload | 'fitting'>('fitting', 'fitting', 'fitting', 'tls', 'http', 'other'),
      sni: fc.constantFrom('same', 'same', 'same', 'upper', 'other', 'none', 'prefix'),
      inner: fc.constantFrom('same', 'same', 'same', 'with port', 'other', 'upper'),
    })
    .map(({ target: { protocol, workload, host: bare, port }, spell, form, method, path, ...rest }) => {
      const host = bare.includes(':') ? `[${bare}]` : bare;
      const authority = spell(host, port);
      const request = {
        workload,
        form,
        method: form === 'connect' ? 'CONNECT' : method,
        authority,
        answers: [...addressesOf(dialledName(authority))],
        now: new Date(),
      };
      const payload = rest.payload !== 'fitting' ? rest.payload : protocol === 'tcp' ? 'other' : protocol;
      if (form === 'absolute') return { ...request, path };
      return { ...request, payload, ...inside({ host, port, method, path, ...rest }, payload) };
    });

interface Inside {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly sni: string;
  readonly inner: string;
}

function inside(parts: Inside, payload: string): Pick<EgressRequest, 'sni' | 'inner'> {
  const { host, port, method, path } = parts;
  const literal = /^\[|^[\dx.]+$/.test(host);
  const names: Readonly<Record<string, string | undefined>> = {
    // No client sends an address as server name.
    same: literal ? undefined : host,
    upper: literal ? undefined : host.toUpperCase(),
    other: 'pub.y.test',
    prefix: literal ? 'x' : host.slice(0, -1),
  };
  const hosts: Readonly<Record<string, string>> = {
    same: port === 80 ? host : `${host}:${port}`,
    'with port': `${host}:${port}`,
    other: 'pub.y.test',
    upper: `${host.toUpperCase()}:${port}`,
  };
  if (payload === 'tls') return { sni: names[parts.sni] };
  return payload === 'http' ? { inner: { method, host: hosts[parts.inner] ?? host, path } } : {};
}

/** The name that a look-up would be for; the root's dot is no part of it. */
function dialledName(authority: string): string {
  const host = authority.toLowerCase().replace(/^.*@/, '').replace(/:\d+$/, '');
  return host.startsWith('[') ? host.slice(1, -1) : host.replace(/\.$/, '');
}
