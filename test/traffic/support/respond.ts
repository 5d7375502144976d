import type http from 'node:http';
import type { TLSSocket } from 'node:tls';

/** An HTTP request as a server saw it. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly version: string;
  /** Name and value in turn, as they stood on the wire. */
  readonly rawHeaders: readonly string[];
  readonly host: string | undefined;
  /** The address that was dialled. */
  readonly address: string;
  readonly port: number;
  readonly sni?: string;
  readonly body: string;
}

type Script = (request: http.IncomingMessage, response: http.ServerResponse, query: URLSearchParams) => void;

/** Paths with a behaviour of their own; every other path is answered with what was heard. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  /** `?seconds=16`: a byte each 250 ms, for so long. */
  '/stream': (_request, response, query) => {
    const end = Date.now() + Number(query.get('seconds') ?? 1) * 1000;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => {
      if (Date.now() < end) return void response.write('.');
      clearInterval(timer);
      response.end('end');
    }, 250);
    response.on('close', () => clearInterval(timer));
  },
  /** A server that pretends to be the gateway. */
  '/forged': (_request, response) => {
    response.writeHead(403, {
      'x-egress-reason': 'forged',
      'x-egress-id': 'forged',
      'content-type': 'application/json',
    });
    response.end('{"error":"egress_denied","reason":"forged"}');
  },
  /** `?status=503` */
  '/status': (_request, response, query) => {
    response.writeHead(Number(query.get('code') ?? 200), { 'content-type': 'application/json' });
    response.end('{"status":"ok"}');
  },
  /** A server that talks of another protocol with a 200, which does not change to it. */
  '/switched': (_request, response) => {
    response.writeHead(200, { upgrade: 'websocket', connection: 'upgrade' });
    response.end('not switched');
  },
  /** A server that offers HTTP/3, which is UDP, and another host for it. */
  '/alternative': (_request, response) => {
    response.writeHead(200, { 'alt-svc': 'h3=":443"; ma=86400, h3="evil.test:443"; ma=86400' });
    response.end('{}');
  },
  /** `?bytes=1000` */
  '/bytes': (_request, response, query) => {
    response.end(Buffer.alloc(Number(query.get('bytes') ?? 0), 'b'));
  },
};

/** Answers a request and tells `hear` what it was, once its body is complete. */
export function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  hear: (heard: Heard) => void,
): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { socket } = request;
    const sni = (socket as Partial<TLSSocket>).servername;
    const heard: Heard = {
      method: request.method ?? '',
      url: request.url ?? '',
      version: request.httpVersion,
      rawHeaders: request.rawHeaders,
      host: request.headers.host,
      address: (socket.localAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''),
      port: socket.localPort ?? 0,
      ...(typeof sni === 'string' && { sni }),
      body: Buffer.concat(chunks).toString(),
    };
    hear(heard);
    // Not relative to it: `//` would name a host.
    const { pathname, searchParams } = new URL(heard.url.replace(/^\//, 'http://upstream/'), 'http://upstream');
    const script = SCRIPTS[pathname];
    if (script !== undefined) return script(request, response, searchParams);
    response.writeHead(200, { 'content-type': 'application/json', 'x-upstream': heard.address });
    response.end(JSON.stringify(heard));
  });
}
