import { createServer } from 'node:net';
import { EnvoyStartError, PortTakenError, type TakenPort } from './errors';
import type { ListenAddress } from './listen-addresses';
import { findPortHolder } from './port-holder';

/**
 * Makes sure that every address can be listened on. Envoy itself would not notice a second Envoy of the same user: both
 * set SO_REUSEPORT, and the kernel would deal the connections out among them.
 * @param ownPid a process whose own ports count as free: a gateway that has just closed a listener holds it a little longer
 * @throws {PortTakenError} names every taken port and, where it can be found, the process that holds it
 * @throws {EnvoyStartError} an address that this machine does not have, a port that this user may not open
 */
export async function checkPorts(addresses: readonly ListenAddress[], ownPid?: number): Promise<void> {
  const taken: TakenPort[] = [];
  for (const { listener, address, port } of addresses) {
    const code = await tryListen(address, port);
    if (!code) continue;
    if (code !== 'EADDRINUSE') throw new EnvoyStartError(refusal(listener, address, port, code));
    const holder = await findPortHolder(port);
    if (!holder || holder.pid !== ownPid) taken.push({ listener, address, port, holder });
  }
  if (taken.length > 0) throw new PortTakenError(taken);
}

function refusal(listener: string, address: string, port: number, code: string): string {
  const where = `listener "${listener}" cannot open port ${port} on ${address}`;
  if (code === 'EADDRNOTAVAIL') return `${where}: this machine does not have that address; choose one that it has.`;
  if (code === 'EACCES') return `${where}: this user may not open it; choose a port from 1024 upwards.`;
  return `${where}: ${code}.`;
}

/** @returns the code of the error; undefined where it went well */
function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
