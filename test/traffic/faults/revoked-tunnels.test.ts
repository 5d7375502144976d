import { PUBLIC_V4, useBench } from '../support/bench';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { policyOf } from './support/cli-gateway';
import { figure } from './support/figures';
import { sized } from './support/size';
import { closedWithin, openStreams, stillStreams, type Stream } from './support/streams';

const REVOKED_MS = 30_000;
/** Rules of each kind and fate. */
const RULES = sized(10, 2);
/** Tunnels of each fate. */
const STREAMS = sized(300, 30);

type Fate = 'stays' | 'goes' | 'narrows';
const labels = (fate: Fate): string[] => Array.from({ length: RULES }, (_, i) => `${fate}${i}`);
const hosts = (fate: Fate): string[] =>
  labels(fate).flatMap((label) => ['tls', 'plain', 'tcp'].map((kind) => `${label}.${kind}.test`));

/** Rules of all three kinds for one label; narrowed ones keep their host and lose a part of what they allow. */
function rules(label: string, narrowed = false): string[] {
  return [
    `{ host: ${label}.tls.test${narrowed ? ', private: [10.9.9.0/24]' : ''} }`,
    `{ host: ${label}.plain.test, protocol: http${narrowed ? ', paths: [/public/]' : ''} }`,
    `{ host: ${label}.tcp.test, protocol: tcp, ports: [${narrowed ? 6432 : 5432}], reason: a database }`,
  ];
}

const all = (fate: Fate, narrowed = false): string[] => labels(fate).flatMap((label) => rules(label, narrowed));
const BEFORE = policyOf(...all('stays'), ...all('goes'), ...all('narrows'));
const AFTER = policyOf(...all('narrows', true), ...all('stays'));

describeInNamespace('many tunnels of many rules, of which some are removed or narrowed', () => {
  // The gateway's own drain time, not the short one of other tests.
  const bench = useBench(BEFORE, { concurrency: 2, drainSeconds: 10 });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('end within 30 s, and none of another rule', async () => {
    const traffic = startTraffic(bench, [
      { url: 'https://stays0.tls.test' },
      { url: 'http://stays1.plain.test' },
      { url: 'http://stays1.plain.test', form: 'connect' },
    ]);
    const open = (fate: Fate): Promise<Stream[]> => openStreams(bench, STREAMS, hosts(fate));
    const [staying, going, narrowed] = [await open('stays'), await open('goes'), await open('narrows')];
    const started = Date.now();
    await bench.publish(AFTER);
    const published = Date.now();
    const closed = await Promise.all([going, narrowed].map((each) => closedWithin(each, REVOKED_MS)));
    expect(closed).toEqual([STREAMS, STREAMS]);
    figure('rules', 9 * RULES);
    figure('tunnels', 3 * STREAMS);
    figure('the publication took', published - started, 'ms');
    figure('after it the last tunnel of a withdrawn rule was closed', Date.now() - published, 'ms');
    expect(Date.now() - started).toBeLessThan(REVOKED_MS);
    await stillStreams(staying);
    const reasons = await Promise.all(
      [
        'https://goes0.tls.test/',
        'http://goes0.plain.test/',
        'http://narrows0.plain.test/secret',
        'https://narrows0.tls.test/',
      ].map(async (url) => (await bench.verdict(url)).reason),
    );
    expect(reasons).toEqual(['no_rule', 'no_rule', 'path', 'no_address']);
    for (const { wire } of staying) wire.close();
    const { right } = await traffic.stop();
    expect(right).toBeGreaterThan(10);
  }, 180_000);
});
