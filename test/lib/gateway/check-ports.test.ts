import { createServer, type AddressInfo, type Server } from 'node:net';
import { checkPorts } from '../../../lib/gateway/check-ports';
import { EnvoyStartError, PortTakenError } from '../../../lib/gateway/errors';
import { findPortHolder } from '../../../lib/gateway/port-holder';
import { failure } from './support/fakes';

const servers: Server[] = [];

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

async function free(): Promise<number> {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('checkPorts', () => {
  it('says nothing of free ports, and leaves them free', async () => {
    const port = await free();
    const addresses = [{ listener: 'edge.w.1', address: '127.0.0.1', port }];
    await checkPorts(addresses);
    await checkPorts(addresses);
  });

  it('names every taken port, who holds it, and what to change', async () => {
    const [one, two] = [await listen('127.0.0.1'), await listen('127.0.0.1')];
    const error = await failure(
      checkPorts([
        { listener: 'edge.web.1', address: '127.0.0.1', port: one },
        { listener: 'edge.free.2', address: '127.0.0.1', port: await free() },
        { listener: 'health', address: '127.0.0.1', port: two },
      ]),
    );
    expect(error).toBeInstanceOf(PortTakenError);
    const by = process.platform === 'linux' ? `\\S.* \\(pid ${process.pid}\\)` : 'another process';
    const [first = '', second = '', ...rest] = error.message.split('\n');
    expect(first).toMatch(
      new RegExp(
        `^port ${one} on 127\\.0\\.0\\.1, needed by listener "edge\\.web\\.1", is taken by ${by}: end that process or change the workload's \`port\` in the policy$`,
      ),
    );
    expect(second).toMatch(
      new RegExp(
        `^port ${two} on .* listener "health", .*choose another health port \\(--health-port, \`healthPort\`\\)$`,
      ),
    );
    expect(rest).toEqual([]);
  });

  it('counts a port of one address as taken for all addresses', async () => {
    const port = await listen('127.0.0.1');
    expect(await failure(checkPorts([{ listener: 'edge.w.1', address: '0.0.0.0', port }]))).toBeInstanceOf(
      PortTakenError,
    );
  });

  it('counts ports of the given process as free', async () => {
    const port = await listen('127.0.0.1');
    await checkPorts([{ listener: 'edge.w.1', address: '127.0.0.1', port }], process.pid);
  });

  it('says that an address is not of this machine', async () => {
    const error = await failure(checkPorts([{ listener: 'edge.w.1', address: '203.0.113.9', port: 10000 }]));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toBe(
      'listener "edge.w.1" cannot open port 10000 on 203.0.113.9: this machine does not have that address; choose one that it has.',
    );
  });
});

describe('findPortHolder', () => {
  it('finds nobody where nobody listens', async () => {
    expect(await findPortHolder(await free())).toBeUndefined();
  });

  it('finds a listener on an IPv6 address', async () => {
    const port = await listen('::1');
    expect((await findPortHolder(port))?.pid).toBe(process.pid);
  });
});
