import { NO_TRACES, PUBLIC_V4, PUBLIC_V6, useBench } from './support/bench';
import { connect, startTls } from './support/clients';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: git.allowed.test
        protocol: tcp
        ports: [22]
        reason: git over SSH
      - host: db.allowed.test
        protocol: tcp
        ports: [5432, 443]
        reason: a database
      - host: lan.allowed.test
        protocol: tcp
        ports: [5432]
        reason: an internal database
        private: [10.9.9.0/24]
      - host: gone.allowed.test
        protocol: tcp
        ports: [5432, 9]
        reason: not there
`;

describeInNamespace('rules for opaque TCP', () => {
  const bench = useBench(POLICY, {
    names: {
      'git.allowed.test': [PUBLIC_V4],
      'db.allowed.test': [PUBLIC_V6, '10.9.9.9'],
      'lan.allowed.test': ['10.9.9.9'],
    },
  });

  it('pass a protocol in which the server speaks first', async () => {
    const { reply, wire } = await connect(bench.port(), 'git.allowed.test:22');
    expect(reply.status).toBe(200);
    expect(await wire.line()).toBe('SSH-2.0-bench\r\n');
    expect(await wire.write('SSH-2.0-client\r\n').line()).toBe('SSH-2.0-client\r\n');
    wire.close();
  });

  it('pass any bytes, TLS with any name included', async () => {
    const { wire } = await connect(bench.port(), 'db.allowed.test:5432');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect(await wire.write(bytes).bytes(256)).toEqual(bytes);
    wire.close();
    const tls = await connect(bench.port(), 'db.allowed.test:443');
    expect(await startTls(tls.wire, { sni: 'whatever.test' })).toBeDefined();
    tls.wire.close();
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V6]);
  });

  it('end as a whole when one side ends: Envoy keeps no half-open tunnel', async () => {
    const { wire } = await connect(bench.port(), 'db.allowed.test:5432');
    expect(await wire.write('echo\n').line()).toBe('echo\n');
    wire.socket.end();
    expect((await wire.rest()).closed).toBe(true);
    await eventually(
      () => bench.upstreams.arrivals.map((arrival) => arrival.closed()),
      (closed) => closed.every(Boolean),
    );
  });

  it('refuse before the 200 what has no address that they may reach', async () => {
    bench.dns.set('gone.allowed.test', '192.168.7.7');
    expect(await bench.verdict('https://gone.allowed.test:5432/')).toMatchObject({
      reason: 'private_address',
      connect: { status: 403 },
    });
    bench.dns.set('gone.allowed.test', { rcode: 'NXDOMAIN' });
    expect(await bench.verdict('https://gone.allowed.test:9/')).toMatchObject({
      reason: 'dns_failure',
      connect: { status: 502 },
    });
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('reach the private range that they name', async () => {
    const { wire } = await connect(bench.port(), 'lan.allowed.test:5432');
    expect(await wire.write('x\n').line()).toBe('x\n');
    wire.close();
    expect(bench.upstreams.dialled).toEqual(['10.9.9.9']);
  });

  it.each([
    ['https://git.allowed.test:5432/', 'port'],
    ['https://git.allowed.test/', 'port'],
    ['https://other.allowed.test:22/', 'no_rule'],
    ['http://db.allowed.test:5432/', 'not_connect'],
    ['http://db.allowed.test:443/', 'not_connect'],
    ['http://git.allowed.test/', 'port'],
  ])('refuse %s', async (url, reason) => {
    expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason, reply: { status: 403 } });
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
