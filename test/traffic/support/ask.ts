import { isIP } from 'node:net';
import { absolute, connect, get, splitUrl, startTls, type ConnectOptions } from './clients';
import type { Reply } from './wire';

export interface AskOptions extends ConnectOptions {
  readonly workload?: string;
  readonly method?: string;
  /** Lines of the request that is meant for the server. */
  readonly headers?: readonly string[];
  /** Lines of the CONNECT. */
  readonly connectHeaders?: readonly string[];
  readonly body?: string;
  /** The server name inside the tunnel; default: the URL's host, none for an IP address. `null`: none. */
  readonly sni?: string | null;
  /** `Host` inside the tunnel; default: the URL's. */
  readonly innerHost?: string;
  /** `connect`: http:// through a tunnel as well, as undici and OpenClaw do it. */
  readonly form?: 'connect' | 'absolute';
  readonly ca?: string;
}

export interface Asked {
  /** The reply to the CONNECT, if there was one. */
  readonly connect?: Reply;
  /** What the client got in the end, from the server or from the gateway; absent: the connection closed instead. */
  readonly reply?: Reply;
  /** The gateway's id of the request, as in its log. */
  readonly id: string;
}

/** One request to the gateway on `port`, on a connection of its own. */
export async function ask(port: number, url: string, options: AskOptions = {}): Promise<Asked> {
  if (splitUrl(url).scheme === 'http' && options.form !== 'connect') {
    const reply = await absolute(port, url, options);
    return { reply, id: reply.headers['x-egress-id'] ?? '' };
  }
  return inTunnel(port, url, options);
}

async function inTunnel(port: number, url: string, options: AskOptions): Promise<Asked> {
  const { scheme, host, path } = splitUrl(url);
  const authority = /:\d+$/.test(host) ? host : `${host}:${scheme === 'http' ? 80 : 443}`;
  const hostname = authority.replace(/:\d+$/, '');
  const {
    method,
    headers,
    connectHeaders,
    innerHost = host,
    ca,
    sni = isIP(hostname.replace(/[[\]]/g, '')) ? null : hostname,
    version,
  } = options;
  const tunnel = await connect(port, authority, { headers: connectHeaders, version });
  const id = tunnel.reply.headers['x-egress-id'] ?? '';
  if (tunnel.reply.status !== 200) return { connect: tunnel.reply, reply: tunnel.reply, id };
  const inside = scheme === 'http' ? tunnel.wire : await startTls(tunnel.wire, { sni, ca, name: null });
  const reply = inside === undefined ? undefined : await get(inside, innerHost, path, headers, method);
  inside?.close();
  tunnel.wire.close();
  return { connect: tunnel.reply, reply, id };
}
