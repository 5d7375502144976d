import net from 'node:net';
import tls from 'node:tls';
import { FORBIDDEN, HOST, HTTP_PORT, ORIGIN, REPLY, TLS_PORT } from './target';

/** How a client reaches the origin. */
export interface Way {
  /** `connect`: an HTTP proxy; `sni`: a proxy that reads the server name; `direct`: none. */
  readonly kind: 'connect' | 'sni' | 'direct';
  /** Of an HTTP proxy: both; of an SNI proxy: TLS. */
  readonly port: number;
  /** Plain HTTP of an SNI proxy. */
  readonly httpPort?: number;
}

/** What is timed. */
export const OPERATIONS = ['tunnel', 'request', 'plain', 'refusal'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One client: `step` is what is timed, again and again; it throws at any answer that is not what it must be. */
export interface Client {
  readonly step: () => Promise<void>;
  readonly close: () => void;
}

const LOOPBACK = '127.0.0.1';
const GET = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const nothing = (): void => undefined;

/** Makes a client for an operation. */
export async function clientFor(operation: Operation, way: Way, ca: string, host = HOST): Promise<Client> {
  if (operation === 'tunnel') return { step: () => once(() => openTls(way, ca, host)), close: nothing };
  if (operation === 'request') return keptOpen(await openTls(way, ca, host), GET);
  if (operation === 'refusal') return { step: () => refused(way, ca), close: nothing };
  const target = way.kind === 'connect' ? `http://${HOST}/` : '/';
  return plainClient(way, `GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
}

/** A new tunnel, TLS with a certificate that is checked, and one request. */
async function once(open: () => Promise<net.Socket>): Promise<void> {
  const socket = await open();
  try {
    await ask(socket, GET);
  } finally {
    socket.destroy();
  }
}

function keptOpen(socket: net.Socket, request: string): Client {
  return { step: () => ask(socket, request), close: () => socket.destroy() };
}

/**
 * A connection that is kept where the proxy keeps it. Where it was closed meanwhile, as RFC 9112, section 9.3 lets a server do, the request goes
 * to a new one, which belongs to its time.
 */
function plainClient(way: Way, request: string): Client {
  let kept: net.Socket | undefined;
  const open = (): Promise<net.Socket> =>
    way.kind === 'direct' ? dial(ORIGIN, HTTP_PORT) : dial(LOOPBACK, way.httpPort ?? way.port);
  const step = async (): Promise<void> => {
    const usable = kept !== undefined && !kept.destroyed && !kept.readableEnded && kept.writable;
    const socket = usable ? (kept as net.Socket) : await open();
    kept = socket;
    try {
      await askLoosely(socket, request);
    } catch (error) {
      socket.destroy();
      if (!usable || !(error instanceof ClosedError)) throw error;
      await step();
    }
  };
  return { step, close: () => kept?.destroy() };
}

/** The peer closed before a byte of its reply. */
class ClosedError extends Error {}

async function openTls({ kind, port }: Way, ca: string, host: string): Promise<tls.TLSSocket> {
  const socket = await (kind === 'direct' ? dial(ORIGIN, TLS_PORT) : dial(LOOPBACK, port));
  if (kind === 'connect') {
    socket.write(`CONNECT ${host}:${TLS_PORT} HTTP/1.1\r\nHost: ${host}:${TLS_PORT}\r\n\r\n`);
    const head = await readHead(socket);
    if (!/^HTTP\/1\.[01] 200 /.test(head))
      throw new Error(`CONNECT was answered by ${JSON.stringify(head.slice(0, 80))}`);
  }
  return secured(socket, host, ca);
}

/** HTTP proxies answer 403; SNI proxies close when they have read the name. */
async function refused({ kind, port }: Way, ca: string): Promise<void> {
  const socket = await dial(LOOPBACK, port);
  try {
    if (kind === 'connect') {
      socket.write(`CONNECT ${FORBIDDEN}:${TLS_PORT} HTTP/1.1\r\nHost: ${FORBIDDEN}:${TLS_PORT}\r\n\r\n`);
      const head = await readHead(socket);
      if (!/^HTTP\/1\.[01] 403 /.test(head)) throw new Error(`not refused: ${JSON.stringify(head.slice(0, 80))}`);
      return;
    }
    const through = await secured(socket, FORBIDDEN, ca).then(
      () => true,
      () => false,
    );
    if (through) throw new Error('not refused: TLS came about');
  } finally {
    socket.destroy();
  }
}

function dial(host: string, port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    socket.once('connect', () => resolve(socket.removeListener('error', reject).on('error', () => socket.destroy())));
    socket.once('error', reject);
  });
}

function secured(socket: net.Socket, servername: string, ca: string): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect({ socket, servername, ca });
    secure.once('secureConnect', () => resolve(secure.on('error', () => secure.destroy())));
    secure.once('error', reject).once('close', () => reject(new Error('closed before TLS')));
  });
}

/** The head of a reply; nothing may follow it yet. */
function readHead(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (settle: () => void): void => {
      socket.removeListener('data', read).removeListener('close', gone);
      settle();
    };
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) done(() => resolve(text));
    };
    const gone = (): void => done(() => reject(new Error(`closed after ${JSON.stringify(text.slice(0, 80))}`)));
    socket.on('data', read).once('close', gone);
  });
}

/** One request whose reply must be the origin's, byte for byte. */
function ask(socket: net.Socket, request: string): Promise<void> {
  return exchange(socket, request, (text) => {
    if (text.length < REPLY.length) return false;
    if (text !== REPLY) throw new Error(`another reply: ${JSON.stringify(text.slice(0, 120))}`);
    return true;
  });
}

/** The same through a proxy that writes headers of its own: status, length and body are compared. */
function askLoosely(socket: net.Socket, request: string): Promise<void> {
  return exchange(socket, request, (text) => {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return false;
    if (!text.startsWith('HTTP/1.1 200') && !text.startsWith('HTTP/1.0 200'))
      throw new Error(`another reply: ${JSON.stringify(text.slice(0, 120))}`);
    const body = REPLY.slice(REPLY.indexOf('\r\n\r\n') + 4);
    const got = text.slice(end + 4);
    if (got.length < body.length) return false;
    if (got !== body) throw new Error(`another body: ${JSON.stringify(got.slice(0, 120))}`);
    if (/^connection: *close/im.test(text.slice(0, end))) socket.destroy();
    return true;
  });
}

function exchange(socket: net.Socket, request: string, isWhole: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = (settle: () => void): void => {
      socket.removeListener('data', read).removeListener('close', gone);
      settle();
    };
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      try {
        if (isWhole(text)) done(resolve);
      } catch (error) {
        done(() => reject(error as Error));
      }
    };
    const gone = (): void =>
      done(() => reject(text === '' ? new ClosedError('closed without a reply') : new Error('closed in a reply')));
    socket.on('data', read).once('close', gone);
    socket.write(request);
  });
}
