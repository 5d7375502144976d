import { lookup } from 'node:dns/promises';
import { PUBLIC_V4, useBench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: [gone.allowed.test, here.allowed.test, "*.wild.test"]
      - hosts: [gone.plain.test, here.plain.test, silent.plain.test, a.b.c.d.e.f.plain.test]
        protocol: http
      - host: gone.tcp.test
        protocol: tcp
        ports: [5432]
        reason: a database
      - hosts: ["*.lan.test"]
        protocol: http
        private: [10.0.0.0/8]
`;
/** As in scripts/support/resolv.conf, together with ndots:5. */
const SEARCHED = /\.(corp\.internal|evil\.test)$/;

describeInNamespace.each([
  ['the resolver of the option `dns`', {}],
  ['the resolver of the machine', { dns: undefined }],
])("the machine's search list, with %s", (_resolver, compile) => {
  const names = { 'here.allowed.test': [PUBLIC_V4], 'here.plain.test': [PUBLIC_V4] };
  const bench = useBench(POLICY, { names, compile });
  beforeAll(() => {
    bench.dns.set('silent.plain.test', { silent: true });
    bench.dns.set('empty.lan.test', {});
    bench.dns.set('failing.lan.test', { rcode: 'SERVFAIL' });
    // Every name below the search list leads to a server that would answer.
    const found = (name: string): readonly string[] => [name.includes('.lan.test.') ? '10.9.9.9' : PUBLIC_V4];
    bench.dns.fallback = (name) => (SEARCHED.test(name) ? { addresses: found(name) } : { rcode: 'NXDOMAIN' });
  });

  /** Names of the tests before may be asked for again at any time, so other names are no sign. */
  function expectNoneSearched(): void {
    expect(bench.dns.names.filter((name) => SEARCHED.test(name))).toEqual([]);
    expect(bench.upstreams.dialled).toEqual([]);
  }

  it('is there, and leads every other program of the machine to another name', async () => {
    expect(await lookup('gone.allowed.test', { family: 4 })).toMatchObject({ address: PUBLIC_V4 });
    expect(bench.dns.names).toEqual(['gone.allowed.test.corp.internal']);
  });

  it.each(['https://here.allowed.test/', 'http://here.plain.test/'])(
    'leaves names that exist alone: %s',
    async (url) => {
      expect((await bench.ask(url)).reply?.status).toBe(200);
      expect(bench.traces).toEqual({ dialled: [PUBLIC_V4], asked: expect.arrayContaining([new URL(url).hostname]) });
      expect(bench.dns.names.filter((name) => SEARCHED.test(name))).toEqual([]);
    },
  );

  it.each(['https://gone.allowed.test/', 'https://gone.wild.test/', 'https://a.b.c.d.e.f.wild.test/'])(
    'is not used for a name that does not exist: %s',
    async (url) => {
      expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason: 'no_address' });
      expect(bench.dns.names).toContain(new URL(url).hostname);
      expectNoneSearched();
    },
  );

  it.each([
    'http://gone.plain.test/',
    'http://a.b.c.d.e.f.plain.test/',
    'http://gone.lan.test/',
    'http://empty.lan.test/',
    'http://failing.lan.test/',
    'http://silent.plain.test/',
  ])('is not used for a plain request, whatever the answer was: %s', async (url) => {
    const refusal = { decision: 'denied', reason: 'dns_failure', reply: { status: 502 } };
    expect(await bench.verdict(url)).toMatchObject(refusal);
    expect(await bench.verdict(url, { form: 'connect' })).toMatchObject(refusal);
    expect(bench.dns.names).toContain(new URL(url).hostname);
    expectNoneSearched();
  });

  it('is not used for an opaque tunnel', async () => {
    const { reply } = await connect(bench.port(), 'gone.tcp.test:5432');
    expect(reply).toMatchObject({ status: 502, headers: { 'x-egress-reason': 'dns_failure' } });
    expect(bench.dns.names).toContain('gone.tcp.test');
    expectNoneSearched();
  });

  it('does not widen a wildcard either: the names of the list are no names of the policy', async () => {
    for (const host of ['gone.allowed.test.evil.test', 'x.wild.test.corp.internal']) {
      expect(await bench.verdict(`https://${host}/`)).toMatchObject({ decision: 'denied', reason: 'no_rule' });
    }
    expectNoneSearched();
  });
});
