import { DEFAULT_PORTS } from '../ports';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { entriesOf, has, isText, type Raw } from './raw';
import { readHosts } from './hosts';
import { readMethods, readPaths } from './http';
import { readAddress, readPrivate } from './networks';
import { readNotes } from './notes';
import type { RuleBody } from '../rule';
import type { Protocol } from '../types';

/**
 * Reads one entry of `allow` or of a group that names hosts itself.
 * @returns The normalised body; undefined if something is wrong in it.
 */
export function readBody(raw: Raw, path: Path, problems: Problems): RuleBody | undefined {
  const protocol: Protocol = raw.protocol === 'http' || raw.protocol === 'tcp' ? raw.protocol : 'tls';
  const hasPrivate = has(raw, 'private');
  const networks = hasPrivate ? readPrivate(raw.private, [...path, 'private'], problems) : undefined;
  const hosts = readHosts(raw, path, problems, networks);
  const address = isText(raw.address)
    ? readAddress(raw.address, [...path, 'address'], problems, networks, hasPrivate && networks === undefined)
    : undefined;
  checkProtocol(raw, protocol, hosts, path, problems);
  const body: RuleBody = {
    hosts,
    ports: readPorts(raw.ports, protocol, [...path, 'ports'], problems),
    protocol,
    ...(has(raw, 'methods') && { methods: readMethods(raw.methods, [...path, 'methods'], problems) }),
    ...(has(raw, 'paths') && { paths: readPaths(raw.paths, [...path, 'paths'], problems) }),
    ...(networks && { private: networks }),
    ...(address && { address }),
    ...readNotes(raw, path, problems),
    source: problems.locator.at(path),
  };
  return problems.hasIn(path) ? undefined : body;
}

function readPorts(value: unknown, protocol: Protocol, path: Path, problems: Problems): number[] {
  if (value === undefined) return protocol === 'tcp' ? [] : [DEFAULT_PORTS[protocol]];
  const seen = new Set<number>();
  for (const [port, index] of entriesOf(value)) {
    if (typeof port !== 'number') continue;
    if (seen.has(port))
      problems.add('duplicate', [...path, index], `port ${port} stands twice in this rule; remove one`);
    seen.add(port);
  }
  return [...seen].sort((a, b) => a - b);
}

/** What a protocol needs, and what it cannot see. */
function checkProtocol(raw: Raw, protocol: Protocol, hosts: readonly string[], path: Path, problems: Problems): void {
  for (const key of ['methods', 'paths']) {
    if (!has(raw, key) || protocol === 'http') continue;
    const sees =
      protocol === 'tls' ? 'for tls only the host is visible' : 'for tcp nothing but the host and port is visible';
    problems.addKey(
      'only_http',
      [...path, key],
      `\`${key}\` narrows http rules alone: ${sees}; remove the key, or write \`protocol: http\` if the hosts speak plain HTTP`,
    );
  }
  if (protocol !== 'tcp') return;
  const wildcard = hosts.find((host) => host.startsWith('*.'));
  if (wildcard !== undefined) {
    problems.add(
      'tcp_wildcard',
      path,
      `host ${quote(wildcard)}: a tcp rule has no server name to compare, so it takes exact hosts only; name each host`,
    );
  }
  if (!has(raw, 'ports'))
    problems.add('tcp_needs_ports', path, 'a tcp rule has no default port; write `ports: [5432]`');
  if (!has(raw, 'reason'))
    problems.add('tcp_needs_reason', path, 'a tcp rule lets unread bytes pass; write why as `reason: …`');
}
