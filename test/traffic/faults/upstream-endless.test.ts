import type net from 'node:net';
import { PUBLIC_V4, useBench } from '../support/bench';
import { connect } from '../support/clients';
import { describeInNamespace } from '../support/namespace';
import { Wire } from '../support/wire';
import { startTraffic } from './support/background-traffic';
import { figure } from './support/figures';
import { residentMiB } from './support/process-facts';
import { pour, RawServer } from './support/raw-server';
import { sized } from './support/size';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: living.tls.test
      - host: living.plain.test
        protocol: http
      - host: bad.plain.test
        protocol: http
        ports: [9001, 9002, 9003, 9004, 9005, 9006]
      - host: bad.tcp.test
        protocol: tcp
        ports: [9006]
        reason: a database
`;
const MIB = 1024 * 1024;
/** Clients of one such server at a time. */
const CLIENTS = sized(50, 20);
/** A body without a length. */
const BODY_BYTES = sized(1024, 100) * MIB;
/** More than the buffers of all connections may take: 64 KiB on either side of the hops. */
const GROWTH_MIB = 32;
const CHUNK = Buffer.alloc(64 * 1024, 'b');
/** A client reads as long as this when nothing ends. */
const READ_MS = sized(10_000, 2000);

const OK = 'HTTP/1.1 200 OK\r\n';
const endless = (head: string, more: string | Buffer) => (socket: net.Socket) =>
  void socket.once('data', () => {
    socket.write(head);
    pour(socket, () => more);
  });

function body(socket: net.Socket): void {
  socket.once('data', () => {
    socket.write(`${OK}\r\n`);
    let left = BODY_BYTES;
    pour(socket, () => {
      const next = left === 0 ? undefined : CHUNK.subarray(0, Math.min(CHUNK.length, left));
      left -= next?.length ?? 0;
      return next;
    });
  });
}

const SERVERS: Readonly<Record<number, (socket: net.Socket) => void>> = {
  9001: endless(OK, `x-more: ${'h'.repeat(500)}\r\n`.repeat(100)),
  9002: endless(`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n`, `x-more: ${'t'.repeat(500)}\r\n`.repeat(100)),
  9003: endless('', CHUNK),
  9004: endless(`${OK}Transfer-Encoding: chunked\r\n\r\n1;`, CHUNK),
  9005: endless('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)),
  9006: body,
};

describeInNamespace('an upstream that sends without end', () => {
  const bench = useBench(POLICY);
  const servers: RawServer[] = [];
  beforeAll(async () => {
    bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    for (const [port, treat] of Object.entries(SERVERS)) servers.push(await RawServer.listen(Number(port), treat));
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  /** To a client of HTTP/1.0 a body without a length goes as it is, and ends with the connection. */
  const request = async (port: number, inTunnel: boolean, version: '1.0' | '1.1' = '1.1'): Promise<Wire> => {
    const host = `bad.plain.test:${port}`;
    const [to, wire] = inTunnel
      ? ['/', (await connect(bench.port(), host)).wire]
      : [`http://${host}/`, await Wire.open(bench.port())];
    return wire.write(`GET ${to} HTTP/${version}\r\nHost: ${host}\r\n\r\n`);
  };

  /** Lets many clients have it while honest ones ask. @returns what `fate` says of each, each once; memory stays bounded meanwhile */
  async function underTraffic(what: string, fate: (inTunnel: boolean) => Promise<string>): Promise<string[]> {
    const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    await traffic.more(4);
    const before = residentMiB(bench.gateway.pid);
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, residentMiB(bench.gateway.pid))), 50);
    const fates = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => fate(i % 2 === 1)));
    clearInterval(timer);
    await traffic.more(4, 30_000);
    await traffic.stop();
    figure(
      `Envoy's memory, ${what} to ${CLIENTS} clients`,
      `${Math.round(before)} MiB, at most ${Math.round(most)} MiB`,
    );
    expect(most - before).toBeLessThan(GROWTH_MIB);
    return [...new Set(fates)].sort();
  }

  const status = (port: number) => async (inTunnel: boolean) => {
    const wire = await request(port, inTunnel);
    const reply = await wire.reply({ deadlineMs: 30_000 });
    wire.close();
    return `${reply?.status} ${reply?.headers['x-egress-reason']}`;
  };

  it('headers is given up, and the client is told', async () => {
    expect(await underTraffic('endless headers', status(9001))).toEqual(['502 unreachable']);
  }, 120_000);

  it('bytes that are no HTTP is given up, and the client is told', async () => {
    expect(await underTraffic('endless bytes', status(9003))).toEqual(['502 unreachable']);
  }, 120_000);

  it.each([
    ['chunk trailers', 9002, 'closed'],
    // Neither is handed on: the client waits, as for a server that says nothing, and nothing piles up.
    ['chunk extensions', 9004, 'goes on, little came'],
    ['interim responses', 9005, 'goes on, little came'],
  ])(
    '%s takes no memory',
    async (what, port, expected) => {
      const fate = async (inTunnel: boolean): Promise<string> => {
        const wire = await request(port, inTunnel);
        let bytes = 0;
        const socket = wire.release();
        socket.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
        const closed = await new Promise<boolean>((resolve) => {
          socket.once('close', () => resolve(true));
          setTimeout(() => resolve(false), READ_MS);
        });
        socket.destroy();
        return closed ? 'closed' : `goes on, ${bytes > READ_MS ? 'much' : 'little'} came`;
      };
      expect(await underTraffic(`endless ${what}`, fate)).toEqual([expected]);
    },
    120_000,
  );

  it('a body is read no faster than the client reads it', async () => {
    const stalled = async (inTunnel: boolean): Promise<string> => {
      const wire = await request(9006, inTunnel);
      wire.release().pause();
      await new Promise((resolve) => setTimeout(resolve, READ_MS));
      wire.close();
      return 'stalled';
    };
    expect(await underTraffic('a body that nobody reads', stalled)).toEqual(['stalled']);
  }, 120_000);

  it('a body without a length arrives whole, in every form', async () => {
    const before = residentMiB(bench.gateway.pid);
    const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }]);
    const started = performance.now();
    const sizes = await Promise.all([
      request(9006, false, '1.0').then(bodyBytes),
      request(9006, true, '1.0').then(bodyBytes),
      connect(bench.port(), 'bad.tcp.test:9006').then(({ wire }) => bodyBytes(wire.write('go'))),
    ]);
    figure(`three bodies of ${BODY_BYTES / MIB} MiB in`, (performance.now() - started) / 1000, 's');
    expect(sizes).toEqual([BODY_BYTES, BODY_BYTES, BODY_BYTES]);
    expect(residentMiB(bench.gateway.pid) - before).toBeLessThan(GROWTH_MIB);
    await traffic.more(2, 30_000);
    await traffic.stop();
  }, 300_000);
});

/** Bytes after the reply's head until the close; none of them is kept, nor copied again and again. */
async function bodyBytes(wire: Wire): Promise<number> {
  const socket = wire.release();
  let head = '';
  let bytes = 0;
  socket.on('data', (part: Buffer) => {
    if (head.includes('\r\n\r\n')) return void (bytes += part.length);
    const before = head.length;
    head += part.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) bytes = part.length - (end + 4 - before);
  });
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve).once('end', resolve));
  socket.destroy();
  return bytes;
}
