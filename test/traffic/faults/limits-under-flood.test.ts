import { PUBLIC_V4, useBench } from '../support/bench';
import { describeInNamespace } from '../support/namespace';
import { startTraffic, type BackgroundTraffic } from './support/background-traffic';
import { Child } from './support/child';
import { figure } from './support/figures';
import type { Flood, GreedyCount } from './support/greedy-client';
import { sized } from './support/size';
import { eventually } from '../support/eventually';
import { connect } from '../support/clients';

const RULES = `
    allow:
      - { host: held.tcp.test, protocol: tcp, ports: [8443], reason: an echo }
      - { host: living.plain.test, protocol: http }`;
const POLICY = `
version: 1
workloads:
  honest:
    port: 10000
    allow:
      - host: living.tls.test
      - { host: living.plain.test, protocol: http }
  rate:
    port: 10001
    limits: { requestsPerSecond: 50 }${RULES}
  open:
    port: 10002
    limits: { connections: 100 }${RULES}
  life:
    port: 10003
    limits: { tunnelMinutes: 1 }${RULES}
  upload:
    port: 10004
    limits: { uploadKilobytesPerSecond: 500 }${RULES}
`;
const FLOOD_MS = sized(8000, 2000);
const AT_A_TIME = sized(200, 40);
const PLAIN = 'http://living.plain.test/flood/{n}';

describeInNamespace('limits of the policy under a flood', () => {
  // A minute is long for a test: the same places of the config say four seconds. Idle times of Envoy's are 60 s as well.
  const bench = useBench(POLICY, {
    ports: { 80: 'http', 443: 'https' },
    adjust: (config) =>
      JSON.parse(
        JSON.stringify(config).replaceAll('"max_stream_duration":"60s"', '"max_stream_duration":"4s"'),
      ) as typeof config,
  });
  const children: Child[] = [];
  let traffic: BackgroundTraffic;
  const start = async (script: string): Promise<Child> => {
    const child = await Child.start(script);
    children.push(child);
    return child;
  };
  beforeAll(async () => {
    bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    await (await start('echo-server')).ask('listen', 8443);
  });
  beforeEach(() => {
    traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
  });
  afterEach(async () => {
    const { medianMs, slowestMs } = await traffic.stop();
    figure('honest requests of another workload', `median ${medianMs} ms, slowest ${slowestMs} ms`);
  });
  afterAll(() => Promise.all(children.map((child) => child.end())));

  /** Floods for {@link FLOOD_MS}, counting for `look` meanwhile. */
  async function flood(port: number, more: Partial<Flood>, look: () => void = () => undefined): Promise<GreedyCount> {
    const client = await start('greedy-client');
    const options: Flood = { port, authority: 'held.tcp.test:8443', atATime: AT_A_TIME, ...more };
    await client.ask('flood', options);
    const end = Date.now() + FLOOD_MS;
    while (Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      look();
    }
    const count = await client.ask<GreedyCount>('stop');
    await client.end();
    return count;
  }

  it.each([
    ['CONNECT', { holdMs: 300 }],
    ['plain HTTP', { url: PLAIN }],
  ])(
    'requests a second of %s pass as many as they may, and a 429 is all that the rest gets',
    async (_form, more) => {
      const seconds = FLOOD_MS / 1000;
      const { answers } = await flood(10_001, more);
      // Closed: by the client itself before the answer came.
      const { 200: passed = 0, 429: refused = 0, closed: _closed, ...others } = answers;
      figure('passed, of 50 a second', passed / seconds, 'a second');
      // The bucket, and what came in again meanwhile; the flood lasts a little longer than its clock says.
      expect(passed).toBeLessThanOrEqual(50 * (seconds + 3));
      // No more than that is sure on a busy machine, where answers come after the client has gone.
      expect(passed).toBeGreaterThanOrEqual(50);
      // How many are refused hangs on how fast the machine asks.
      expect([others, refused > 0]).toEqual([{}, true]);
    },
    60_000,
  );

  it.each([
    ['CONNECT', {}],
    ['plain HTTP', { url: 'http://living.plain.test/stream?seconds=60&n={n}' }],
  ])(
    'connections of %s are never more than they may be',
    async (_form, more) => {
      let most = 0;
      const client = await start('greedy-client');
      await client.ask('flood', {
        port: 10_002,
        authority: 'held.tcp.test:8443',
        atATime: 300,
        ...more,
      } satisfies Flood);
      const end = Date.now() + FLOOD_MS;
      while (Date.now() < end) most = Math.max(most, (await client.ask<GreedyCount>('count')).open);
      const { answers } = await client.ask<GreedyCount>('stop');
      await client.end();
      expect(most).toBe(100);
      expect(Object.keys(answers).filter((status) => !['200', '429', 'closed'].includes(status))).toEqual([]);
      expect(answers['429']).toBeGreaterThan(100);
      // They come back with the tunnels' end.
      await eventually(
        async () => (await bench.ask('http://living.plain.test/', { workload: 'open' })).reply?.status,
        (status) => status === 200,
      );
    },
    60_000,
  );

  it('minutes of a tunnel end each of many', async () => {
    const client = await start('greedy-client');
    const count = sized(1000);
    await client.ask('open', { port: 10_003, authority: 'held.tcp.test:8443', count });
    expect((await client.ask<GreedyCount>('count')).answers).toEqual({ 200: count });
    await eventually(
      async () => (await client.ask<GreedyCount>('count')).open,
      (open) => open === 0,
      30_000,
    );
    await client.end();
  }, 60_000);

  it.each(['CONNECT', 'plain HTTP'])(
    'kilobytes of upload a second over many connections of %s',
    async (form) => {
      const size = 50 * 1024;
      const uploads = sized(100, 40);
      const started = performance.now();
      const upload = async (): Promise<void> => {
        if (form === 'plain HTTP') {
          const body = 'u'.repeat(size);
          const { reply } = await bench.ask('http://living.plain.test/', { workload: 'upload', method: 'POST', body });
          return expect(reply?.status).toBe(200);
        }
        const { wire } = await connect(bench.port('upload'), 'held.tcp.test:8443');
        expect(await wire.write(Buffer.alloc(size, 'u')).bytes(size, 30_000)).toHaveLength(size);
        wire.close();
      };
      // Each for itself has its time; replies of plain requests come within 10 s.
      for (let left = uploads; left > 0; left -= 20) {
        await Promise.all(Array.from({ length: Math.min(left, 20) }, upload));
      }
      const seconds = (performance.now() - started) / 1000;
      figure('upload, of 500 KiB a second', (uploads * size) / 1024 / seconds, 'KiB a second');
      // A burst of a second, and no more.
      expect(seconds).toBeGreaterThan((uploads * size) / 1024 / 500 - 1.5);
    },
    120_000,
  );
});
