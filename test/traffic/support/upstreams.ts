import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { Certificates } from './certificates';
import { respond, type Heard } from './respond';

/** One connection that reached a server. */
export interface Arrival {
  /** The address that was dialled, IPv4 in its own form. */
  readonly address: string;
  readonly port: number;
  /** Bytes received so far. */
  readonly bytes: () => number;
  readonly closed: () => boolean;
}

/**
 * `tcp` echoes; `banner` speaks first, then echoes; `any` answers TLS, HTTP or else echoes, by the first byte; `silent` reads and never
 * answers; `no-upgrade` is `http` that answers an upgrade like any other request.
 */
export type Kind = 'https' | 'http' | 'tcp' | 'banner' | 'any' | 'silent' | 'no-upgrade';

/** What listens on which port of every address of the bench. */
export const PORTS: Readonly<Record<number, Kind>> = {
  80: 'http',
  443: 'https',
  8080: 'http',
  8443: 'https',
  11434: 'http',
  22: 'banner',
  5432: 'tcp',
};

/**
 * The whole Internet of the bench: on every address that the namespace owns (all of them, see `namespace.ts`) the same servers listen.
 * Each connection is remembered with the address that was dialled, so that a forbidden server's silence can be asserted.
 */
export class Upstreams {
  /** Every connection since the last {@link forget}. */
  readonly arrivals: Arrival[] = [];
  /** Every HTTP request since the last {@link forget}, inside TLS or not. */
  readonly heard: Heard[] = [];
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();

  constructor(private readonly certificates: Certificates) {}

  /** Listens on `host` (default: every address, both families) on the given ports; port 0 takes a free one. */
  async listen(ports: Readonly<Record<number, Kind>> = PORTS, host = '::'): Promise<number[]> {
    return Promise.all(Object.entries(ports).map(([port, kind]) => this.open(Number(port), kind, host)));
  }

  forget(): void {
    this.arrivals.length = 0;
    this.heard.length = 0;
  }

  /** The addresses that connections or requests came to since the last {@link forget}, each once, sorted. */
  get dialled(): string[] {
    // A request may come over a connection that was made, and counted, before.
    return [...new Set([...this.arrivals, ...this.heard].map(({ address }) => address))].sort();
  }

  /** Closes every open connection; the servers stay. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private async open(port: number, kind: Kind, host: string): Promise<number> {
    const server = this.create(kind);
    server.on('connection', (socket: net.Socket) => this.remember(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 1024 }, resolve);
    });
    this.servers.push(server);
    return (server.address() as net.AddressInfo).port;
  }

  private create(kind: Kind): net.Server {
    if (kind === 'tcp') return net.createServer((socket) => socket.pipe(socket));
    if (kind === 'silent') return net.createServer((socket) => socket.resume());
    if (kind === 'any') return this.createAny();
    if (kind === 'banner') {
      return net.createServer((socket) => {
        socket.write('SSH-2.0-bench\r\n');
        socket.pipe(socket);
      });
    }
    const hear = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      respond(request, response, (heard) => this.heard.push(heard));
    };
    const { cert, key } = this.certificates;
    const server = kind === 'https' ? https.createServer({ cert, key }, hear) : http.createServer(hear);
    // It never hangs up by itself: the gateway may be sending its next request at that moment.
    server.keepAliveTimeout = 0;
    server.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));
    // Without a listener for upgrades Node takes them for plain requests.
    if (kind === 'no-upgrade') return server;
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => undefined);
      sockets.handleUpgrade(request, socket, head, (peer) => {
        peer.on('message', (data, binary) => peer.send(data, { binary }));
        peer.on('error', () => undefined); // what is no frame ends the connection
      });
    });
    return server;
  }

  private createAny(): net.Server {
    const [tls, http] = [this.create('https'), this.create('http')];
    return net.createServer((socket) => {
      socket.once('data', (first) => {
        socket.pause();
        socket.unshift(first);
        if (first[0] === 0x16) tls.emit('connection', socket);
        else if (/^[A-Z]+ \S+ HTTP/.test(first.toString('latin1'))) http.emit('connection', socket);
        else socket.pipe(socket);
        process.nextTick(() => socket.resume());
      });
    });
  }

  private remember(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    this.arrivals.push({
      address: (socket.localAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''),
      port: socket.localPort ?? 0,
      bytes: () => socket.bytesRead,
      closed: () => socket.destroyed || socket.readableEnded,
    });
  }
}
