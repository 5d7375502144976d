import fc from 'fast-check';
import type { EgressRequest } from '../../../lib/policy/decide';
import { METHODS as READ } from '../../../lib/policy/methods';
import { WORKLOADS, type WorkloadName } from './policy-draft';
import { addressesOf, LITERALS, NAMES, ODD_LITERALS, PORTS, STRANGERS } from './world';

/** A request in the making; like a {@link PolicyDraft} it can be shrunk from the value alone. */
export interface RequestDraft {
  readonly workload: WorkloadName;
  readonly form: EgressRequest['form'];
  readonly host: string;
  readonly port: number;
  /** How host and port are written. */
  readonly spelling: keyof typeof SPELLINGS;
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: string;
  readonly payload: 'tls' | 'http' | 'other';
  readonly sni: keyof typeof SERVER_NAMES;
  /** The Host inside a tunnel. */
  readonly inner: keyof typeof INNER_HOSTS;
}

type Spell = (host: string, port: number) => string;

const SPELLINGS = {
  plain: (host, port) => `${host}:${port}`,
  'upper case': (host, port) => `${host.toUpperCase()}:${port}`,
  'no port': (host) => host,
  'trailing dot': (host, port) => `${host}.:${port}`,
  'two trailing dots': (host, port) => `${host}..:${port}`,
  'zero before the port': (host, port) => `${host}:0${port}`,
  'letters in front': (host, port) => `x${host}:${port}`,
  'dot in front': (host, port) => `.${host}:${port}`,
  'user information': (host, port) => `user@${host}:${port}`,
  'empty user information': (host, port) => `@${host}:${port}`,
  'odd user information': (host, port) => `u"|^\\[@${host}:${port}`,
  'all characters of a user': (host, port) => `u%20!$&'()*+,;=:~_-.@${host}:${port}`,
  'allowed host as user': (host, port) => `${host}:${port}@pub.evil.test:${port}`,
  'two hosts': (host, port) => `pub.evil.test,${host}:${port}`,
  'port too large': (host, port) => `${host}:${port + 65536}`,
  'port with a letter': (host, port) => `${host}:${port}x`,
  'port with a sign': (host, port) => `${host}:+${port}`,
  'empty port': (host) => `${host}:`,
  'port 0': (host) => `${host}:0`,
  'two ports': (host, port) => `${host}:${port}:${port}`,
  'escaped letter': (host, port) => `%${host.charCodeAt(0).toString(16)}${host.slice(1)}:${port}`,
  'in brackets': (host, port) => `[${host}]:${port}`,
  'a number in brackets': (_host, port) => `[10.9.2313]:${port}`,
  'colons in brackets': (_host, port) => `[:::]:${port}`,
  'no host': (_host, port) => `:${port}`,
} satisfies Record<string, Spell>;

const PLAIN_SPELLINGS = [
  'plain',
  'upper case',
  'upper case',
  'upper case',
  'no port',
  'trailing dot',
  'user information',
] as const;

const SERVER_NAMES = {
  same: (host) => host,
  none: () => undefined,
  'upper case': (host) => host.toUpperCase(),
  other: () => 'pub.y.test',
  'a letter less': (host) => host.slice(0, -1),
  'letters in front': (host) => `x${host}`,
  'trailing dot': (host) => `${host}.`,
} satisfies Record<string, (host: string) => string | undefined>;

const INNER_HOSTS = {
  same: (host, port) => (port === 80 ? host : `${host}:${port}`),
  'with port': (host, port) => `${host}:${port}`,
  other: () => 'pub.y.test',
  'upper case': (host, port) => `${host.toUpperCase()}:${port}`,
  'no port': (host) => host,
  'other port': (host, port) => `${host}:${port + 1}`,
  'trailing dot': (host, port) => `${host}.:${port}`,
  'zero before the port': (host, port) => `${host}:0${port}`,
  'user information': (host, port) => `user@${host}:${port}`,
  'two hosts': (host, port) => `pub.y.test,${host}:${port}`,
} satisfies Record<string, Spell>;

/** The prefixes of rules are made of the first few. */
const SEGMENTS = [
  'a',
  'b',
  'exact',
  '',
  '.',
  '..',
  'exactly',
  'A',
  '%61',
  '%2e%2e',
  '%2E',
  '.%2e',
  '..a',
  'a%2fb',
  'a%5cb',
  '%7e',
  '%00',
];
/** Dot segments with parameters, which some servers resolve, backslashes, and what has no place in a request line. */
const ODD_SEGMENTS = [
  '..;',
  '..;x=1',
  '.;',
  '%2e%2e;',
  '%2E%2E;x',
  '..%3b',
  'a;x',
  '\\..',
  '..\\',
  '#',
  '%zz',
  '%',
  '%c3%a9',
  'é',
  '~',
];
const QUERIES = ['', '?q=1', '?/../exact', '?/..;/#', '?a?b', '?%2f'];

const many = <T>(value: T, count: number): T[] => Array<T>(count).fill(value);
const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];
/** The first of them in about so many of ten cases. */
const mostly = <T>(values: readonly [T, ...T[]], ofTen: number): fc.Arbitrary<T> =>
  fc.constantFrom(...many(values[0], Math.round(((values.length - 1) * ofTen) / (10 - ofTen))), ...values.slice(1));
const mostlyKey = <K extends string>(table: Readonly<Record<K, unknown>>, ofTen: number): fc.Arbitrary<K> =>
  mostly(keysOf(table) as [K, ...K[]], ofTen);

const methods = ['GET', 'HEAD', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'GET', 'GET', 'HEAD'];
// Envoy's parser knows a fixed set of methods, in upper case; CONNECT is one of its own.
const oddMethods = ['FOO', 'get', 'FOO-BAR', 'CONNECT', ...READ].filter((method) => !methods.includes(method));

/** Any request, whatever the policy names. */
export const anyRequest: fc.Arbitrary<RequestDraft> = fc.record({
  workload: fc.constantFrom(...WORKLOADS),
  form: fc.constantFrom<EgressRequest['form']>('connect', 'connect', 'absolute'),
  host: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGERS) },
    { weight: 2, arbitrary: fc.constantFrom(...LITERALS) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_LITERALS) },
  ),
  port: fc.constantFrom(...PORTS),
  spelling: fc.oneof(
    { weight: 20, arbitrary: mostly(PLAIN_SPELLINGS, 6) },
    { weight: 1, arbitrary: fc.constantFrom(...keysOf(SPELLINGS)) },
  ),
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...methods) },
    { weight: 1, arbitrary: fc.constantFrom(...oddMethods) },
  ),
  segments: fc.array(
    fc.oneof(
      { weight: 14, arbitrary: fc.constantFrom(...SEGMENTS.slice(0, 6)) },
      { weight: 7, arbitrary: fc.constantFrom(...SEGMENTS) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_SEGMENTS) },
    ),
    { maxLength: 4, size: 'max' },
  ),
  query: mostly(QUERIES as [string, ...string[]], 8),
  payload: fc.constantFrom<RequestDraft['payload']>('tls', 'http', 'other'),
  sni: mostlyKey(SERVER_NAMES, 6),
  inner: mostlyKey(INNER_HOSTS, 7),
});

/** The request of a draft. */
export function requestOf(draft: RequestDraft, now: Date): EgressRequest {
  const { workload, form, port, method, segments, query, payload } = draft;
  const host = draft.host.includes(':') && !draft.host.startsWith('[') ? `[${draft.host}]` : draft.host;
  const authority = (SPELLINGS[draft.spelling] as Spell)(host, port);
  const path = `/${segments.join('/')}${query}`;
  const shared = { workload, form, authority, answers: [...addressesOf(dialledName(authority))], now };
  if (form === 'absolute') return { ...shared, method: method === 'CONNECT' ? 'GET' : method, path };
  const tunnel = { ...shared, method: 'CONNECT', payload };
  if (payload === 'tls') return { ...tunnel, ...serverName(draft, host) };
  if (payload === 'other') return tunnel;
  return { ...tunnel, inner: { method, host: (INNER_HOSTS[draft.inner] as Spell)(host, port), path } };
}

function serverName({ sni }: RequestDraft, host: string): Pick<EgressRequest, 'sni'> {
  const literal = /^\[|^[\dx.]+$/.test(host);
  // No client sends an address as server name.
  const name = SERVER_NAMES[sni](literal && sni !== 'other' ? '' : host);
  return name === undefined || name === '' ? {} : { sni: name };
}

/** The name that a look-up would be for; the root's dot is no part of it. */
function dialledName(authority: string): string {
  const host = authority.toLowerCase().replace(/^.*@/, '').replace(/:\d+$/, '');
  return host.startsWith('[') ? host.slice(1, -1) : host.replace(/\.$/, '');
}
