import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { clientHello } from './support/client-hello';
import { connect } from './support/clients';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.tls.test", "*.dead.test"]
      - hosts: ["*.plain.test"]
        protocol: http
        methods: [GET]
        paths: [/public/]
      - host: expired.allowed.test
        expires: 2020-01-01
  other:
    port: 10001
    allow:
      - hosts: ["*.tls.test"]
`;
const OTHER_V4 = '93.184.215.15';

describeInNamespace('questions to the DNS', () => {
  const bench = useBench(POLICY);
  const status = async (url: string, workload?: string): Promise<number | undefined> =>
    (await bench.ask(url, { workload })).reply?.status;

  describe('are never asked', () => {
    it.each([
      ['for a name that no rule names', 'https://data.exfiltrated.evil.test/', 'no_rule'],
      ['for the same over plain HTTP', 'http://data.exfiltrated.evil.test/', 'no_rule'],
      ['for another port of a rule', 'https://x.tls.test:8443/', 'port'],
      ['for another path', 'http://x.plain.test/secret', 'path'],
      ['for a rule that is over', 'https://expired.allowed.test/', 'expired'],
      ['for a plain request on a port of TLS', 'http://x.tls.test:443/', 'not_tls'],
    ])('%s', async (_what, url, reason) => {
      expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('for another method', async () => {
      expect(await bench.verdict('http://x.plain.test/public/', { method: 'POST' })).toMatchObject({
        reason: 'method',
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  it('are not asked again within the lifetime of an answer', async () => {
    bench.dns.set('kept.tls.test', { addresses: [PUBLIC_V4], ttl: 60 });
    for (let i = 0; i < 5; i++) expect(await status('https://kept.tls.test/')).toBe(200);
    expect(bench.dns.asked('kept.tls.test')).toBe(2);
  });

  it('are never asked with the search list of the machine', async () => {
    expect(await status('https://unknown.tls.test/')).toBeUndefined();
    expect(await status('http://unknown.plain.test/public/')).toBe(502);
    expect(bench.dns.names).toEqual(['unknown.plain.test', 'unknown.tls.test']);
  });

  it.each(['https://moved.tls.test/', 'http://moved.plain.test/public/'])(
    'follow a name that moves, without a restart: %s',
    async (url) => {
      const { hostname } = new URL(url);
      bench.dns.set(hostname, { addresses: [PUBLIC_V4], ttl: 1 }, { addresses: [OTHER_V4], ttl: 1 });
      expect(await status(url)).toBe(200);
      expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
      await eventually(
        () => bench.dns.asked(hostname),
        (count) => count >= 4,
      );
      // As the server that moved would: a connection that is kept alive may go on as long as both ends like.
      bench.upstreams.hangUp();
      bench.forget();
      await eventually(
        () => status(url),
        (code) => code === 200,
      );
      expect(bench.upstreams.dialled).toEqual([OTHER_V4]);
    },
  );

  it('may take 1.5 s, even after many fast answers', async () => {
    for (let i = 0; i < 25; i++) {
      bench.dns.set(`fast${i}.tls.test`, PUBLIC_V4);
      expect(await status(`https://fast${i}.tls.test/`)).toBe(200);
    }
    for (const name of ['slow.tls.test', 'slow.plain.test'])
      bench.dns.set(name, { addresses: [PUBLIC_V4], delayMs: 1500 });
    expect(await Promise.all([status('https://slow.tls.test/'), status('http://slow.plain.test/public/')])).toEqual([
      200, 200,
    ]);
  });

  it('fail closed, within 8 s, for names that do not exist, have no address, or get no answer', async () => {
    const answers = {
      missing: { rcode: 'NXDOMAIN' as const },
      empty: {},
      failing: { rcode: 'SERVFAIL' as const },
      silent: { silent: true },
    };
    const start = performance.now();
    const verdicts = Object.entries(answers).map(async ([label, answer]) => {
      bench.dns.set(`${label}.tls.test`, answer);
      bench.dns.set(`${label}.plain.test`, answer);
      const [tunnel, plain] = await Promise.all([
        bench.verdict(`https://${label}.tls.test/`),
        bench.verdict(`http://${label}.plain.test/public/`),
      ]);
      return [label, tunnel.decision, tunnel.reason, plain.decision, plain.reason, plain.reply?.status];
    });
    expect(await Promise.all(verdicts)).toEqual(
      Object.keys(answers).map((label) => [label, 'denied', 'no_address', 'denied', 'dns_failure', 502]),
    );
    expect(performance.now() - start).toBeLessThan(8000);
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('that find no server leave known names working, and recover', async () => {
    bench.dns.set('known.tls.test', { addresses: [PUBLIC_V4], ttl: 1 });
    bench.dns.set('new.plain.test', PUBLIC_V4);
    expect(await status('https://known.tls.test/')).toBe(200);
    await bench.dns.close();
    expect(await bench.verdict('http://new.plain.test/public/')).toMatchObject({
      decision: 'denied',
      reason: 'dns_failure',
    });
    expect(await status('https://known.tls.test/')).toBe(200);
    await bench.dns.listen();
    await eventually(
      () => status('http://new.plain.test/public/'),
      (code) => code === 200,
    );
  });

  it('that are never answered hold up neither another workload nor other names of the same', async () => {
    bench.dns.fallback = (name) => (name.endsWith('.dead.test') ? { silent: true } : { addresses: [PUBLIC_V4] });
    const openDead = async (name: string): ReturnType<typeof connect> => {
      const tunnel = await connect(bench.port(), `${name}:443`);
      tunnel.wire.write(await clientHello(name));
      return tunnel;
    };
    const dead = Array.from({ length: 60 }, (_, i) => openDead(`n${i}.dead.test`));
    await eventually(
      () => bench.dns.names.filter((name) => name.endsWith('.dead.test')).length,
      (count) => count === 60,
    );
    const start = performance.now();
    const healthy = Array.from({ length: 8 }, (_, i) => i);
    const own = await Promise.all(healthy.map((i) => status(`https://own${i}.tls.test/`)));
    const other = await Promise.all(healthy.map((i) => status(`https://other${i}.tls.test/`, 'other')));
    expect([...own, ...other]).toEqual(Array(16).fill(200));
    expect(performance.now() - start).toBeLessThan(2000);
    bench.dns.fallback = undefined;
    for (const { wire } of await Promise.all(dead)) wire.close();
  });
});
