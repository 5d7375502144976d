import { domainToASCII } from 'node:url';
import type { ProblemCode } from './errors';
import { findForeignParts, findOddCharacter } from './host/characters';
import { fault, type HostFault } from './host/fault';
import { IP_SPELLING, readIpv4, readIpv6 } from './host/ip';
import { findLabelFault } from './host/labels';
import { findSuffixFault, findTopLevelFault } from './host/suffix';
import { quote } from './quote';

/** A host as the rest of the code sees it: lower case, punycode, no trailing dot; IPv6 per RFC 5952 without brackets. */
export interface NormalHost {
  readonly host: string;
  /** `wildcard` begins with `*.` and means every name below, at any depth, never the name itself. */
  readonly kind: 'name' | 'wildcard' | 'ip';
}

/** Why a text is not a host that a rule can name. */
export interface HostProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

/**
 * Normalises a host of a rule.
 * @param text As written in the policy.
 * @param options.private Whether the rule has `private`: only then may the host be an IP address, or a wildcard on a
 *   top-level name that is nobody's public suffix (`*.internal`). Default: false.
 */
export function normaliseHost(text: string, options: { private?: boolean } = {}): NormalHost | HostProblem {
  const read = findForeignParts(text) ?? readHost(text, options.private ?? false);
  return 'host' in read ? read : { code: read.code, message: `host ${quote(text)}: ${read.what}; ${read.remedy}` };
}

/**
 * Whether the last label of a host is a number, so that a URL parser or a resolver would take the whole for an IPv4
 * address: `127.0.0.1`, `127.1`, `0x7f.1`, `2130706433` (WHATWG URL, "ends in a number").
 */
export function endsInNumber(host: string): boolean {
  const end = host.endsWith('.') ? host.length - 1 : host.length;
  return /^(\d+|0x[0-9a-f]*)$/i.test(host.slice(host.lastIndexOf('.', end - 1) + 1, end));
}

/** Whether a normalised host is an IP address. */
export function isIpHost(host: string): boolean {
  return host.includes(':') || endsInNumber(host);
}

/** A host as it stands in an authority: IPv6 in brackets. */
export function bracketHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function readHost(text: string, isPrivate: boolean): NormalHost | HostFault {
  if (text.includes(':') || text.startsWith('[')) return asIp(readIpv6(text, isPrivate));
  const wildcard = text.startsWith('*.');
  const written = wildcard ? text.slice(2) : text;
  const odd = findMisplacedStar(text, written) ?? findOddCharacter(written);
  if (odd) return odd;
  if (endsInNumber(written)) return asIp(readIpv4(text, isPrivate));
  const ascii = toAscii(written.toLowerCase());
  if (ascii === '') {
    const remedy = 'write the name as it stands in the address bar of a browser, or its "xn--" form';
    return fault('host_idna', 'this is not a valid international name (UTS #46)', remedy);
  }
  if (endsInNumber(ascii)) return IP_SPELLING; // written in other digits
  const name = ascii.replace(/\.$/, '');
  const wrong =
    findLabelFault(name, wildcard) ?? (wildcard ? findSuffixFault(name, isPrivate) : findTopLevelFault(name));
  return wrong ?? { host: wildcard ? `*.${name}` : name, kind: wildcard ? 'wildcard' : 'name' };
}

function findMisplacedStar(text: string, written: string): HostFault | undefined {
  if (text === '*') {
    const remedy = 'name each host; `mode: observe` lets everything pass and logs it';
    return fault('host_everything', 'there is no rule for every host', remedy);
  }
  if (!written.includes('*') && written !== '') return undefined;
  const behind = /^.*\*[^.]*\.(.+\..+)$/.exec(written)?.[1] ?? 'example.com';
  const remedy = `write one like ${quote(`*.${behind}`)}, or the exact names`;
  return fault('host_wildcard', 'a wildcard is "*." in front of a name, which means any depth below it', remedy);
}

/** Names in plain ASCII are spared the conversion; "xn--" labels are not, because they may be invalid. */
function toAscii(name: string): string {
  return /^[a-z0-9_.-]+$/.test(name) && !name.includes('xn--') ? name : domainToASCII(name);
}

function asIp(ip: string | HostFault): NormalHost | HostFault {
  return typeof ip === 'string' ? { host: ip, kind: 'ip' } : ip;
}
