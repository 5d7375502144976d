import { canonicalIp, contains } from '../cidr';
import { EMBEDDING_TABLE } from '../ranges';
import { fault, type HostFault } from './fault';

/** The one message for every other spelling of an IPv4 address, which some resolvers accept and others read differently. */
export const IP_SPELLING = fault(
  'host_ip_spelling',
  'a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling',
  'write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
);

/** Reads an IPv4 address. */
export function readIpv4(text: string, isPrivate: boolean): string | HostFault {
  const ip = canonicalIp(text);
  return ip === undefined ? IP_SPELLING : (needsPrivate(ip, isPrivate) ?? ip);
}

/** Reads an IPv6 address, with or without brackets. */
export function readIpv6(text: string, isPrivate: boolean): string | HostFault {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (inner.includes('%')) {
    return fault('host_ip_form', 'a zone id names an interface of one machine', 'write the address without it');
  }
  const ip = canonicalIp(inner);
  if (!ip?.includes(':')) {
    const what = 'colons and brackets stand only in an IPv6 address, and this is none';
    return fault('host_character', what, 'write a name like "api.example.com" or an address like "fd12:3456::7"');
  }
  const embedding = ip === '::1' ? undefined : EMBEDDING_TABLE.find(({ cidr }) => contains(cidr, ip));
  if (embedding) {
    const what = `${embedding.what} addresses (${embedding.cidr}) carry an IPv4 address`;
    return fault('host_ip_form', what, 'write the IPv4 address');
  }
  return needsPrivate(ip, isPrivate) ?? ip;
}

function needsPrivate(ip: string, isPrivate: boolean): HostFault | undefined {
  if (isPrivate) return undefined;
  const remedy = `write the name of the host, or add \`private: ["${ip}/${ip.includes(':') ? 128 : 32}"]\``;
  return fault('host_ip_needs_private', 'an IP address is accepted only with `private`', remedy);
}
