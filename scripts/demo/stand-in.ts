import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createCA, createCert } from 'mkcert';

/** A server on this machine that answers in place of the approved service. */
export interface StandIn {
  readonly ip: string;
  readonly port: number;
  /** The certificate of its own CA, PEM; made for this run, its key is never written anywhere. */
  readonly caCert: string;
  /** How many TLS connections it has had. */
  readonly connections: () => number;
  readonly close: () => void;
}

/** Its own loopback address, so that it is not to be confused with the gateway; macOS has only the second. */
const ADDRESSES = ['127.0.0.2', '127.0.0.1'];
const DAYS = 2;

/**
 * Starts the stand-in with a certificate for `hosts`. It answers everything with 200 and JSON.
 * @param avoid ports that the gateway needs
 */
export async function startStandIn(hosts: readonly string[], avoid: readonly number[]): Promise<StandIn> {
  const ca = await createCA({
    organization: 'mcp-egress demo',
    countryCode: 'NL',
    state: '-',
    locality: '-',
    validity: DAYS,
  });
  const { key, cert } = await createCert({ ca, domains: [...hosts], validity: DAYS });
  const server = createServer({ key, cert }, (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ status: 'ok', path: request.url, servedBy: 'the stand-in of npm start' })}\n`);
  });
  let connections = 0;
  server.on('secureConnection', () => (connections += 1));
  const { address, port } = await listen(server, avoid);
  return {
    ip: address,
    port,
    caCert: ca.cert,
    connections: () => connections,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, avoid: readonly number[]): Promise<AddressInfo> {
  for (const address of [...ADDRESSES, ...ADDRESSES]) {
    server.listen(0, address);
    const failed = await once(server, 'listening').then(
      () => false,
      () => true,
    );
    if (failed) continue;
    const bound = server.address() as AddressInfo;
    if (!avoid.includes(bound.port)) return bound;
    server.close();
    await once(server, 'close');
  }
  throw new Error(`the stand-in server finds no free port on ${ADDRESSES.join(' or ')}`);
}
