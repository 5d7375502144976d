import { isIP } from 'node:net';
import type { EgressRequest } from './decide';
import { quote } from './quote';

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A method or URL that no client would send to the gateway; the message says what to write. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** A request without who sends it, when, and what its name resolves to. */
export type AskedRequest = Omit<EgressRequest, 'workload' | 'answers' | 'now'>;

/**
 * What a well-behaved client sends to the gateway for `METHOD URL`: for https a CONNECT with the host as TLS server
 * name, for http the absolute form, for tcp a CONNECT with opaque bytes.
 * @throws {RequestError} for a method or URL that no client would send
 */
export function requestOf(method: string, url: string): AskedRequest {
  if (!TOKEN.test(method)) throw new RequestError(`${quote(method)} is not a method; write one such as GET.`);
  const scheme = /^(https?|tcp):\/\/(?=[^/])/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'tcp') return tcpRequest(url);
  const parsed = scheme === undefined ? undefined : parse(url);
  if (!parsed) throw badUrl(url);
  const { hostname, port, host, pathname, search } = parsed;
  if (scheme === 'http') {
    return { form: 'absolute', method: method.toUpperCase(), authority: host, path: `${pathname}${search}` };
  }
  const literal = hostname.startsWith('[') || isIP(hostname) !== 0;
  const authority = `${hostname}:${port || '443'}`;
  // RFC 6066, section 3: a server name is never an IP address.
  return { form: 'connect', method: 'CONNECT', authority, payload: 'tls', ...(literal ? {} : { sni: hostname }) };
}

function tcpRequest(url: string): AskedRequest {
  const [, host, port] = /^tcp:\/\/(\[[^\]]+\]|[^/?#@:]+):(\d{1,5})\/?$/i.exec(url) ?? [];
  const parsed = host === undefined || Number(port) < 1 || Number(port) > 65_535 ? undefined : parse(`http://${host}`);
  if (!parsed) throw badUrl(url);
  return { form: 'connect', method: 'CONNECT', authority: `${parsed.hostname}:${Number(port)}`, payload: 'other' };
}

/** Not `URL.canParse`, which Node 20 answers wrongly for some texts once it has optimised it. */
function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function badUrl(url: string): RequestError {
  return new RequestError(
    `${quote(url)} is not a URL that the gateway knows; write https://HOST[:PORT]/…, http://HOST[:PORT]/… or tcp://HOST:PORT.`,
  );
}
