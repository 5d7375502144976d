import { canonicalIp, contains, METADATA_RANGES } from '../policy/cidr';
import { normaliseHost } from '../policy/hosts';
import { oneLine } from './one-line';
import { parseUrl } from './parse-url';
import type { Endpoint, Suggestion } from './source';

/** What became of a host: a rule, a suggestion, or a sentence that says why neither. */
export type Reading = { readonly endpoint: Endpoint } | { readonly suggestion: Suggestion } | { readonly why: string };

/**
 * Names that no public resolver answers: `localhost` (RFC 6761), `.local` (RFC 6762), `home.arpa` (RFC 8375), `.internal`
 * (ICANN, 2024), and names without a dot.
 */
const LOCAL_NAME = /^[^.]+$|(?:^|\.)(?:localhost|local|internal|home\.arpa)$/;

/** The schemes of remote MCP servers (VS Code also knows `unix:` and `pipe:`, which leave no machine). */
const SCHEMES: Readonly<Record<string, { protocol: Endpoint['protocol']; port: number }>> = {
  'https:': { protocol: 'tls', port: 443 },
  'wss:': { protocol: 'tls', port: 443 },
  'http:': { protocol: 'http', port: 80 },
  'ws:': { protocol: 'http', port: 80 },
};

/** Reads the URL of a remote server. Of it only the host and the port are looked at. */
export function readUrl(text: string): Reading {
  // `${input:host}` (VS Code), `${VAR}` (most others), `{{host}}` (Docker's catalogs)
  if (/^[^/]*\/\/[^/?#]*[{}]/.test(text.replace(/^([^/]*\/\/)[^/?#]*@/, '$1'))) {
    return { why: 'its URL has a variable in the place of the host' };
  }
  const url = parseUrl(text);
  const scheme = url && SCHEMES[url.protocol];
  if (url === undefined || scheme === undefined) return { why: 'its URL is none of http, https, ws and wss' };
  const port = url.port === '' ? scheme.port : Number(url.port);
  return readHost(url.hostname.replace(/^\[(.*)\]$/, '$1'), port, scheme.protocol);
}

/** Reads a host through the policy's own parser. What is not public needs `private`, which nobody but the user knows. */
export function readHost(text: string, port: number, protocol?: Endpoint['protocol']): Reading {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return { why: 'its port is no whole number from 1 to 65535' };
  const normal = normaliseHost(text, { private: canonicalIp(text) !== undefined });
  if ('message' in normal) return { why: oneLine(`its host is none that a rule can name (${normal.code})`) };
  const endpoint: Endpoint = { host: normal.host, port, protocol: protocol ?? (port === 80 ? 'http' : 'tls') };
  if (normal.kind !== 'ip' && !LOCAL_NAME.test(normal.host.replace(/^\*\./, ''))) return { endpoint };
  if (normal.kind === 'ip' && contains(METADATA_RANGES, normal.host)) {
    return { why: 'its host is a metadata address, which no rule reaches' };
  }
  return {
    suggestion: { ...endpoint, private: networkOf(endpoint.host), why: 'not public: set `private` to its network' },
  };
}

/** The network to begin with: the address itself, or where such names mostly lead. */
function networkOf(host: string): string[] {
  const ip = canonicalIp(host);
  if (ip !== undefined) return [`${ip}/${ip.includes(':') ? 128 : 32}`];
  if (/(?:^|\.)localhost$/.test(host)) return ['127.0.0.1/32'];
  return host === 'host.docker.internal' ? ['172.16.0.0/12'] : ['10.0.0.0/8'];
}
