import { HttpsProxyAgent } from 'https-proxy-agent';
import WebSocket from 'ws';
import { PUBLIC_V4, useBench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
      - host: opaque.allowed.test
        protocol: tcp
        ports: [5432]
        reason: a database
`;
/** Longer than Envoy's default route time-out of 15 s. */
const SECONDS = 16;

describeInNamespace('connections that last', () => {
  const bench = useBench(POLICY, {
    names: Object.fromEntries(['api', 'plain', 'opaque'].map((label) => [`${label}.allowed.test`, [PUBLIC_V4]])),
  });

  async function stream(url: string, form?: 'connect'): Promise<string | undefined> {
    return (await bench.ask(`${url}/stream?seconds=${SECONDS}`, { form })).reply?.body;
  }

  /** Nothing is sent for the whole time, then an echo. */
  async function idleTunnel(): Promise<string | undefined> {
    const { wire } = await connect(bench.port(), 'opaque.allowed.test:5432');
    const { closed } = await wire.rest(SECONDS * 1000);
    const echo = closed ? undefined : await wire.write('ping\n').line();
    wire.close();
    return echo;
  }

  function idleWebSocket(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket('ws://plain.allowed.test/', { agent: new HttpsProxyAgent(bench.proxy()) });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('closed')));
      socket.on('open', () => setTimeout(() => socket.send('ping'), SECONDS * 1000));
      socket.on('message', (data: Buffer) => {
        resolve(data.toString());
        socket.terminate();
      });
    });
  }

  it('more than 15 s are not cut, streaming or idle, in whatever form', async () => {
    const [tls, absolute, inTunnel, tcp, webSocket] = await Promise.all([
      stream('https://api.allowed.test'),
      stream('http://plain.allowed.test'),
      stream('http://plain.allowed.test', 'connect'),
      idleTunnel(),
      idleWebSocket(),
    ]);
    for (const body of [tls, absolute, inTunnel]) expect(body).toMatch(/^\.{50,}end$/);
    expect({ tcp, webSocket }).toEqual({ tcp: 'ping\n', webSocket: 'ping' });
  }, 40_000);

  it('arrive piece by piece, not in the end', async () => {
    const { wire } = await connect(bench.port(), 'plain.allowed.test:80');
    wire.write('GET /stream?seconds=2 HTTP/1.1\r\nHost: plain.allowed.test\r\n\r\n');
    const start = performance.now();
    await wire.line('\r\n\r\n');
    await wire.line('.');
    expect(performance.now() - start).toBeLessThan(1500);
    wire.close();
  });

  it('of 8 MB arrive whole', async () => {
    const bodies = await Promise.all([
      bench.ask('https://api.allowed.test/bytes?bytes=8000000'),
      bench.ask('http://plain.allowed.test/bytes?bytes=8000000'),
    ]);
    expect(bodies.map(({ reply }) => reply?.body.length)).toEqual([8_000_000, 8_000_000]);
  });
});
