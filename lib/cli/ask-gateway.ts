import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { AskedRequest } from '../policy/request-of';

/** What a running gateway did with a request. */
export interface GatewayAnswer {
  readonly decision: 'allowed' | 'denied';
  /** Where the gateway said it. */
  readonly reason?: string;
  /** What is worth knowing beside it. */
  readonly note?: string;
}

/** A gateway that cannot be asked. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
}

const DEADLINE_MS = 10_000;
const REASON = 'x-egress-reason';
/** A rule allows it, and the server did not answer: the policy said yes. */
const UNREACHABLE = 'unreachable';

/**
 * Sends one request to a gateway, without body or credentials, and reads no more of the answer than its head. In a TLS tunnel only the
 * handshake is made; nobody's certificate is checked, since nothing is sent under it.
 * @throws {GatewayError} nobody listens there, or nothing came within ten seconds
 */
export function askGateway(proxy: { host: string; port: number }, asked: AskedRequest): Promise<GatewayAnswer> {
  return asked.form === 'connect' ? askByConnect(proxy, asked) : askInAbsoluteForm(proxy, asked);
}

async function askByConnect(proxy: { host: string; port: number }, asked: AskedRequest): Promise<GatewayAnswer> {
  const { response, socket } = await new Promise<{ response: IncomingMessage; socket: Socket }>((resolve, reject) => {
    const request = httpRequest({
      ...proxy,
      method: 'CONNECT',
      path: asked.authority,
      timeout: DEADLINE_MS,
      agent: false,
    });
    request.on('connect', (answer, tunnel) => resolve({ response: answer, socket: tunnel }));
    fail(request, proxy, reject);
    request.end();
  });
  try {
    if (response.statusCode !== 200) return answerOf(response);
    return asked.payload === 'tls' ? await handshake(socket, asked.sni) : { decision: 'allowed' };
  } finally {
    socket.destroy();
  }
}

function handshake(socket: Socket, servername: string | undefined): Promise<GatewayAnswer> {
  return new Promise((resolve) => {
    const closed = {
      decision: 'denied',
      note: 'the tunnel closed before TLS began; the log of the gateway says why',
    } as const;
    const secure = tlsConnect({ socket, rejectUnauthorized: false, ...(servername !== undefined && { servername }) });
    secure.setTimeout(DEADLINE_MS, () => secure.destroy());
    secure.once('secureConnect', () => {
      resolve({ decision: 'allowed' });
      secure.destroy();
    });
    secure.once('error', () => resolve(closed)).once('close', () => resolve(closed));
  });
}

async function askInAbsoluteForm(proxy: { host: string; port: number }, asked: AskedRequest): Promise<GatewayAnswer> {
  const { method, authority, path = '/' } = asked;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { host: authority };
    const options = {
      ...proxy,
      method,
      path: `http://${authority}${path}`,
      headers,
      timeout: DEADLINE_MS,
      agent: false,
    };
    const request = httpRequest(options, resolve);
    fail(request, proxy, reject);
    request.end();
  });
  response.destroy();
  return answerOf(response);
}

/** A status of the server's own, whatever it is, shows that the request got there. */
function answerOf({ headers, statusCode = 0 }: IncomingMessage): GatewayAnswer {
  const reason = headers[REASON];
  if (typeof reason !== 'string') return { decision: 'allowed', note: `status ${statusCode}` };
  if (reason !== UNREACHABLE) return { decision: 'denied', reason };
  return { decision: 'allowed', note: 'allowed, but the server did not answer' };
}

function fail(
  request: ReturnType<typeof httpRequest>,
  { host, port }: { host: string; port: number },
  reject: (error: Error) => void,
): void {
  const where = `${host}:${port}`;
  request.once('timeout', () =>
    request.destroy(new GatewayError(`nothing came from ${where} within ${DEADLINE_MS / 1000} s`)),
  );
  request.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error instanceof GatewayError
        ? error
        : new GatewayError(`no gateway answers at ${where} (${error.code ?? error.message})`),
    ),
  );
}
