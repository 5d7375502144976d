import { HEALTH_PORT, NO_TRACES, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { Wire, type Reply } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
`;

describeInNamespace('the health port', () => {
  const bench = useBench(POLICY);

  async function send(text: string, port = HEALTH_PORT): Promise<Reply | undefined> {
    const wire = (await Wire.open(port)).write(text);
    const reply = await wire.reply();
    wire.close();
    return reply;
  }

  it('answers GET /healthz with 200 and no more than that', async () => {
    const reply = await send('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n');
    expect(reply?.status).toBe(200);
    expect(reply?.body.length).toBeLessThan(20);
  });

  it.each([
    'GET / HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'GET /healthz/x HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'GET /stats HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'GET /config_dump HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'POST /healthz HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n',
    'POST /healthcheck/fail HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n',
    'POST /quitquitquit HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n',
    'DELETE /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'TRACE /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n',
    'GET http://api.allowed.test/ HTTP/1.1\r\nHost: api.allowed.test\r\n\r\n',
    'CONNECT api.allowed.test:443 HTTP/1.1\r\nHost: api.allowed.test:443\r\n\r\n',
  ])('refuses %j', async (text) => {
    expect((await send(text))?.status).toBeGreaterThanOrEqual(400);
    expect((await send('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n'))?.status).toBe(200);
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('writes nothing into the decision log', async () => {
    await send('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n');
    await bench.log.of((await bench.ask('https://evil.test/')).id);
    expect(bench.log.lines.filter(({ authority }) => authority === 'gateway')).toEqual([]);
  });

  it('is the only one besides those of the workloads: there is no admin port', async () => {
    const open = bench.gateway.addresses.map(({ port }) => port).sort();
    expect(open).toEqual([HEALTH_PORT, 10000].sort());
    await expect(Wire.open(9901)).rejects.toThrow(/ECONNREFUSED/);
    expect((await send('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n', 10000))?.status).not.toBe(200);
  });
});
