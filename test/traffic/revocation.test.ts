import { PUBLIC_V4, useBench, type Bench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

/** A revoked tunnel must be gone by then. */
const REVOKED_MS = 30_000;
/** As long as a tunnel is watched that must live. */
const WATCHED_MS = 3000;

async function tls(bench: Bench, host: string, workload?: string): Promise<Wire> {
  const { wire } = await connect(bench.port(workload), `${host}:443`);
  return (await startTls(wire, { sni: host })) as Wire;
}

async function plainTunnel(bench: Bench, host: string, workload?: string): Promise<Wire> {
  const { wire } = await connect(bench.port(workload), `${host}:80`);
  expect((await get(wire, host))?.status).toBe(200);
  return wire;
}

async function stream(bench: Bench, host: string, workload?: string): Promise<Wire> {
  const wire = await Wire.open(bench.port(workload));
  wire.write(`GET http://${host}/stream?seconds=40 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await wire.line('.');
  return wire;
}

const ended = async (wires: readonly Wire[], withinMs: number): Promise<boolean[]> =>
  (await Promise.all(wires.map((wire) => wire.rest(withinMs)))).map(({ closed }) => closed);

const WIDE = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.x.test"]
      - hosts: ["*.plain.test"]
        protocol: http
      - hosts: ["*.y.test"]
`;

describeInNamespace('a more specific rule that is added', () => {
  const bench = useBench(WIDE);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('ends the tunnels that the wider rule had let through to its host', async () => {
    const revoked = [
      await tls(bench, 'sub.x.test'),
      await plainTunnel(bench, 'sub.plain.test'),
      await stream(bench, 'sub.plain.test'),
    ];
    // Not one of the wider rule: its tunnels to other hosts share the chain, and end as well.
    const unrelated = await tls(bench, 'sub.y.test');
    await bench.publish(
      `${WIDE}      - { host: sub.x.test, private: [10.9.9.0/24] }
      - { host: sub.plain.test, protocol: http, private: [10.9.9.0/24] }
`,
    );
    expect(await ended(revoked, REVOKED_MS)).toEqual([true, true, true]);
    expect((await bench.verdict('https://sub.x.test/')).reason).toBe('no_address');
    expect((await bench.verdict('http://sub.plain.test/')).reason).toBe('private_address');
    expect((await bench.verdict('https://other.x.test/')).reason).toBe('rule');
    expect((await bench.verdict('http://other.plain.test/', { form: 'connect' })).reason).toBe('rule');
    expect(await ended([unrelated], WATCHED_MS)).toEqual([false]);
    expect((await get(unrelated, 'sub.y.test'))?.status).toBe(200);
    unrelated.close();
  }, 60_000);
});

const limited = (limits: string): string => `
version: 1
workloads:
  web:
    port: 10000
    ${limits}
    allow:
      - host: api.allowed.test
      - { host: plain.allowed.test, protocol: http }
      - { host: opaque.allowed.test, protocol: tcp, ports: [5432], reason: a database }
  other:
    port: 10001
    allow:
      - host: api.allowed.test
      - { host: plain.allowed.test, protocol: http }
      - { host: opaque.allowed.test, protocol: tcp, ports: [5432], reason: a database }
`;

describeInNamespace.each([
  ['of minutes', 'limits: { tunnelMinutes: 60 }'],
  ['of connections', 'limits: { connections: 10 }'],
  ['of requests', 'limits: { requestsPerSecond: 50 }'],
  ['of upload', 'limits: { uploadKilobytesPerSecond: 1000 }'],
])('a limit %s that is added', (_what, limits) => {
  const bench = useBench(limited(''));
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  const openAll = async (workload: string): Promise<Wire[]> => [
    await tls(bench, 'api.allowed.test', workload),
    await plainTunnel(bench, 'plain.allowed.test', workload),
    await stream(bench, 'plain.allowed.test', workload),
    (await connect(bench.port(workload), 'opaque.allowed.test:5432')).wire,
  ];

  it('ends the open tunnels of its workload, which had begun without it, and no others', async () => {
    const [revoked, kept] = [await openAll('web'), await openAll('other')];
    await bench.publish(limited(limits));
    expect(await ended(revoked, REVOKED_MS)).toEqual([true, true, true, true]);
    expect(await ended(kept, WATCHED_MS)).toEqual([false, false, false, false]);
    expect((await get(kept[0] as Wire, 'api.allowed.test'))?.status).toBe(200);
    expect((await bench.verdict('https://api.allowed.test/')).reason).toBe('rule');
    for (const wire of kept) wire.close();
  }, 60_000);
});
