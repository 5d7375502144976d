import fc from 'fast-check';
import type { EgressRequest } from '../../../lib/policy/decide';
import { EgressPolicy } from '../../../lib/policy/policy';
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
const PORTS = [443, 80, 8443, 8080, 5432];
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
const PATHS = ['/', '/a/', '/a/b/', '/exact'];

/** The answers of the DNS for every name of the small world; names outside it do not exist. */
export function answersOf(name: string): Answer {
  const found = addressesOf(name);
  return found.length === 0 ? { rcode: 'NXDOMAIN' } : { addresses: found };
}

function addressesOf(name: string): readonly string[] {
  const [label = ''] = name.split('.');
  return NAMES.includes(name) || name.endsWith('.evil.test') ? (ADDRESSES[label] ?? []) : [];
}

const optional = <T>(arbitrary: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

/** One rule as it stands in a file; keys without a value are left out. */
const ruleArbitrary = fc
  .record({
    hosts: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
    protocol: fc.constantFrom('tls', 'tls', 'http', 'http', 'tcp'),
    ports: optional(fc.uniqueArray(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 2 })),
    methods: optional(fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1, maxLength: 2 })),
    paths: optional(fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 2 })),
    private: optional(
      fc.constantFrom(['10.9.9.0/24'], ['10.0.0.0/8', 'fd00::/64'], ['169.0.0.0/8'], ['93.184.0.0/16']),
      3,
    ),
    address: optional(fc.constantFrom('93.184.215.15:443', '93.184.215.15:80', '10.9.9.9:8443'), 6),
    expires: optional(fc.constantFrom('2020-01-01', '2999-12-31'), 3),
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
    rules: fc.tuple(fc.array(ruleArbitrary, { maxLength: 6 }), fc.array(ruleArbitrary, { maxLength: 3 })),
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

const hostArbitrary = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('x.test', 'xx.test', 'pub.evil.test', 'priv.evil.test', 'a.b.c.x.test', 'localhost'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...LITERALS).map((ip) => (ip.includes(':') ? `[${ip}]` : ip)) },
  { weight: 2, arbitrary: fc.constantFrom('10.9.2313', '0x0a.9.9.9', '[::ffff:10.9.9.9]', '127.0.0.1', '2130706433') },
);

/** How the host and the port are written. */
const spellingArbitrary = fc.oneof(
  { weight: 12, arbitrary: fc.constant((host: string, port: number) => `${host}:${port}`) },
  { weight: 2, arbitrary: fc.constant((host: string, port: number) => `${host.toUpperCase()}:${port}`) },
  { weight: 2, arbitrary: fc.constant((host: string) => host) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}.:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}:0${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `x${host}:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `pub.evil.test,${host}:${port}`) },
  { weight: 1, arbitrary: fc.constant((host: string, port: number) => `${host}:${port + 65536}`) },
);

const pathArbitrary = fc.constantFrom(
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
);
const methodArbitrary = fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'TRACE');

/** A request to the gateway, of one workload or the other. */
export const requestArbitrary: fc.Arbitrary<EgressRequest> = fc
  .record({
    workload: fc.constantFrom('web', 'web', 'other'),
    form: fc.constantFrom<EgressRequest['form']>('connect', 'connect', 'absolute'),
    host: hostArbitrary,
    port: fc.constantFrom(443, 443, 443, 80, 80, ...PORTS),
    spell: spellingArbitrary,
    method: methodArbitrary,
    path: pathArbitrary,
    payload: fc.constantFrom<NonNullable<EgressRequest['payload']>>('tls', 'tls', 'http', 'other'),
    sni: fc.constantFrom('same', 'same', 'same', 'upper', 'other', 'none', 'prefix'),
    inner: fc.constantFrom('same', 'same', 'same', 'with port', 'other', 'upper'),
  })
  .map((parts) => {
    const authority = parts.spell(parts.host, parts.port);
    const bare = parts.host.replace(/^\[|\]$/g, '');
    return {
      workload: parts.workload,
      form: parts.form,
      method: parts.form === 'connect' ? 'CONNECT' : parts.method,
      authority,
      answers: LITERALS.includes(bare) ? [bare] : [...addressesOf(dialledName(authority))],
      now: new Date(),
      ...(parts.form === 'absolute'
        ? { path: parts.path }
        : { payload: parts.payload, ...inside(parts, parts.payload) }),
    };
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
    prefix: host.slice(0, -1),
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

/** The name that a look-up would be for. */
function dialledName(authority: string): string {
  return authority.toLowerCase().replace(/:\d+$/, '');
}
