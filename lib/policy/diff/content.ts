import type { EgressRequest } from '../decide';
import { METHODS } from '../methods';
import { normalisePath } from '../paths';
import { isLiteral, parseAuthority, type Target } from '../target';
import type { Protocol } from '../types';

/**
 * What a request sends, as far as rules tell it apart: a request in absolute form, and what can flow in a CONNECT tunnel. Of those in
 * {@link HTTP_CONTENTS} methods and paths count.
 */
export const CONTENTS = [
  'absolute',
  'tunnel-http',
  'tls',
  'tls-other-name',
  'http-other-host',
  'http-connect',
  'http-trace',
  'http-unreadable',
  'other',
] as const;

/** One word of {@link CONTENTS}. */
export type Contents = (typeof CONTENTS)[number];

/** Plain HTTP to the host and port of the target. */
export const HTTP_CONTENTS: readonly Contents[] = ['absolute', 'tunnel-http'];

/** Everything that can pass under a rule of a protocol, in mode `enforce`. */
export const FITTING: Readonly<Record<Protocol, readonly Contents[]>> = {
  tls: ['tls'],
  http: HTTP_CONTENTS,
  tcp: CONTENTS.filter((contents) => contents !== 'absolute'),
};

/** What a request sends. */
export interface Content {
  readonly contents: Contents;
  /** Of plain HTTP. */
  readonly method?: string;
  /** Of plain HTTP, normalised. */
  readonly path?: string;
}

/** The content of a request; undefined for one that is refused whatever the rules say. */
export function contentOf(request: EgressRequest, target: Target): Content | undefined {
  const { form, method, path = '/', payload = 'tls', inner } = request;
  if (method === 'TRACE') return undefined;
  if (form === 'absolute') return readHttp('absolute', method, path);
  if (payload === 'tls') return { contents: hasName(request, target) ? 'tls' : 'tls-other-name' };
  if (payload !== 'http' || !inner) return { contents: 'other' };
  return contentInside(inner, target);
}

function contentInside({ method, host, path }: NonNullable<EgressRequest['inner']>, target: Target): Content {
  const authority = parseAuthority(host);
  const read = readHttp('tunnel-http', method, path);
  if (!authority || (method !== 'CONNECT' && !read)) return { contents: 'http-unreadable' };
  if (method === 'TRACE') return { contents: 'http-trace' };
  if (authority.host !== target.host || (authority.port ?? '80') !== target.port)
    return { contents: 'http-other-host' };
  return read ?? { contents: 'http-connect' };
}

function readHttp(contents: Contents, method: string, path: string): Content | undefined {
  const normal = normalisePath(path);
  return METHODS.has(method) && normal !== undefined ? { contents, method, path: normal } : undefined;
}

/** TLS to an address has no server name (RFC 6066, section 3). */
function hasName({ sni = '' }: EgressRequest, { host }: Target): boolean {
  return sni === '' ? isLiteral(host) : sni.toLowerCase() === host && !host.startsWith('[');
}

/** A request that sends this content to `authority`; the rest of it is up to the caller. */
export function requestWith(content: Content, authority: string): Pick<EgressRequest, 'form' | 'method' | 'authority'> {
  const { contents, method = 'GET', path = '/' } = content;
  const absolute = { form: 'absolute' as const, method, authority, path };
  if (contents === 'absolute') return absolute;
  return { ...tunnelWith(contents, method, path, authority), form: 'connect', method: 'CONNECT', authority };
}

function tunnelWith(
  contents: Exclude<Contents, 'absolute'>,
  method: string,
  path: string,
  authority: string,
): Pick<EgressRequest, 'payload' | 'sni' | 'inner'> {
  if (contents === 'other') return { payload: 'other' };
  if (contents === 'tls-other-name') return { payload: 'tls', sni: 'other.invalid' };
  if (contents === 'tls') {
    const host = authority.replace(/:\d+$/, '');
    return { payload: 'tls', ...(!isLiteral(host) && { sni: host }) };
  }
  const inner = { method, host: authority, path };
  const changed: Readonly<Record<typeof contents, Partial<typeof inner>>> = INNER;
  return { payload: 'http', inner: { ...inner, ...changed[contents] } };
}

/** What differs from a request that fits. */
const INNER = {
  'tunnel-http': {},
  'http-other-host': { host: 'other.invalid:80' },
  'http-connect': { method: 'CONNECT' },
  'http-trace': { method: 'TRACE' },
  'http-unreadable': { host: '' },
};
