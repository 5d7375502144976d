import { PUBLIC_V4, useBench } from '../support/bench';
import type { Answer } from '../support/dns-server';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { startTraffic, type BackgroundTraffic } from './support/background-traffic';
import { figure } from './support/figures';
import { sized } from './support/size';

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
const OTHER_V4 = '93.184.215.15';
const PRIVATE = ['10.9.9.9', '169.254.169.254', '127.0.0.1', '::1', 'fd12::9'];
/** As long as the DNS is in trouble: some refreshes of the names that are in use, which come every 3 s. */
const TROUBLE_MS = sized(8000, 3500);
/** A failed name is asked for again after 5 s at most, and a question that is on its way then waits 5 s for its answer. */
const BACK_MS = 12_000;
const TRUE: Answer = { addresses: [PUBLIC_V4], ttl: 1 };
const NEW_NAMES = sized(20, 4);

/** Answers that are wrong, each for a living name. */
const LIES: Readonly<Record<string, readonly Answer[]>> = {
  private: PRIVATE.map((address) => ({ addresses: [address], ttl: 1 })),
  flips: PRIVATE.flatMap((address) => [{ addresses: [address], ttl: 1 }, TRUE]),
  mixed: PRIVATE.map((address) => ({ addresses: [address, PUBLIC_V4], ttl: 1 })),
  missing: [{ rcode: 'NXDOMAIN' }],
  empty: [{}],
};

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Messages that are wrong, behind the right id. */
const GARBAGE: Readonly<Record<string, Buffer>> = {
  noise: Buffer.alloc(200, 0xff),
  'id-alone': Buffer.alloc(0),
  'no-question': hex('8180 0000 0000 0000 0000'),
  'empty-promises': hex('8180 0001 ffff ffff ffff'),
  'points-to-itself': hex('8180 0001 0001 0000 0000 c00c 0001 0001 c00c 0001 0001 00000001 0004 0a090909'),
  'other-name': hex(
    '8180 0001 0001 0000 0000 046576696c 0474657374 00 0001 0001 c00c 0001 0001 00000001 0004 0a090909',
  ),
  huge: Buffer.alloc(65_000, 0x41),
};

describeInNamespace('a DNS', () => {
  const bench = useBench(POLICY);
  let names = 0;

  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const status = async (url: string): Promise<string> => {
    const { decision, reason, reply } = await bench.verdict(url);
    return decision === 'allowed' ? `${reply?.status}` : reason;
  };
  const freshUrls = (count = NEW_NAMES): string[] =>
    Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? `https://new${(names += 1)}.tls.test/` : `http://new${(names += 1)}.plain.test/`,
    );
  const all = async (urls: readonly string[]): Promise<string[]> =>
    [...new Set(await Promise.all(urls.map(status)))].sort();

  /** Honest requests for such names, of both kinds, in the same DNS cache as everything else; their answers last 1 s. */
  async function livingNames(labels: readonly string[]): Promise<BackgroundTraffic> {
    bench.dns.fallback = () => TRUE;
    answer(labels, () => [TRUE]);
    const urls = labels.flatMap((label) => [`https://${label}.tls.test`, `http://${label}.plain.test`]);
    const traffic = startTraffic(
      bench,
      urls.map((url) => ({ url })),
    );
    await traffic.more(4 * urls.length);
    return traffic;
  }

  function answer(labels: readonly string[], answers: (label: string) => readonly Answer[]): void {
    for (const label of labels) {
      for (const kind of ['tls', 'plain']) bench.dns.set(`${label}.${kind}.test`, ...answers(label));
    }
  }

  async function ended(traffic: BackgroundTraffic): Promise<void> {
    await traffic.more(4);
    const { medianMs, slowestMs } = await traffic.stop();
    figure('requests to known names', `median ${medianMs} ms, slowest ${slowestMs} ms`);
  }

  /** Waits until names that failed answer again. */
  async function back(urls: readonly string[], what: string): Promise<void> {
    const started = performance.now();
    const times = await Promise.all(
      urls.map(async (url) => {
        await eventually(
          () => status(url),
          (fate) => fate === '200',
          BACK_MS,
        );
        return performance.now() - started;
      }),
    );
    figure(
      `${what} are back after`,
      `${(Math.min(...times) / 1000).toFixed(1)} to ${(Math.max(...times) / 1000).toFixed(1)} s`,
    );
  }

  /** Nothing was dialled but the address that the names truly have. */
  const expectDialled = (): void => expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);

  it.each<[string, Answer | undefined]>([
    ['refuses', undefined],
    ['does not answer', { silent: true }],
    ['fails', { rcode: 'SERVFAIL' }],
  ])(
    'that %s: known names go on, new ones fail closed and recover',
    async (what, wrong) => {
      const labels = [`known${(names += 1)}`];
      const traffic = await livingNames(labels);
      if (wrong === undefined) await bench.dns.close();
      else {
        bench.dns.fallback = () => wrong;
        answer(labels, () => [wrong]);
      }
      const urls = freshUrls();
      expect(await all(urls)).toEqual(['dns_failure', 'no_address']);
      await wait(TROUBLE_MS);
      expect(await all(urls)).toEqual(['dns_failure', 'no_address']);
      if (wrong === undefined) await bench.dns.listen();
      bench.dns.fallback = () => TRUE;
      answer(labels, () => [TRUE]);
      await back(urls, `names that failed because the DNS ${what}`);
      expect(await all(freshUrls())).toEqual(['200']);
      expectDialled();
      await ended(traffic);
    },
    120_000,
  );

  it('that takes seconds holds up new names for so long, and nobody else', async () => {
    const traffic = await livingNames([`known${(names += 1)}`]);
    const before = traffic.count.right;
    bench.dns.fallback = () => ({ ...TRUE, delayMs: 3000 });
    for (let round = 0; round < sized(5); round++) {
      const started = performance.now();
      expect(await all(freshUrls())).toEqual(['200']);
      figure('new names behind a DNS that takes 3 s', (performance.now() - started) / 1000, 's');
    }
    expect(traffic.count.right - before).toBeGreaterThan(10);
    expectDialled();
    await ended(traffic);
  }, 120_000);

  it('that takes longer than the gateway waits: its late answers are for nobody', async () => {
    const traffic = await livingNames([`known${(names += 1)}`]);
    bench.dns.fallback = () => ({ addresses: ['10.9.9.9'], delayMs: 7000 });
    const urls = freshUrls();
    expect(await all(urls)).toEqual(['dns_failure', 'no_address']);
    bench.dns.fallback = () => TRUE;
    await back(urls, 'names that failed because the DNS took 7 s');
    expectDialled();
    await ended(traffic);
  }, 60_000);

  it('that lies about living names: nothing else is dialled, and the truth is taken again', async () => {
    const labels = Object.keys(LIES);
    const traffic = await livingNames(labels);
    // Over and over, so that flips never settle.
    answer(labels, (label) => Array.from({ length: 50 }, () => LIES[label] ?? []).flat());
    // New names are lied about in the same ways.
    bench.dns.fallback = (name) => (LIES[name.split('-')[0] ?? ''] ?? [TRUE])[0] as Answer;
    const lied = (label: string): string[] => [`https://${label}-new.tls.test/`, `http://${label}-new.plain.test/`];
    expect(await all(lied('private'))).toEqual(['no_address', 'private_address']);
    expect(await all([...lied('missing'), ...lied('empty')])).toEqual(['dns_failure', 'no_address']);
    expect(await all(lied('mixed'))).toEqual(['200']);
    await wait(TROUBLE_MS);
    await traffic.more(4 * labels.length);
    expectDialled();

    answer(labels, () => [{ addresses: [OTHER_V4], ttl: 1 }]);
    bench.dns.fallback = () => TRUE;
    const moved = performance.now();
    for (const label of labels) {
      // Tunnels, since a connection that plain HTTP keeps stays where it is for 30 s at most.
      await eventually(
        async () => {
          bench.forget();
          const { reply } = await bench.ask(`https://${label}.tls.test/`);
          return reply?.headers['x-upstream'];
        },
        (address) => address === OTHER_V4,
        BACK_MS,
      );
    }
    figure('names that moved are followed after', (performance.now() - moved) / 1000, 's');
    await back([...lied('private'), ...lied('missing')], 'names that were lied about');
    await ended(traffic);
  }, 120_000);

  it('that sends garbage: new names fail closed, known ones go on, and both recover', async () => {
    const labels = Object.keys(GARBAGE);
    const traffic = await livingNames(labels);
    const garbage = (label: string): Answer => ({ raw: GARBAGE[label] as Buffer });
    answer(labels, (label) => [garbage(label)]);
    bench.dns.fallback = (name) => garbage(name.replace(/-new\..*$/, ''));
    const urls = labels.flatMap((label) => [`https://${label}-new.tls.test/`, `http://${label}-new.plain.test/`]);
    expect(await all(urls)).toEqual(['dns_failure', 'no_address']);
    await wait(TROUBLE_MS);
    await traffic.more(4 * labels.length);
    bench.dns.fallback = () => TRUE;
    answer(labels, () => [TRUE]);
    await back(urls, 'names that failed because of garbage');
    expectDialled();
    await ended(traffic);
  }, 120_000);
});
