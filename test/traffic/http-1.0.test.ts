import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
`;

/** Python up to 3.11 opens its tunnels with HTTP/1.0. */
describeInNamespace('HTTP/1.0', () => {
  const bench = useBench(POLICY, { names: { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4] } });
  const send = async (text: string): ReturnType<Wire['reply']> => {
    const wire = (await Wire.open(bench.port())).write(text);
    const reply = await wire.reply();
    wire.close();
    return reply;
  };

  it('opens a tunnel', async () => {
    const { connect, reply } = await bench.ask('https://api.allowed.test/', { version: '1.0' });
    expect(connect?.status).toBe(200);
    expect(reply?.status).toBe(200);
  });

  it('opens a tunnel without a Host header', async () => {
    const wire = (await Wire.open(bench.port())).write('CONNECT api.allowed.test:443 HTTP/1.0\r\n\r\n');
    expect((await wire.reply({ to: 'CONNECT' }))?.status).toBe(200);
    wire.close();
  });

  it('is refused like any other', async () => {
    expect(await bench.verdict('https://evil.test/', { version: '1.0' })).toMatchObject({
      reason: 'no_rule',
      reply: { status: 403 },
    });
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('sends a plain request', async () => {
    const reply = await send('GET http://plain.allowed.test/x HTTP/1.0\r\nHost: plain.allowed.test\r\n\r\n');
    expect(reply?.status).toBe(200);
    expect(bench.upstreams.heard).toMatchObject([{ url: '/x', host: 'plain.allowed.test' }]);
  });

  it('in origin form without a Host is malformed', async () => {
    expect((await send('GET / HTTP/1.0\r\n\r\n'))?.status).toBe(400);
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
