import tls from 'node:tls';
import { Wire, type Reply } from './wire';

export interface ConnectOptions {
  readonly version?: '1.0' | '1.1';
  /** Lines without their end. */
  readonly headers?: readonly string[];
  readonly host?: string;
  /** Bytes for the tunnel that are sent together with the CONNECT. */
  readonly early?: Buffer;
}

/** A CONNECT and the gateway's reply to it; on 200 the wire is the tunnel. */
export interface Tunnel {
  readonly reply: Reply;
  readonly wire: Wire;
}

/** Sends `CONNECT authority` to the gateway on `port` and reads its reply; closes the connection unless it is 200. */
export async function connect(port: number, authority: string, options: ConnectOptions = {}): Promise<Tunnel> {
  const wire = await Wire.open(port);
  const { version = '1.1', headers = [], host = authority, early = Buffer.alloc(0) } = options;
  const head = [`CONNECT ${authority} HTTP/${version}`, `Host: ${host}`, ...headers, '', ''].join('\r\n');
  wire.write(Buffer.concat([Buffer.from(head, 'latin1'), early]));
  const reply = await wire.reply({ to: 'CONNECT' });
  if (reply === undefined) throw new Error(`CONNECT ${authority}: closed without a reply`);
  if (reply.status !== 200) wire.close();
  return { reply, wire };
}

export interface TlsOptions {
  /** The server name to send; `null` for none. */
  readonly sni: string | null;
  /** The name that the certificate must be good for; default `sni`. `null`: not checked. */
  readonly name?: string | null;
  readonly ca?: string;
  readonly alpn?: readonly string[];
  /** The highest version. */
  readonly version?: tls.SecureVersion;
  /** A session to resume. */
  readonly session?: Buffer;
  /** Called with each session that the server lets this one resume. */
  readonly onSession?: (session: Buffer) => void;
}

/** Starts TLS in a tunnel; `undefined` when the other side closed instead. */
export async function startTls(wire: Wire, options: TlsOptions): Promise<Wire | undefined> {
  const { sni, ca, name = sni, alpn, version, session, onSession } = options;
  const socket = tls.connect({
    socket: wire.release(),
    ...(sni !== null && { servername: sni }),
    ...(ca !== undefined && { ca }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    ...(version !== undefined && { maxVersion: version }),
    ...(session !== undefined && { session }),
    rejectUnauthorized: ca !== undefined,
    checkServerIdentity: (_host, certificate) =>
      name === null || ca === undefined ? undefined : tls.checkServerIdentity(name, certificate),
  });
  if (onSession !== undefined) socket.on('session', onSession);
  const secured = await new Promise<boolean>((resolve, reject) => {
    socket.once('secureConnect', () => resolve(true));
    socket.once('close', () => resolve(false));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // A close is an answer of the gateway; a bad certificate is a mistake of the bench.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      else resolve(false);
    });
  });
  return secured ? Wire.over(socket) : undefined;
}

/** One HTTP/1.1 request in origin form over an open connection. */
export async function get(
  wire: Wire,
  host: string,
  path = '/',
  lines: readonly string[] = [],
  method = 'GET',
): Promise<Reply | undefined> {
  wire.write([`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n'));
  return wire.reply({ to: method });
}

/** The parts of a URL as they are written: a parser of URLs would mend the spellings that the tests are about. */
export function splitUrl(url: string): { scheme: string; host: string; path: string } {
  const [, scheme = '', host = '', path = ''] = /^([a-z]+):\/\/([^/?#]*)(.*)$/.exec(url) ?? [];
  return { scheme, host, path: path.startsWith('/') ? path : `/${path}` };
}

/** One request in absolute form to the gateway on `port`, on a connection of its own. */
export async function absolute(
  port: number,
  url: string,
  { method = 'GET', headers = [] as readonly string[], body = '' } = {},
): Promise<Reply> {
  const wire = await Wire.open(port);
  const { host } = splitUrl(url);
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  wire.write([`${method} ${url} HTTP/1.1`, `Host: ${host}`, ...length, ...headers, '', body].join('\r\n'));
  const reply = await wire.reply({ to: method });
  wire.close();
  if (reply === undefined) throw new Error(`${method} ${url}: closed without a reply`);
  return reply;
}
