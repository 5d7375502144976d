/** The server behind all proxies, in a process of its own: TLS on 443, plain HTTP on 80, the same reply to every request. */
import net from 'node:net';
import tls from 'node:tls';
import { certificates } from '../../traffic/support/certificates';
import { DnsServer } from '../../traffic/support/dns-server';
import { HTTP_PORT, ORIGIN, REPLY, TLS_PORT } from './target';

const reply = Buffer.from(REPLY);

/** Answers each request head with the reply; no request has a body. */
function serve(socket: net.Socket): void {
  let pending = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      pending = pending.slice(end + 4);
      socket.write(reply);
    }
  });
}

async function main(): Promise<void> {
  const { cert, key } = await certificates();
  const dns = new DnsServer();
  dns.fallback = () => ({ addresses: [ORIGIN], ttl: 300 });
  const secure = tls.createServer({ cert, key, ALPNProtocols: ['http/1.1'] }, serve);
  const plain = net.createServer(serve);
  const listen = (server: net.Server, port: number): Promise<void> =>
    new Promise((resolve) => void server.listen({ port, host: '0.0.0.0', backlog: 4096 }, resolve));
  await Promise.all([dns.listen(), listen(secure, TLS_PORT), listen(plain, HTTP_PORT)]);
  process.send?.('ready');
}

void main();
