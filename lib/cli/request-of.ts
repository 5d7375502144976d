import { isIP } from 'node:net';
import { type EgressRequest } from '../policy/decide';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export type AskedRequest = Omit<EgressRequest, 'workload' | 'answers' | 'now'>;

/**
 * What a well-behaved client sends to the gateway for `METHOD URL`: for https a CONNECT with the host as TLS server
 * name, for http the absolute form, for tcp a CONNECT with opaque bytes.
 * @throws CliError (usage) for a method or URL that no client would send
 */
export function requestOf(method: string, url: string): AskedRequest {
  if (!TOKEN.test(method)) {
    throw new CliError(`${printable(JSON.stringify(method))} is not a method; write one such as GET.`, EXIT.usage);
  }
  const scheme = /^(https?|tcp):\/\/(?=[^/])/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'tcp') return tcpRequest(url);
  if (scheme === undefined || !URL.canParse(url)) throw badUrl(url);
  const { hostname, port, host, pathname, search } = new URL(url);
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
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535 || !URL.canParse(`http://${host}`)) {
    throw badUrl(url);
  }
  const { hostname } = new URL(`http://${host}`);
  return { form: 'connect', method: 'CONNECT', authority: `${hostname}:${Number(port)}`, payload: 'other' };
}

function badUrl(url: string): CliError {
  return new CliError(
    `${printable(JSON.stringify(url))} is not a URL that the gateway knows; ` +
      'write https://HOST[:PORT]/…, http://HOST[:PORT]/… or tcp://HOST:PORT.',
    EXIT.usage,
  );
}
