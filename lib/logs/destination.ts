import type { LogRecord } from '../gateway/log-line';
import { isIpHost, normaliseHost } from '../policy/hosts';
import { parseAuthority } from '../policy/target';

/** Where a request wanted to go, after its text, which anybody may have written, went through the policy's own parser. */
export interface Destination {
  /** As a rule names it; an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isIp: boolean;
  /**
   * What it spoke: plain HTTP where there is a method other than CONNECT, TLS where there is a server name, or where a CONNECT was refused
   * before anything was said in it: TLS is what is checked most closely.
   */
  readonly protocol: 'tls' | 'http' | 'unknown';
}

/** Plain HTTP is asked for by CONNECT as well, to its own port. */
const HTTP_PORT = 80;

/** The destination of a line; undefined where its authority is none that a rule could name. */
export function destinationOf({ authority, method, sni, layer }: LogRecord): Destination | undefined {
  const parsed = authority === undefined ? undefined : parseAuthority(authority);
  if (!parsed) return undefined;
  const isHttp = method !== undefined && method !== 'CONNECT';
  if (parsed.port === undefined && !isHttp) return undefined;
  const port = Number(parsed.port ?? HTTP_PORT);
  const host = hostOf(parsed.host);
  if (host === undefined || port === 0) return undefined;
  const asTls = sni !== undefined || (layer === 'request' && port !== HTTP_PORT);
  const protocol = isHttp || (!asTls && port === HTTP_PORT) ? 'http' : asTls ? 'tls' : 'unknown';
  return { host, port, isIp: isIpHost(host), protocol };
}

function hostOf(text: string): string | undefined {
  const bare = text.replace(/^\[|\]$/g, '');
  const normal = normaliseHost(bare, { private: true });
  return 'host' in normal && normal.kind !== 'wildcard' ? normal.host : undefined;
}
