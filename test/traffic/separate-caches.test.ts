import { PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const INTERNAL = '10.9.9.9';
const OTHER = '10.8.8.8';
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.tls.test"]
      - { hosts: ["*.plain.test"], protocol: http }
  lan:
    port: 10001
    allow:
      - { hosts: ["*.tls.test"], private: [10.9.9.0/24] }
      - { hosts: ["*.plain.test"], protocol: http, private: [10.9.9.0/24] }
      - { hosts: ["*.other.test"], private: [10.8.8.0/24] }
`;

describeInNamespace('one name in several rules', () => {
  const bench = useBench(POLICY);
  const status = async (url: string, workload: string): Promise<number | undefined> =>
    (await bench.ask(url, { workload })).reply?.status;

  it.each(['https://lan-first.tls.test/', 'http://lan-first.plain.test/'])(
    'a private address that one workload reaches is not lent to another: %s',
    async (url) => {
      const { hostname } = new URL(url);
      bench.dns.set(hostname, INTERNAL);
      expect(await status(url, 'lan')).toBe(200);
      expect(bench.upstreams.dialled).toEqual([INTERNAL]);
      bench.forget();
      expect((await bench.verdict(url, { workload: 'web' })).decision).toBe('denied');
      expect(bench.upstreams.dialled).toEqual([]);
      expect(bench.dns.names).toEqual([hostname]); // looked up for itself
      expect(await status(url, 'lan')).toBe(200);
    },
  );

  it.each(['https://web-first.tls.test/', 'http://web-first.plain.test/'])(
    'a public address that one workload reaches is not lent to a rule that is for private ones: %s',
    async (url) => {
      const { hostname } = new URL(url);
      bench.dns.set(hostname, PUBLIC_V4);
      expect(await status(url, 'web')).toBe(200);
      bench.forget();
      expect((await bench.verdict(url, { workload: 'lan' })).decision).toBe('denied');
      expect(bench.upstreams.dialled).toEqual([]);
      expect(bench.dns.names).toEqual([hostname]);
    },
  );

  it("a name under one rule does not reach another rule's range of the same workload", async () => {
    bench.dns.set('a.tls.test', OTHER);
    bench.dns.set('a.other.test', INTERNAL);
    bench.dns.set('b.other.test', OTHER);
    for (const url of ['https://a.tls.test/', 'https://a.other.test/']) {
      expect(await bench.verdict(url, { workload: 'lan' })).toMatchObject({ decision: 'denied', reason: 'no_address' });
    }
    expect(bench.upstreams.dialled).toEqual([]);
    expect(await status('https://b.other.test/', 'lan')).toBe(200);
    expect(bench.upstreams.dialled).toEqual([OTHER]);
  });
});
