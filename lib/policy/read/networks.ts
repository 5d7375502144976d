import { canonicalIp, contains, excludeRanges, formatCidr, overlaps, parseCidr } from '../cidr';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { EMBEDDING_TABLE, METADATA_RANGES, METADATA_TABLE, PUBLIC_DENIED_TABLE } from '../ranges';
import { entriesOf, isText } from './raw';
import type { FixedAddress } from '../types';
import { HIGHEST_PORT } from '../ports';

/**
 * Reads `private`.
 * @returns The smallest sorted list of networks without the metadata addresses; undefined if something is wrong with it.
 */
export function readPrivate(value: unknown, path: Path, problems: Problems): string[] | undefined {
  const before = problems.list.length;
  const seen = new Set<string>();
  for (const [text, index] of entriesOf(value)) {
    if (!isText(text)) continue;
    const range = readNetwork(text, [...path, index], problems);
    if (range === undefined) continue;
    if (seen.has(range))
      problems.add('duplicate', [...path, index], `network ${quote(text)} stands twice in this rule; remove one`);
    seen.add(range);
  }
  if (problems.list.length > before || seen.size === 0) return undefined;
  return excludeRanges([...seen], METADATA_RANGES);
}

function readNetwork(text: string, place: Path, problems: Problems): string | undefined {
  const parsed = parseCidr(text);
  if ('code' in parsed) {
    problems.add(parsed.code, place, `network ${parsed.message}`);
    return undefined;
  }
  const range = formatCidr(parsed);
  if (parsed.prefix === 0) {
    problems.add(
      'cidr_everything',
      place,
      `network ${quote(text)} is every address there is; name the networks in which the hosts really are, like "10.20.0.0/16"`,
    );
    return undefined;
  }
  const embedding = range === '::1/128' ? undefined : EMBEDDING_TABLE.find(({ cidr }) => overlaps(cidr, range));
  if (embedding) {
    problems.add(
      'cidr_embeds_ipv4',
      place,
      `network ${quote(text)} holds ${embedding.what} addresses (${embedding.cidr}, ${embedding.source}), which carry IPv4 addresses; write the IPv4 range, or a narrower IPv6 range without them`,
    );
    return undefined;
  }
  if (excludeRanges([range], METADATA_RANGES).length === 0) {
    const source = METADATA_TABLE.find(({ cidr }) => contains(cidr, range));
    problems.add(
      'cidr_metadata',
      place,
      `network ${quote(text)} holds metadata addresses alone${source ? ` (${source.cidr}: ${source.what})` : ''}, which no rule reaches; remove it`,
    );
    return undefined;
  }
  return range;
}

/**
 * Reads `address`.
 * @param networks The rule's `private` as {@link readPrivate} returned it; undefined without one.
 * @param privateInError Whether there is a `private` that could not be read, so that "inside" cannot be judged.
 */
export function readAddress(
  text: string,
  place: Path,
  problems: Problems,
  networks?: readonly string[],
  privateInError = false,
): FixedAddress | undefined {
  const [, host = '', portText = ''] = /^(.*):([1-9]\d{0,4})$/s.exec(text) ?? [];
  const inner = /^\[(.*:.*)\]$/s.exec(host)?.[1];
  const ip = canonicalIp(inner ?? host);
  const port = Number(portText);
  if (ip === undefined || ip.includes(':') !== (inner !== undefined) || port < 1 || port > HIGHEST_PORT) {
    problems.add(
      'address_syntax',
      place,
      `address ${quote(text)} is not an IP address and a port; write it like "10.0.3.7:8443" or "[fd12:3456::7]:8443"`,
    );
    return undefined;
  }
  const forbidden = [...METADATA_TABLE, ...EMBEDDING_TABLE].find(({ cidr }) => contains(cidr, ip));
  if (forbidden && ip !== '::1') {
    problems.add(
      'address_metadata',
      place,
      `address ${quote(text)} lies in ${forbidden.cidr} (${forbidden.what}), which no rule reaches; write another address`,
    );
    return undefined;
  }
  if (!privateInError) checkInside(ip, text, place, problems, networks);
  return { ip, port };
}

function checkInside(ip: string, text: string, place: Path, problems: Problems, networks?: readonly string[]): void {
  const denied = PUBLIC_DENIED_TABLE.find(({ cidr }) => contains(cidr, ip));
  if (networks ? contains(networks, ip) : !denied) return;
  const one = ip.includes(':') ? `${ip}/128` : `${ip}/32`;
  problems.add(
    'address_outside_private',
    place,
    networks
      ? `address ${quote(text)} lies outside the rule's \`private\` (${networks.join(', ')}); write an address inside, or add its network`
      : `address ${quote(text)} is not public (${denied?.cidr}: ${denied?.what}); add \`private: ["${one}"]\``,
  );
}
