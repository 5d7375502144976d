import { HEALTH_PORT, PUBLIC_V4, useBench } from './support/bench';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

const RULES = `
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
`;
const POLICY = `
version: 1
workloads:
  greedy:
    port: 10000
    limits: { connections: 1 }${RULES}
  other:
    port: 10001${RULES}
`;
const OPENED = 600;
/** The limit, and the connections that may idle beyond it. */
const KEPT = 1 + 256;

describeInNamespace('idle connections', () => {
  const names = { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4] };
  const bench = useBench(POLICY, { names });
  const wires: Wire[] = [];
  afterEach(() => {
    for (const wire of wires.splice(0)) wire.close();
  });

  async function open(port: number, count: number): Promise<void> {
    wires.push(...(await Promise.all(Array.from({ length: count }, () => Wire.open(port)))));
  }
  const closed = (): number => wires.filter((wire) => wire.closed).length;

  const works = async (workload: string): Promise<string[]> =>
    Promise.all(
      ['https://api.allowed.test/', 'http://plain.allowed.test/'].map(
        async (url) => (await bench.verdict(url, { workload })).reason,
      ),
    );

  async function health(): Promise<number | undefined> {
    const wire = (await Wire.open(HEALTH_PORT)).write('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n');
    const reply = await wire.reply();
    wire.close();
    return reply?.status;
  }

  it('of one workload are closed at once beyond its limit, and stop neither another workload nor health', async () => {
    await open(bench.port('greedy'), OPENED);
    await eventually(closed, (count) => count >= OPENED - KEPT, 5000);
    expect(await works('other')).toEqual(['rule', 'rule']);
    expect(await health()).toBe(200);
    // No more than these: a limit that closed everything would pass the lines above.
    expect(closed()).toBe(OPENED - KEPT);
    for (const wire of wires) wire.close();
    await eventually(
      () => bench.ask('http://plain.allowed.test/', { workload: 'greedy' }).catch(() => undefined),
      (asked) => asked?.reply?.status === 200,
    );
  });

  it('to the health port stop no workload, and health is back once they are gone', async () => {
    await open(HEALTH_PORT, 100);
    await eventually(closed, (count) => count >= 100 - 64, 5000);
    expect(await works('other')).toEqual(['rule', 'rule']);
    for (const wire of wires) wire.close();
    await eventually(health, (status) => status === 200);
  });
});
