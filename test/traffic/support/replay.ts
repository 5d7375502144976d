import type { EgressRequest } from '../../../lib/policy/decide';
import type { Bench } from './bench';
import { clientHello } from './client-hello';
import { connect } from './clients';
import type { Line } from './log-book';
import { Wire, type Reply } from './wire';

/** What the gateway did with a request: the words of its log or, where it has no id, of its reply. */
export interface Observed {
  readonly decision: string;
  readonly reason: string;
  readonly rule?: string | null;
  /** The layer of the line with the decision. */
  readonly layer?: Line['layer'];
  /** Of the gateway's first reply. */
  readonly status?: number;
}

/** The header by which a server tells which request it heard. */
export const TAG = 'x-tag';

const hellos = new Map<string, Promise<Buffer>>();

/** Sends a request as `decide` describes it, through the running gateway, and waits until its fate is known. */
export async function replay(bench: Bench, request: EgressRequest, tag: number): Promise<Observed> {
  const reply = request.form === 'absolute' ? await absolute(bench, request, tag) : await tunnel(bench, request, tag);
  const { status, headers } = reply;
  const id = headers['x-egress-id'];
  if (id !== undefined && id !== '') {
    const { decision, reason, rule, layer } = await bench.log.of(id);
    return { decision, reason, rule, layer, status };
  }
  return { decision: 'denied', reason: headers['x-egress-reason'] ?? `status ${status}`, status };
}

async function absolute(bench: Bench, request: EgressRequest, tag: number): Promise<Reply> {
  const { method, authority, path = '/' } = request;
  const wire = await Wire.open(bench.port(request.workload));
  wire.write(
    `${method} http://${authority}${path} HTTP/1.1\r\nHost: ${authority}\r\n${TAG}: ${tag}\r\nContent-Length: 0\r\n\r\n`,
  );
  const reply = await wire.reply({ to: method });
  wire.close();
  if (reply === undefined) throw new Error('closed without a reply');
  return reply;
}

async function tunnel(bench: Bench, request: EgressRequest, tag: number): Promise<Reply> {
  const { reply, wire } = await connect(bench.port(request.workload), request.authority);
  if (reply.status !== 200) return reply;
  wire.write(await payloadOf(request, tag));
  // A byte from the server or a close: only then has the gateway made up its mind.
  if (request.payload === 'http') await wire.reply({ to: request.inner?.method });
  else await wire.bytes(1);
  wire.close();
  return reply;
}

async function payloadOf({ payload, sni, inner }: EgressRequest, tag: number): Promise<Buffer> {
  if (payload === 'http' && inner) {
    const lines = [
      `${inner.method} ${inner.method === 'CONNECT' ? inner.host : inner.path} HTTP/1.1`,
      `Host: ${inner.host}`,
      `${TAG}: ${tag}`,
      'Content-Length: 0',
    ];
    return Buffer.from([...lines, '', ''].join('\r\n'));
  }
  if (payload === 'other') return Buffer.from('neither TLS nor HTTP\r\n\r\n');
  const key = sni ?? '';
  const hello = hellos.get(key) ?? clientHello(sni ?? null);
  hellos.set(key, hello);
  return hello;
}
