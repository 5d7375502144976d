import { PUBLIC_V4, useBench } from './support/bench';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test"]
        protocol: http
`;
const INTERNAL = '10.9.9.9';

describeInNamespace('DNS rebinding', () => {
  const bench = useBench(POLICY);
  const status = async (url: string): Promise<number | undefined> => (await bench.ask(url)).reply?.status;

  it('a name that turns from public to private under way never reaches the private address', async () => {
    const urls = ['https://live.tls.test/', 'http://live.plain.test/'];
    await Promise.all(
      urls.map(async (url) => {
        const { hostname } = new URL(url);
        bench.dns.set(hostname, { addresses: [PUBLIC_V4], ttl: 1 }, { addresses: [INTERNAL], ttl: 1 });
        expect(await status(url)).toBe(200);
        // Requests all the while, until the private answer was given, and after.
        await eventually(
          () => status(url),
          () => bench.dns.asked(hostname) >= 4,
        );
        for (let i = 0; i < 5; i++) await status(url);
      }),
    );
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it('a name that is private at first sight is refused, and works once it is public', async () => {
    const urls = ['https://first.tls.test/', 'http://first.plain.test/'];
    for (const url of urls) {
      bench.dns.set(new URL(url).hostname, { addresses: [INTERNAL], ttl: 1 }, { addresses: [PUBLIC_V4], ttl: 60 });
    }
    const verdicts = await Promise.all(urls.map((url) => bench.verdict(url)));
    expect(verdicts.map(({ decision }) => decision)).toEqual(['denied', 'denied']);
    expect(bench.upstreams.dialled).toEqual([]);
    const works = (url: string): Promise<unknown> =>
      eventually(
        () => status(url),
        (code) => code === 200,
      );
    await Promise.all(urls.map(works));
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it('a name that answers otherwise each time, with a lifetime of 0, never reaches the private address', async () => {
    const turns = Array.from({ length: 100 }, (_, i) => ({ addresses: [i % 2 === 0 ? PUBLIC_V4 : INTERNAL], ttl: 0 }));
    bench.dns.set('turns.tls.test', ...turns);
    bench.dns.set('turns.plain.test', ...turns);
    for (let i = 0; i < 30; i++) {
      await Promise.all([status('https://turns.tls.test/'), status('http://turns.plain.test/')]);
    }
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it('one connection means one look-up: what was checked is what is dialled', async () => {
    bench.dns.set('once.tls.test', { addresses: [PUBLIC_V4], ttl: 60 }, { addresses: [INTERNAL], ttl: 60 });
    expect(await status('https://once.tls.test/')).toBe(200);
    expect(bench.dns.questions.map(({ type }) => type).sort()).toEqual(['A', 'AAAA']);
  });
});
