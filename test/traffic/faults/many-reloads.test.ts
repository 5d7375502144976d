import { PUBLIC_V4, useBench } from '../support/bench';
import { connect } from '../support/clients';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { policyOf } from './support/cli-gateway';
import { figure } from './support/figures';
import { residentMiB } from './support/process-facts';
import { openStreams, stillStreams } from './support/streams';
import { sized } from './support/size';

const RELOADS = sized(500);
const STREAMS = sized(60, 6);
/** Between the first fifth of the reloads, after which every kind of change was there, and the last. */
const GROWTH_MIB = 40;

const STAYS = [
  '{ host: api.tls.test }',
  '{ host: api.plain.test, protocol: http }',
  '{ host: api.tcp.test, protocol: tcp, ports: [5432], reason: a database }',
];
/** What comes and goes: other rules before, between and after those that stay, narrower and wider ones, and none. */
const OTHERS: readonly ((round: number) => readonly string[])[] = [
  (round) => [`{ host: r${round}.tls.test }`],
  (round) => [`{ host: r${round}.plain.test, protocol: http, methods: [GET] }`, '{ hosts: ["*.wide.test"] }'],
  (round) => [`{ host: r${round}.tcp.test, protocol: tcp, ports: [5432], reason: another }`],
  () => [],
  (round) => [`{ host: x.wide.test, ports: [${8000 + (round % 100)}] }`, '{ host: "*.a.test", protocol: http }'],
];

function policy(round: number): string {
  const others = OTHERS[round % OTHERS.length]?.(round) ?? [];
  return round % 2 === 0 ? policyOf(...STAYS, ...others) : policyOf(...others, ...[...STAYS].reverse());
}

describeInNamespace('many reloads while requests run', () => {
  const bench = useBench(policyOf(...STAYS), { concurrency: 2 });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('fail no request of a rule that stays, cut none of its tunnels, and leave no memory behind', async () => {
    const streams = await openStreams(bench, STREAMS, ['api.tls.test', 'api.plain.test', 'api.tcp.test']);
    const traffic = startTraffic(
      bench,
      [
        { url: 'https://api.tls.test' },
        { url: 'http://api.plain.test' },
        { url: 'http://api.plain.test', form: 'connect' },
      ],
      { pauseMs: 100 },
    );
    const memory: number[] = [];
    const started = Date.now();
    for (let round = 1; round <= RELOADS; round++) {
      await bench.publish(policy(round));
      memory.push(residentMiB(bench.gateway.pid));
      bench.forget();
      bench.log.forget();
      expect([round, streams.filter(({ wire }) => wire.closed).map(({ host }) => host)]).toEqual([round, []]);
      // Without a request a tunnel to an http rule is closed after a minute.
      if (round % 20 === 0) await stillStreams(streams);
    }
    const took = Date.now() - started;
    const { right, p99Ms, slowestMs } = await traffic.stop();
    await stillStreams(streams);
    for (const { wire } of streams) wire.close();
    const settled = memory[Math.floor(memory.length / 5)] ?? 0;
    const last = memory.at(-1) ?? 0;
    figure('reloads', RELOADS);
    figure('each', took / RELOADS, 'ms');
    figure('requests meanwhile, all right', right);
    figure('99 % of them within', `${p99Ms} ms, all within ${slowestMs} ms`);
    figure('memory of Envoy', `${[memory[0], settled, last].map((each) => Math.round(each ?? 0)).join(', ')} MiB`);
    expect(right).toBeGreaterThan(RELOADS);
    expect(last - settled).toBeLessThan(GROWTH_MIB);
  }, 1_200_000);

  it('refuse what the last policy does not name', async () => {
    await bench.publish(policyOf(...STAYS));
    const { reply } = await connect(bench.port(), `r${RELOADS}.tls.test:443`);
    expect(reply.headers['x-egress-reason']).toBe('no_rule');
  });
});
