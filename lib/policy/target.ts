import { isIP } from 'node:net';
import type { EgressRequest } from './decide';
import { endsInNumber } from './hosts';

/** Where a request wants to go, in lower case. */
export interface Target {
  /** A name, or an IP literal; IPv6 in brackets. */
  readonly host: string;
  /** As written; a target without port means 80. */
  readonly port: string;
}

/** As Envoy reads it: no underscore, which its HTTP/1 codec answers with 400. */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?$/;

/** The characters that Envoy's parser of URLs (http-parser's) takes before the `@`; with others in front of it the URL cannot be read. */
const USER_INFORMATION = /^[a-z0-9\-_.!~*'()%;:&=+$,]*@/i;

/** The target of a request, or undefined where it is not one that a forward proxy can read. */
export function targetOf({ form, authority }: EgressRequest): Target | undefined {
  // User information before the host of a URL is dropped; in a CONNECT it has no place, but for an empty one.
  const target = parseAuthority(authority.replace(form === 'absolute' ? USER_INFORMATION : /^@/, ''));
  if (!target || isNoAddress(target.host)) return undefined;
  if (target.port === undefined && form === 'connect') return undefined;
  return { host: target.host, port: target.port ?? '80' };
}

/** Brackets around what is no IP address. */
function isNoAddress(host: string): boolean {
  return host.startsWith('[') && isIP(bareHost(host)) === 0;
}

/** A host and, where it is named, a port; undefined for what is no authority (RFC 9110, section 7.2). */
export function parseAuthority(authority: string): { host: string; port: string | undefined } | undefined {
  const match = AUTHORITY.exec(authority.toLowerCase());
  const host = match?.[1];
  if (!host || Number(match[2] ?? 0) > 65535) return undefined;
  return { host, port: match[2] };
}

/** Whether a host is an address in some spelling. */
export function isLiteral(host: string): boolean {
  return host.startsWith('[') || endsInNumber(host);
}

/** A host as the policy writes it: IPv6 without brackets. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
