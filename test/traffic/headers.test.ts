import { PUBLIC_V4, useBench } from './support/bench';
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
`;

/** What clients send to proxies, and what tells an Envoy what to do: neither is the server's business. */
const NOT_PASSED = [
  'Proxy-Authorization: Basic c2VjcmV0OnNlY3JldA==',
  'Proxy-Connection: keep-alive',
  'X-Forwarded-For: 10.1.2.3',
  'X-Forwarded-Host: evil.test',
  'X-Forwarded-Proto: https',
  'X-Envoy-Original-Dst-Host: 10.9.9.9:80',
  'X-Envoy-Dynamic-Host: evil.test',
  'X-Envoy-External-Address: 10.1.2.3',
  'X-Envoy-Upstream-Rq-Timeout-Ms: 1',
  'X-Envoy-Max-Retries: 9',
  'X-Envoy-Retry-On: 5xx',
  'X-Envoy-Original-Path: /secret',
  'X-Envoy-Internal: true',
  'X-Egress-Id: mine',
  'X-Egress-Rule: mine',
];

const PASSED = [
  'Authorization: Bearer token',
  'X-Api-Key: key',
  'User-Agent: agent/1.0',
  'Accept: */*',
  'X-Request-Id: mine',
];

describeInNamespace('headers', () => {
  const bench = useBench(POLICY, { names: { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4] } });
  const heardNames = (): string[] =>
    (bench.upstreams.heard[0]?.rawHeaders ?? []).filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());

  describe.each(['absolute', 'connect'] as const)('of a plain request (%s)', (form) => {
    it('arrive as the client sent them, and none is added', async () => {
      await bench.ask('http://plain.allowed.test/', { form, headers: PASSED });
      const names = PASSED.map((line) => (line.split(':')[0] as string).toLowerCase());
      expect(heardNames().sort()).toEqual(['host', ...names].sort());
      const values = bench.upstreams.heard[0]?.rawHeaders ?? [];
      for (const line of PASSED) expect(values).toContain(line.split(': ')[1]);
    });

    it.each(NOT_PASSED)('do not arrive when they are for proxies: %s', async (line) => {
      const { reply } = await bench.ask('http://plain.allowed.test/', { form, headers: [line] });
      expect(reply?.status).toBe(200);
      expect(bench.upstreams.heard).toMatchObject([{ host: 'plain.allowed.test', address: PUBLIC_V4, url: '/' }]);
      expect(heardNames()).toEqual(['host']);
    });

    it('that `Connection` names do not arrive', async () => {
      await bench.ask('http://plain.allowed.test/', { form, headers: ['Connection: close, X-Hop', 'X-Hop: 1'] });
      expect(heardNames()).not.toContain('x-hop');
    });
  });

  it.each(NOT_PASSED)('of a CONNECT never reach the tunnel: %s', async (line) => {
    const { reply } = await bench.ask('https://api.allowed.test/', { connectHeaders: [line] });
    expect(reply?.status).toBe(200);
    expect(heardNames()).toEqual(['host']);
  });

  describe('of a reply', () => {
    it('tell nothing of the gateway when the server spoke', async () => {
      const { reply } = await bench.ask('http://plain.allowed.test/');
      const names = Object.keys(reply?.headers ?? {});
      expect(names.filter((name) => name.startsWith('x-envoy'))).toEqual([]);
      expect(reply?.headers.server).toBeUndefined();
      expect(reply?.headers['x-egress-reason']).toBeUndefined();
    });

    it.each(['absolute', 'connect'] as const)('cannot be forged by a server (%s)', async (form) => {
      const { reply, connect } = await bench.ask('http://plain.allowed.test/forged', { form });
      const { 'x-egress-reason': reason, 'x-egress-id': id } = reply?.headers ?? {};
      expect({ reason, forged: id === 'forged' }).toEqual({ reason: undefined, forged: false });
      const line = await bench.log.of(connect?.headers['x-egress-id'] ?? id ?? '');
      expect(line).toMatchObject({ decision: 'allowed', reason: 'rule', status: 403 });
    });
  });
});
