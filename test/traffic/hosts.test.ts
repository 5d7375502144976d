import { NO_TRACES, PUBLIC_V4, PUBLIC_V6, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - hosts: ["*.wild.test"]
      - host: bücher.allowed.test
      - host: plain.allowed.test
        protocol: http
      - hosts: ["*.plainwild.test"]
        protocol: http
`;

describeInNamespace('hosts', () => {
  const bench = useBench(POLICY);
  // Whatever is asked for exists, so that only the gateway can refuse.
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  describe.each([
    ['https', undefined],
    ['http', 'absolute'],
    ['http', 'connect'],
  ] as const)('over %s (%s)', (scheme, form) => {
    const exact = scheme === 'https' ? 'api.allowed.test' : 'plain.allowed.test';
    const zone = scheme === 'https' ? 'wild.test' : 'plainwild.test';

    it.each([
      ['a host of the policy', exact],
      ['in upper case', exact.toUpperCase()],
      ['one label below a wildcard', `one.${zone}`],
      ['a wildcard in mixed case', `One.${zone.toUpperCase()}`],
      ['many labels below a wildcard', `a.b.c.deep.${zone}`],
    ])('reaches %s', async (_what, host) => {
      const { reply } = await bench.ask(`${scheme}://${host}/x`, { form });
      expect(reply?.status).toBe(200);
      expect(bench.upstreams.heard).toMatchObject([{ url: '/x', address: PUBLIC_V4 }]);
    });

    it.each([
      ['the apex of a wildcard', zone],
      ['another host of the same zone', exact.replace(/^\w+/, 'other')],
      ['a longer name that ends alike', `x${exact}`],
      ['a longer zone that ends alike', `one.x${zone}`],
      ['the host as a subdomain of another zone', `${exact}.evil.test`],
      ['the wildcard as a subdomain of another zone', `one.${zone}.evil.test`],
      ['a name that matches only if the dot were any character', exact.replace('.', 'x')],
      ['below an exact host', `sub.${exact}`],
      ['a single label', 'intranet'],
      ['localhost', 'localhost'],
      ['a name of 260 characters', `${'a'.repeat(60)}.`.repeat(4) + 'evil.test.long.name'],
    ])('refuses %s', async (_what, host) => {
      const { reply, decision, reason } = await bench.verdict(`${scheme}://${host}/`, { form });
      expect({ decision, reason, status: reply?.status }).toEqual({
        decision: 'denied',
        reason: 'no_rule',
        status: 403,
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('refuses a host of the policy with a trailing dot', async () => {
      const { decision, reason } = await bench.verdict(`${scheme}://${exact}./`, { form });
      expect({ decision, reason }).toEqual({
        decision: 'denied',
        reason: expect.stringMatching(/^(no_rule|malformed)$/),
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it.each([
      `*.${zone}`,
      `_acme-challenge.${zone}`, // Envoy's reader of HTTP/1 takes no underscore in an authority
      '*',
      '%61pi.allowed.test',
      'api%2eallowed.test',
      `${exact}%00.evil.test`,
      `${exact}\0.evil.test`,
      `${exact} .evil.test`,
    ])('refuses %j as malformed or unknown', async (host) => {
      const { reply, decision } = await bench.verdict(`${scheme}://${host}/`, { form });
      expect(decision).toBe('denied');
      expect([400, 403]).toContain(reply?.status);
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  it('reaches a host with only an IPv6 address', async () => {
    bench.dns.set('six.wild.test', PUBLIC_V6);
    expect((await bench.ask('https://six.wild.test/')).reply?.status).toBe(200);
    expect(bench.traces.dialled).toEqual([PUBLIC_V6]);
  });

  it('knows an internationalised host by its punycode form', async () => {
    expect((await bench.ask('https://xn--bcher-kva.allowed.test/')).reply?.status).toBe(200);
    expect(bench.traces.dialled).toEqual([PUBLIC_V4]);
  });

  it('does not take a host of one protocol for one of another', async () => {
    expect(await bench.verdict('http://api.allowed.test:443/')).toMatchObject({
      decision: 'denied',
      reason: 'not_tls',
    });
    expect(await bench.verdict('http://api.allowed.test/')).toMatchObject({ decision: 'denied', reason: 'port' });
    expect(await bench.verdict('https://plain.allowed.test/')).toMatchObject({ decision: 'denied', reason: 'port' });
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
