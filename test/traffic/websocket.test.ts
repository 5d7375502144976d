import { HttpsProxyAgent } from 'https-proxy-agent';
import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { absolute } from './support/clients';
import { describeInNamespace } from './support/namespace';
import { webSocketEcho } from './support/real-clients';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
        ports: [80, 8080]
        methods: [GET]
        paths: [/socket]
`;
const HANDSHAKE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

describeInNamespace('a WebSocket', () => {
  const bench = useBench(POLICY, { names: { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4] } });

  it('runs inside TLS', async () => {
    const agent = new HttpsProxyAgent(bench.proxy());
    expect(await webSocketEcho('wss://api.allowed.test/socket', 'hello', { agent, ca: bench.certificates.ca })).toBe(
      'hello',
    );
  });

  it('runs through a tunnel to a plain host', async () => {
    const agent = new HttpsProxyAgent(bench.proxy());
    expect(await webSocketEcho('ws://plain.allowed.test:8080/socket', 'hello', { agent })).toBe('hello');
  });

  it('runs as an absolute-form request', async () => {
    // ws resolves names itself; a request to the proxy with the absolute target is what a client without CONNECT sends.
    const url = `ws://127.0.0.1:${bench.port()}/socket`;
    const echo = webSocketEcho(url, 'hello', {
      headers: { host: 'plain.allowed.test' },
      finishRequest: (request) => {
        request.path = 'http://plain.allowed.test/socket';
        request.end();
      },
    });
    expect(await echo).toBe('hello');
    expect(bench.traces.dialled).toEqual([PUBLIC_V4]);
  });

  it('is judged by its path, method and host like any request', async () => {
    const refused = [
      await absolute(bench.port(), 'http://plain.allowed.test/other', { headers: HANDSHAKE }),
      await absolute(bench.port(), 'http://plain.allowed.test/socket', { headers: HANDSHAKE, method: 'POST' }),
      await absolute(bench.port(), 'http://evil.test/socket', { headers: HANDSHAKE }),
    ];
    expect(refused.map(({ headers }) => headers['x-egress-reason'])).toEqual(['path', 'method', 'no_rule']);
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it.each(['h2c', 'TLS/1.0', 'foo', 'CONNECT-UDP'])('is the only upgrade: %s is not passed on', async (upgrade) => {
    const headers = ['Connection: Upgrade', `Upgrade: ${upgrade}`];
    await absolute(bench.port(), 'http://plain.allowed.test/socket', { headers });
    for (const { rawHeaders } of bench.upstreams.heard) {
      expect(rawHeaders.map((text) => text.toLowerCase())).not.toContain('upgrade');
    }
  });
});
