import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { describeInNamespace, ownEveryAddress } from '../support/namespace';
import { PacketRecorder } from './packet-recorder';

const V4 = '198.51.100.77';
const V6 = '2001:db8::77';
const ODD = 47_313;

/** Tries to connect where nobody listens. */
async function knock(host: string, port: number): Promise<void> {
  const socket = net.connect({ host, port });
  await once(socket, 'error').catch(() => undefined);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    if (socket.closed) resolve();
  });
}

async function datagram(host: string, port: number): Promise<void> {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) =>
    socket.send('out', port, host, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise<void>((resolve) => socket.close(resolve));
}

describeInNamespace('the catch-all', () => {
  const recorder = new PacketRecorder();
  beforeAll(async () => {
    ownEveryAddress();
    await recorder.open();
  });
  beforeEach(() => recorder.take());
  afterAll(() => recorder.close());

  it.each([
    ['tcp', V4, 443],
    ['tcp', V4, ODD],
    ['tcp', '127.0.0.9', ODD],
    ['tcp', V6, 80],
    ['tcp', V6, ODD],
  ])('sees %s to %s port %d, where nobody listens', async (protocol, destination, port) => {
    await knock(destination, port);
    expect(await recorder.take()).toEqual([expect.objectContaining({ protocol, destination, port })]);
  });

  it.each([
    [V4, 53],
    [V4, ODD],
    [V6, 443],
    [V6, ODD],
  ])('sees a datagram to %s port %d', async (destination, port) => {
    await datagram(destination, port);
    const seen = (await recorder.take()).filter(({ protocol }) => protocol === 'udp');
    expect(seen).toEqual([expect.objectContaining({ destination, port })]);
  });

  it('says from which port a connection came, once, however much goes over it', async () => {
    const server = net.createServer((socket) => socket.pipe(socket)).listen(ODD, '0.0.0.0');
    await once(server, 'listening');
    const socket = net.connect({ host: V4, port: ODD });
    await once(socket, 'connect');
    const { localPort } = socket;
    socket.write(Buffer.alloc(1 << 20));
    let received = 0;
    for await (const chunk of socket) if ((received += (chunk as Buffer).length) === 1 << 20) break;
    expect(await recorder.take()).toEqual([
      expect.objectContaining({ protocol: 'tcp', sourcePort: localPort, destination: V4, port: ODD }),
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('forgets what was taken, and sees nothing where nothing happens', async () => {
    await knock(V4, ODD);
    expect(await recorder.take()).toHaveLength(1);
    expect(await recorder.take()).toEqual([]);
  });
});
