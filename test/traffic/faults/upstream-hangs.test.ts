import { PUBLIC_V4, replaceInConfig, useBench, type Bench } from '../support/bench';
import { clientHello } from '../support/client-hello';
import { connect } from '../support/clients';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { Wire } from '../support/wire';
import { startTraffic, type BackgroundTraffic } from './support/background-traffic';
import { startDeafServer } from './support/deaf-server';
import { figure } from './support/figures';
import { openFiles } from './support/process-facts';
import { RawServer } from './support/raw-server';
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
      - host: bad.tls.test
        ports: [9001]
      - host: bad.plain.test
        protocol: http
        ports: [9001, 9002]
      - host: bad.tcp.test
        protocol: tcp
        ports: [9001]
        reason: a database
      - host: bad.tls.test
        ports: [9003]
      - host: bad.plain.test
        protocol: http
        ports: [9003]
`;
const [SILENT, EVENTS, DEAF] = [9001, 9002, 9003] as const;
/** A model that thinks: longer than any default time-out of Envoy's (15 s for a route, 60 s for idle HTTP connections). */
const SILENCE_MS = sized(70_000, 5000);
const WAITING = sized(300, 10);
/** So many at a time, since a client that is slow to send its first bytes is given up. */
const AT_A_TIME = 10;
const EVENT = 'data: done\n\n';

const get = (host: string, path = '/'): string => `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

/** Requests in every form that wait for an answer. */
async function waiting(bench: Bench): Promise<Wire[]> {
  const open = async (authority: string, first: string | Buffer): Promise<Wire> =>
    (await connect(bench.port(), authority)).wire.write(first);
  const plain = `bad.plain.test:${SILENT}`;
  return Promise.all([
    open(`bad.tls.test:${SILENT}`, await clientHello('bad.tls.test')),
    open(`bad.tcp.test:${SILENT}`, 'hello'),
    open(plain, `GET / HTTP/1.1\r\nHost: ${plain}\r\n\r\n`),
    Wire.open(bench.port()).then((wire) => wire.write(get(plain))),
  ]);
}

const honest = (bench: Bench): BackgroundTraffic =>
  startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);

/** Servers that take requests and say nothing; one of them says its last word after {@link SILENCE_MS}. */
function useHangingServers(bench: Bench): RawServer[] {
  const servers: RawServer[] = [];
  beforeAll(async () => {
    bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    servers.push(
      await RawServer.listen(SILENT, (socket) => socket.resume()),
      await RawServer.listen(EVENTS, (socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
          const timer = setTimeout(() => socket.end(EVENT), SILENCE_MS);
          socket.on('close', () => clearTimeout(timer));
        });
      }),
    );
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));
  return servers;
}

describeInNamespace('an upstream that hangs', () => {
  const bench = useBench(POLICY);
  const servers = useHangingServers(bench);

  it('holds up nobody else, may think for long, and is let go with its clients', async () => {
    const before = openFiles(bench.gateway.pid);
    const traffic = honest(bench);
    const wires: Wire[] = [];
    while (wires.length < WAITING * 4) {
      wires.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, () => waiting(bench)))).flat());
    }
    await eventually(
      () => servers[0]?.open,
      (open) => open === wires.length,
      30_000,
    );
    const host = `bad.plain.test:${EVENTS}`;
    const events = [
      (await Wire.open(bench.port())).write(get(host)),
      (await connect(bench.port(), host)).wire.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    ];
    // An event stream (MCP's Streamable HTTP) that is silent for so long goes on, and so do those that have not begun.
    const texts = await Promise.all(events.map((wire) => wire.line(EVENT, SILENCE_MS + 20_000)));
    expect(texts.map((text) => text?.includes('text/event-stream'))).toEqual([true, true]);
    expect(wires.filter((wire) => wire.closed)).toEqual([]);
    for (const wire of wires) wire.close();
    await eventually(
      () => servers[0]?.open,
      (open) => open === 0,
    );
    await eventually(
      () => openFiles(bench.gateway.pid),
      (files) => files <= before + 10,
    );
    await traffic.more(4);
    const { medianMs, slowestMs } = await traffic.stop();
    figure(`honest requests beside ${wires.length} that wait`, `median ${medianMs} ms, slowest ${slowestMs} ms`);
  }, 180_000);

  it('to whom no connection comes about is given up after 10 s', async () => {
    const deaf = await startDeafServer(DEAF);
    const traffic = honest(bench);
    const started = performance.now();
    const { wire } = await connect(bench.port(), `bad.tls.test:${DEAF}`);
    const [tunnel, plain] = await Promise.all([
      wire.write(await clientHello('bad.tls.test')).rest(20_000),
      (await Wire.open(bench.port())).write(get(`bad.plain.test:${DEAF}`)).reply({ deadlineMs: 20_000 }),
    ]);
    figure('given up after', (performance.now() - started) / 1000, 's');
    expect(tunnel).toMatchObject({ text: '', closed: true });
    expect(plain).toMatchObject({ status: 503, headers: { 'x-egress-reason': 'unreachable' } });
    await traffic.stop();
    await deaf.close();
  }, 60_000);
});

describeInNamespace('an hour without a byte', () => {
  // The same places of the config say three seconds.
  const bench = useBench(POLICY, { adjust: (config) => replaceInConfig(config, '3600s', '3s') });
  useHangingServers(bench);

  it('ends what waits, in every form, and nothing that moves', async () => {
    const traffic = honest(bench);
    const moving = bench.ask('http://living.plain.test/stream?seconds=6');
    const wires = await waiting(bench);
    const [tls, tcp, inTunnel, absolute] = wires as [Wire, Wire, Wire, Wire];
    for (const wire of [tls, tcp]) expect(await wire.rest(15_000)).toMatchObject({ text: '', closed: true });
    // Inside the tunnel it is told as well, but the tunnel ends at the same moment.
    expect(await inTunnel.rest(15_000)).toMatchObject({ closed: true });
    expect(await absolute.reply({ deadlineMs: 15_000 })).toMatchObject({
      status: 504,
      headers: { 'x-egress-reason': 'unreachable' },
    });
    absolute.close();
    expect((await moving).reply?.body).toMatch(/^\.+end$/);
    await traffic.stop();
  }, 60_000);
});
