import { PUBLIC_V4, useBench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';
import type { Line } from './support/log-book';

const POLICY = `
version: 1
mode: observe
workloads:
  web:
    port: 10000
    limits: { requestsPerSecond: 500 }
    allow:
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test"]
        protocol: http
        methods: [GET]
        paths: [/public/]
      - host: past.over.test
        expires: 2020-01-01
      - host: past.plainover.test
        protocol: http
        methods: [GET]
        paths: [/public/]
        expires: 2020-01-01
      - host: opaque.tcp.test
        protocol: tcp
        ports: [5432]
        reason: a database
      - host: internal.lan.test
        private: [10.9.9.0/24]
`;

describeInNamespace('mode observe', () => {
  const bench = useBench(POLICY);
  beforeAll(() => {
    bench.dns.fallback = (name) => ({ addresses: [name.startsWith('private') ? '10.9.9.9' : PUBLIC_V4] });
    bench.dns.set('internal.lan.test', '10.9.9.9');
  });

  async function lineOf(url: string, options: Parameters<typeof bench.ask>[1] = {}): Promise<Line & { got?: number }> {
    const { reply, id } = await bench.ask(url, { ...options });
    return { ...(await bench.log.of(id)), got: reply?.status };
  }

  it.each([
    ['https://a.tls.test/', {}],
    ['http://a.plain.test/public/', {}],
    ['http://a.plain.test/public/', { form: 'connect' as const }],
  ])('logs what a rule allows as allowed: %s', async (url, options) => {
    expect(await lineOf(url, options)).toMatchObject({ got: 200, decision: 'allowed', reason: 'rule' });
  });

  it.each([
    ['another host', 'https://evil.test/', {}, 'no_rule'],
    ['another host over plain HTTP', 'http://evil.test/', {}, 'no_rule'],
    ['another host over plain HTTP in a tunnel', 'http://evil.test/', { form: 'connect' as const }, 'no_rule'],
    ['another port', 'https://a.tls.test:8443/', {}, 'port'],
    ['another port over plain HTTP', 'http://a.plain.test:8080/public/', {}, 'port'],
    ['another server name', 'https://a.tls.test/', { sni: 'b.tls.test' }, 'sni_mismatch'],
    ['no server name', 'https://a.tls.test/', { sni: null }, 'sni_mismatch'],
    ['another method', 'http://a.plain.test/public/', { method: 'POST' }, 'method'],
    [
      'another method in a tunnel',
      'http://a.plain.test/public/',
      { method: 'POST', form: 'connect' as const },
      'method',
    ],
    ['another path', 'http://a.plain.test/secret', {}, 'path'],
    ['another path in a tunnel', 'http://a.plain.test/secret', { form: 'connect' as const }, 'path'],
    ['a public address', `http://${PUBLIC_V4}/`, {}, 'ip_literal'],
    ['a rule that is over', 'https://past.over.test/', {}, 'expired'],
    ['a plain rule that is over', 'http://past.plainover.test/public/', {}, 'expired'],
    [
      'a plain rule that is over, in a tunnel',
      'http://past.plainover.test/public/',
      { form: 'connect' as const },
      'expired',
    ],
  ])('lets %s pass and logs would_deny', async (_what, url, options, reason) => {
    expect(await lineOf(url, options)).toMatchObject({ got: 200, decision: 'would_deny', reason });
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it('lets bytes that are not TLS pass and logs would_deny', async () => {
    const { reply, wire } = await connect(bench.port(), 'a.tls.test:443');
    wire.write('not TLS at all\r\n\r\n');
    await wire.rest(3000);
    wire.close();
    expect(await bench.log.of(reply.headers['x-egress-id'] ?? '')).toMatchObject({
      decision: 'would_deny',
      reason: 'not_tls',
    });
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it.each([
    ['an allowed name', 'https://private.tls.test/', 'no_address'],
    ['an allowed plain name', 'http://private.plain.test/public/', 'private_address'],
    ['an unknown name', 'https://private.evil.test/', 'no_address'],
    ['an unknown plain name', 'http://private.evil.test/', 'private_address'],
  ])('keeps the guard on private addresses: %s', async (_what, url, reason) => {
    const { reply, decision, ...verdict } = await bench.verdict(url);
    expect({ decision, reason: verdict.reason }).toEqual({ decision: 'denied', reason });
    expect(reply?.status).not.toBe(200);
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it.each(['127.0.0.1', '10.9.9.9', '169.254.169.254', '[::1]', '[fd00::9]', '[::ffff:10.9.9.9]'])(
    'keeps private addresses out, written as such: %s',
    async (literal) => {
      for (const url of [`https://${literal}/`, `http://${literal}/`]) {
        expect((await bench.verdict(url)).decision).toBe('denied');
      }
      expect(bench.upstreams.dialled).toEqual([]);
    },
  );

  it('does not open the private range of a rule to other requests', async () => {
    expect((await bench.verdict('http://internal.lan.test/')).decision).toBe('denied');
    expect((await bench.verdict('https://internal.lan.test:8443/')).decision).toBe('denied');
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('still refuses another Host in a tunnel, which the addresses of the rule would be opened to', async () => {
    const options = { form: 'connect' as const, innerHost: 'b.plain.test' };
    const { decision, reason } = await lineOf('http://a.plain.test/public/', options);
    expect({ decision, reason }).toEqual({ decision: 'denied', reason: 'host_mismatch' });
    expect(bench.upstreams.heard).toEqual([]);
  });

  it.each([
    ['TRACE', 'http://a.plain.test/public/', 'method'],
    ['TRACE', 'http://evil.test/', 'method'],
    ['GET', 'http://a.plain.test/public%2fx', 'malformed'],
    ['GET', 'http://evil.test,a.plain.test/', 'malformed'],
  ])('still refuses %s %s', async (method, url, reason) => {
    expect(await bench.verdict(url, { method })).toMatchObject({ decision: 'denied', reason });
    expect(bench.upstreams.heard).toEqual([]);
  });
});
