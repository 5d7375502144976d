import { PUBLIC_V4, replaceInConfig, useBench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';
import type { Wire } from './support/wire';

const RULES = `
    allow:
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test"]
        protocol: http
      - hosts: [opaque.tcp.test]
        protocol: tcp
        ports: [5432]
        reason: a database
`;
const POLICY = `
version: 1
workloads:
  rate:
    port: 10000
    limits: { requestsPerSecond: 5 }${RULES}
  open:
    port: 10001
    limits: { connections: 3 }${RULES}
  life:
    port: 10002
    limits: { tunnelMinutes: 1 }${RULES}
  upload:
    port: 10003
    limits: { uploadKilobytesPerSecond: 100 }${RULES}
  free:
    port: 10004${RULES}
`;

describeInNamespace('limits', () => {
  // A minute is long for a test: the same places of the config say two seconds.
  const bench = useBench(POLICY, { adjust: (config) => replaceInConfig(config, '60s', '2s') });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function open(workload: string, authority: string): Promise<Wire | undefined> {
    const { reply, wire } = await connect(bench.port(workload), authority);
    return reply.status === 200 ? wire : undefined;
  }

  it('requests a second count CONNECTs and plain requests of all rules together', async () => {
    const urls = ['https://a.tls.test/', 'http://b.plain.test/', 'https://c.tls.test/', 'http://d.plain.test/'];
    const verdicts = await Promise.all(
      Array.from({ length: 24 }, (_, i) => bench.verdict(urls[i % 4] as string, { workload: 'rate' })),
    );
    const passed = verdicts.filter(({ decision }) => decision === 'allowed');
    const refused = verdicts.filter(({ decision }) => decision === 'denied');
    expect(passed.length).toBeGreaterThanOrEqual(5);
    expect(passed.length).toBeLessThanOrEqual(10); // the bucket, and what came in again meanwhile
    expect(new Set(refused.map(({ reason, reply }) => `${reason} ${reply?.status}`))).toEqual(new Set(['limit 429']));
    // They come back with time.
    await eventually(
      async () => (await bench.verdict('http://b.plain.test/', { workload: 'rate' })).decision,
      (decision) => decision === 'allowed',
    );
  });

  it('requests a second of one workload are not those of another', async () => {
    const spent = await Promise.all(
      Array.from({ length: 12 }, () => bench.verdict('http://b.plain.test/', { workload: 'rate' })),
    );
    expect(spent.some(({ reason }) => reason === 'limit')).toBe(true);
    const free = await Promise.all(
      Array.from({ length: 12 }, () => bench.verdict('http://b.plain.test/', { workload: 'free' })),
    );
    expect(new Set(free.map(({ reason }) => reason))).toEqual(new Set(['rule']));
  });

  it('connections count open tunnels of all kinds and requests in flight together', async () => {
    const tunnels = [await open('open', 'a.tls.test:443'), await open('open', 'opaque.tcp.test:5432')];
    expect(tunnels).toEqual([expect.anything(), expect.anything()]);
    const slow = bench.ask('http://b.plain.test/stream?seconds=3', { workload: 'open' });
    await eventually(
      () => bench.upstreams.heard.length,
      (count) => count === 1,
    );
    const fourth = await connect(bench.port('open'), 'c.tls.test:443');
    expect(fourth.reply).toMatchObject({ status: 429, headers: { 'x-egress-reason': 'limit' } });
    expect(await bench.verdict('http://d.plain.test/', { workload: 'open' })).toMatchObject({
      decision: 'denied',
      reason: 'limit',
      reply: { status: 429 },
    });
    expect((await slow).reply?.status).toBe(200);
    for (const wire of tunnels) wire?.close();
    await eventually(
      async () => (await bench.verdict('http://d.plain.test/', { workload: 'open' })).decision,
      (decision) => decision === 'allowed',
    );
  });

  it('many refused or finished requests do not use up the connections', async () => {
    for (let i = 0; i < 10; i++) {
      expect((await bench.verdict('https://evil.test/', { workload: 'open' })).reason).toBe('no_rule');
      expect((await bench.verdict('http://b.plain.test/', { workload: 'open' })).reason).toBe('rule');
    }
  });

  it('minutes end tunnels, streams and WebSockets alike', async () => {
    const workload = 'life';
    const tls = (await startTls((await open(workload, 'a.tls.test:443')) as Wire, { sni: 'a.tls.test' })) as Wire;
    const tcp = (await open(workload, 'opaque.tcp.test:5432')) as Wire;
    const inner = (await open(workload, 'b.plain.test:80')) as Wire;
    inner.write('GET /stream?seconds=10 HTTP/1.1\r\nHost: b.plain.test\r\n\r\n');
    const start = performance.now();
    const absolute = bench.ask('http://b.plain.test/stream?seconds=10', { workload });
    const rests = await Promise.all([tls.rest(9000), tcp.rest(9000), inner.rest(9000)]);
    expect(rests.map(({ closed }) => closed)).toEqual([true, true, true]);
    expect((await absolute).reply?.body).not.toContain('end');
    expect(performance.now() - start).toBeGreaterThan(1500);
    expect(performance.now() - start).toBeLessThan(8000);
    const unlimited = await bench.ask('http://b.plain.test/stream?seconds=4', { workload: 'free' });
    expect(unlimited.reply?.body).toContain('end');
  });

  it('kilobytes of upload a second are the sum over all connections', async () => {
    const size = 150 * 1024;
    const upload = async (workload: string): Promise<number> => {
      const wires = [
        (await open(workload, 'opaque.tcp.test:5432')) as Wire,
        (await open(workload, 'opaque.tcp.test:5432')) as Wire,
      ];
      const start = performance.now();
      await Promise.all(wires.map((wire) => wire.write(Buffer.alloc(size, 'u')).bytes(size)));
      for (const wire of wires) wire.close();
      return performance.now() - start;
    };
    expect(await upload('free')).toBeLessThan(1000);
    // 300 KiB at 100 KiB a second: three seconds, less what may come in one burst.
    expect(await upload('upload')).toBeGreaterThan(1500);
  });

  it('kilobytes of upload hold for plain requests, and leave downloads alone', async () => {
    const start = performance.now();
    const body = 'u'.repeat(300 * 1024);
    expect((await bench.ask('http://b.plain.test/', { workload: 'upload', method: 'POST', body })).reply?.status).toBe(
      200,
    );
    expect(performance.now() - start).toBeGreaterThan(1500);
    const again = performance.now();
    expect(
      (await bench.ask('http://b.plain.test/bytes?bytes=3000000', { workload: 'upload' })).reply?.body,
    ).toHaveLength(3_000_000);
    expect(performance.now() - again).toBeLessThan(1000);
    expect((await get((await open('upload', 'b.plain.test:80')) as Wire, 'b.plain.test'))?.status).toBe(200);
  });
});
