import { watchPolicy, type PolicyWatch, type WatchEvent } from '../../../lib/gateway/watch';
import { PUBLIC_V4, replaceInConfig, useBench } from '../support/bench';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { policyOf } from './support/cli-gateway';
import { figure } from './support/figures';
import { sized } from './support/size';
import { closedWithin, openStreams, stillStreams } from './support/streams';

/** Open tunnels of the rules that expire, and as many of those that stay. */
const STREAMS = sized(90, 9);
/** Until the last day is over. */
const LEFT_MS = 12_000;
const REVOKED_MS = 30_000;
const END = '3000-01-01T00:00:00Z';

const rules = (label: string, more: string): string[] => [
  `{ host: ${label}.tls.test${more} }`,
  `{ host: ${label}.plain.test, protocol: http${more} }`,
  `{ host: ${label}.tcp.test, protocol: tcp, ports: [5432], reason: a database${more} }`,
];
const hosts = (label: string): string[] => ['tls', 'plain', 'tcp'].map((kind) => `${label}.${kind}.test`);

describeInNamespace('the clock goes over the last day of a rule while requests run', () => {
  let end = 0;
  let watch: PolicyWatch | undefined;
  const events: WatchEvent[] = [];
  const bench = useBench(policyOf(...rules('stays', ''), ...rules('ends', ', expires: 2999-12-31')), {
    concurrency: 2,
    // The last day ends in some seconds, not in centuries.
    adjust: (config) => {
      if (end === 0) end = Math.ceil(Date.now() / 1000) * 1000 + LEFT_MS;
      return JSON.stringify(config).includes(END)
        ? replaceInConfig(config, END, new Date(end).toISOString().replace('.000', ''))
        : config;
    },
  });
  beforeAll(() => {
    bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    const now = (): Date => new Date(Date.parse(END) + Date.now() - end);
    watch = watchPolicy({
      policy: bench.policy,
      compiledAt: now(),
      now,
      files: [],
      load: () => bench.policy,
      apply: (policy, closeExpiredAt) => bench.gateway.publish(bench.compiled(policy, { closeExpiredAt })),
      onEvent: (event) => events.push(event),
    });
  });
  afterAll(() => watch?.close());

  const reason = async (host: string): Promise<string> => (await bench.verdict(`https://${host}/`)).reason;

  it('ends its tunnels within 30 s and refuses new ones at once; no other rule loses anything', async () => {
    const traffic = startTraffic(bench, [{ url: 'https://stays.tls.test' }, { url: 'http://stays.plain.test' }]);
    const [staying, ending] = [
      await openStreams(bench, STREAMS, hosts('stays')),
      await openStreams(bench, STREAMS, hosts('ends')),
    ];
    expect(Date.now()).toBeLessThan(end);
    expect(await reason('ends.tls.test')).toBe('rule');
    await eventually(() => reason('ends.tls.test'), (each) => each === 'expired', 2 * LEFT_MS); // prettier-ignore
    const refusedAfter = Date.now() - end;
    expect(refusedAfter).toBeGreaterThanOrEqual(0);
    expect(await closedWithin(ending, end + REVOKED_MS - Date.now())).toBe(ending.length);
    figure('after the end of the day new requests were refused', refusedAfter, 'ms');
    figure('after it the last open tunnel was closed', Date.now() - end, 'ms');
    await eventually(() => events.length, (count) => count > 0); // prettier-ignore
    expect(events).toMatchObject([{ type: 'applied', cause: 'expiry' }]);
    await stillStreams(staying);
    for (const { wire } of staying) wire.close();
    await traffic.more(2);
    await traffic.stop();
  }, 120_000);
});
