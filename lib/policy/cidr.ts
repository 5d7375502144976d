import { IPv4, IPv6 } from 'ipaddr.js';
import type { ProblemCode } from './errors';
import { quote } from './quote';

export { METADATA_RANGES, PUBLIC_DENIED_RANGES } from './ranges';

/** A network: its first address as a number, and how many leading bits are fixed. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly base: bigint;
  readonly prefix: number;
}

/** Why a text is not a network. */
export interface CidrProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

const BITS = { 4: 32, 6: 128 } as const;

/**
 * The canonical text of an IP address: dotted decimal for IPv4, RFC 5952 for IPv6; undefined for every other spelling of
 * IPv4 (`127.1`, `0x7f.0.0.1`, leading zeros), for zone ids and for what is no address.
 * IPv4-mapped IPv6 addresses stay IPv6.
 */
export function canonicalIp(text: string): string | undefined {
  if (!text.includes(':')) return isStrictIpv4(text) ? text : undefined;
  if (text.includes('%') || !IPv6.isValid(text)) return undefined;
  return IPv6.parse(text).toRFC5952String();
}

/**
 * Reads a network in CIDR form.
 * @returns The network, or what is wrong with the text and what to write.
 */
export function parseCidr(text: string): Cidr | CidrProblem {
  const [address = '', length, ...rest] = text.split('/');
  const ip = canonicalIp(address);
  if (ip === undefined || rest.length > 0) return syntaxProblem(text);
  const family = ip.includes(':') ? 6 : 4;
  const bits = BITS[family];
  if (length === undefined) {
    return {
      code: 'cidr_syntax',
      message: `${quote(text)} is a bare address; write the network, for this one address ${quote(`${ip}/${bits}`)}`,
    };
  }
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return syntaxProblem(text);
  const prefix = Number(length);
  const value = ipToNumber(ip);
  const base = firstOf(value, family, prefix);
  if (base !== value) {
    const right = formatCidr({ family, base, prefix });
    const one = `${ip}/${bits}`;
    return {
      code: 'cidr_host_bits',
      message: `${quote(text)} has bits set behind its prefix; write the network ${quote(right)}, or the one address ${quote(one)}`,
    };
  }
  return { family, base, prefix };
}

/**
 * Reads a network that is known to be right: one of our own tables, or one that {@link parseCidr} has passed.
 * @throws Error for anything else.
 */
export function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if ('code' in parsed) throw new Error(parsed.message);
  return parsed;
}

/** The canonical text of a network. */
export function formatCidr({ family, base, prefix }: Cidr): string {
  return `${numberToIp(base, family)}/${prefix}`;
}

/**
 * Whether an address or a network lies wholly in one of some networks. IPv4 never lies in IPv6 nor the other way round.
 * @param ranges Networks in CIDR form, or addresses.
 * @param what An address or a network.
 * @throws Error if one of the texts is neither.
 */
export function contains(ranges: string | readonly string[], what: string): boolean {
  const inner = network(what);
  return networksOf(ranges).some((range) => covers(range, inner));
}

/** Whether a network has an address in common with one of some networks. Same terms as {@link contains}. */
export function overlaps(ranges: string | readonly string[], what: string): boolean {
  const other = network(what);
  return networksOf(ranges).some((range) => covers(range, other) || covers(other, range));
}

/**
 * Networks less other networks: the smallest sorted list (IPv4 first, then by address) that covers exactly what is left.
 * Own code: of the libraries that load from CommonJS none passes the property test of this function.
 * @param ranges Networks in CIDR form, in any order, also overlapping.
 * @param minus Networks to take out.
 */
export function excludeRanges(ranges: readonly string[], minus: readonly string[]): string[] {
  const cuts = networksOf(minus);
  const pieces = networksOf(ranges).flatMap((range) => subtract(range, cuts));
  return union(pieces).map(formatCidr);
}

/** Order of networks: IPv4 first, then by first address, then the wider first. */
function compareCidrs(a: Cidr, b: Cidr): number {
  return a.family - b.family || (a.base < b.base ? -1 : a.base > b.base ? 1 : a.prefix - b.prefix);
}

/** What is left of a network: the whole, nothing, or what is left of its two halves. */
function subtract(range: Cidr, cuts: readonly Cidr[]): Cidr[] {
  const touching = cuts.filter((cut) => covers(cut, range) || covers(range, cut));
  if (touching.length === 0) return [range];
  if (touching.some((cut) => covers(cut, range))) return [];
  return halves(range).flatMap((half) => subtract(half, touching));
}

/** Drops what another network covers and joins neighbours that are the two halves of one network. */
function union(ranges: readonly Cidr[]): Cidr[] {
  const result: Cidr[] = [];
  for (const range of [...ranges].sort(compareCidrs)) {
    const last = result.at(-1);
    if (last && covers(last, range)) continue;
    result.push(range);
    joinEnd(result);
  }
  return result;
}

function joinEnd(list: Cidr[]): void {
  for (;;) {
    const [a, b] = list.slice(-2);
    if (!a || !b || a.family !== b.family || a.prefix !== b.prefix || a.prefix === 0) return;
    const parent = { family: a.family, base: firstOf(a.base, a.family, a.prefix - 1), prefix: a.prefix - 1 };
    if (!covers(parent, b)) return;
    list.splice(-2, 2, parent);
  }
}

function halves({ family, base, prefix }: Cidr): Cidr[] {
  const middle = base + (1n << BigInt(BITS[family] - prefix - 1));
  return [base, middle].map((start) => ({ family, base: start, prefix: prefix + 1 }));
}

function covers(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.family === inner.family &&
    outer.prefix <= inner.prefix &&
    firstOf(inner.base, inner.family, outer.prefix) === outer.base
  );
}

function firstOf(value: bigint, family: 4 | 6, prefix: number): bigint {
  const free = BigInt(BITS[family] - prefix);
  return (value >> free) << free;
}

function network(text: string): Cidr {
  if (text.includes('/')) return cidr(text);
  const ip = canonicalIp(text);
  if (ip === undefined) throw new Error(`${quote(text)} is not an IP address`);
  const family = ip.includes(':') ? 6 : 4;
  return { family, base: ipToNumber(ip), prefix: BITS[family] };
}

function ipToNumber(ip: string): bigint {
  const bytes = (ip.includes(':') ? IPv6.parse(ip) : IPv4.parse(ip)).toByteArray();
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The canonical text of an address that is given as a number. */
export function numberToIp(value: bigint, family: 4 | 6): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) =>
    Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 255n),
  );
  return family === 4 ? new IPv4(bytes).toString() : new IPv6(bytes).toRFC5952String();
}

function isStrictIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** The networks of lists that never change: our own tables, and what a policy holds. */
const known = new WeakMap<readonly string[], readonly Cidr[]>();

function networksOf(ranges: string | readonly string[]): readonly Cidr[] {
  if (typeof ranges === 'string') return [network(ranges)];
  const networks = known.get(ranges) ?? ranges.map(network);
  if (Object.isFrozen(ranges)) known.set(ranges, networks);
  return networks;
}

function syntaxProblem(text: string): CidrProblem {
  return {
    code: 'cidr_syntax',
    message: `${quote(text)} is not a network; write an address, a slash and the number of leading bits, like "10.0.0.0/8" or "fd12:3456::/48"`,
  };
}
