import { isIP } from 'node:net';
import type { Answer } from '../support/dns-server';

/** What a name of the small world resolves to, by its first label: one for each class of addresses that the guard tells apart. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  pub: ['93.184.215.14'],
  six: ['2606:2800:21f::14'],
  both: ['93.184.215.16', '2606:2800:21f::16'],
  priv: ['10.9.9.9'],
  lan: ['10.8.8.8', 'fd00::9'],
  meta: ['169.254.169.254'],
  carrier: ['100.64.0.7', '100.100.100.200'],
  mixed: ['93.184.215.15', '10.9.9.9', '::1'],
  mapped: ['::ffff:10.9.9.9'],
  gone: [],
};
const ZONES = ['x.test', 'deep.x.test', 'y.test'];

/** Every name that the DNS knows, and those below it that do not resolve. */
export const NAMES = Object.keys(ADDRESSES).flatMap((label) => ZONES.map((zone) => `${label}.${zone}`));
export const LITERALS = ['10.9.9.9', 'fd00::9', '93.184.215.14'];
const of = (count: number, ...values: readonly string[]): string[] =>
  Array<readonly string[]>(count).fill(values).flat();
/** What the hosts of a rule can be: the same few mostly, so that rules meet. */
export const PATTERNS = [
  ...of(12, 'pub.x.test', '*.x.test'),
  ...of(10, 'pub.deep.x.test', '*.deep.x.test'),
  ...of(12, '10.9.9.9'),
  ...of(5, '*.y.test', 'mixed.x.test', 'priv.x.test', 'fd00::9'),
  ...of(2, 'x.test'),
  ...NAMES,
];
/** Hosts that no rule names, or that look like one that a rule names. */
export const STRANGERS = [
  'x.test',
  'xx.test',
  'pub.evil.test',
  'priv.evil.test',
  'a.b.c.x.test',
  'a_b.x.test',
  'localhost',
  '*.x.test',
];
/** Addresses in spellings that some resolver or other takes. */
export const ODD_LITERALS = [
  '10.9.2313',
  '0x0a.9.9.9',
  '127.0.0.1',
  '2130706433',
  '::ffff:10.9.9.9',
  'fd00:0::9',
  '[10.9.9.9]',
];
/** On each of them a server listens, at every address. */
export const PORTS = [443, 80, 8443, 8080, 5432];

/** The answers of the DNS for every name of the small world; names outside it do not exist. */
export function answersOf(name: string): Answer {
  const found = addressesOf(name);
  return found.length === 0 ? { rcode: 'NXDOMAIN' } : { addresses: found };
}

/** What the gateway finds for a host without brackets. */
export function addressesOf(name: string): readonly string[] {
  if (isIP(name)) return [name];
  if (name === 'localhost') return ['127.0.0.1', '::1']; // RFC 6761, section 6.3: the resolver library knows it
  const [label = ''] = name.split('.');
  return NAMES.includes(name) || name.endsWith('.evil.test') ? (ADDRESSES[label] ?? []) : [];
}
