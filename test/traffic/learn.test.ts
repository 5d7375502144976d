import { learn } from '../../lib/learn';
import { LogSummary, noLines, readLine } from '../../lib/logs';
import { EgressPolicy } from '../../lib/policy';
import { PUBLIC_V4, useBench } from './support/bench';
import type { AskOptions } from './support/ask';
import { describeInNamespace } from './support/namespace';

const policy = (mode: string): string => `version: 1
mode: ${mode}
workloads:
  web:
    port: 10000
    allow:
      - host: known.tls.test
  other:
    port: 10001
`;

/** What the workloads are for. */
const WANTED: readonly [string, AskOptions][] = [
  ['https://known.tls.test/', {}],
  ['https://api.tls.test/', {}],
  ['https://api.tls.test:8443/', {}],
  ['https://shared.tls.test/', {}],
  ['https://shared.tls.test/', { workload: 'other' }],
  ['http://plain.test.example/', {}],
  ['http://plain.test.example/', { method: 'POST' }],
  ['http://tunnelled.test.example/', { form: 'connect' }],
];
/** What they were talked into. */
const UNWANTED: readonly [string, AskOptions][] = [
  ['https://api.tls.test/', { sni: 'evil.tls.test' }],
  ['https://private.tls.test/', {}],
  ['https://pastebin.com/', {}],
  ['https://93.184.215.14/', {}],
];

describeInNamespace.each([['observe'], ['enforce']])('what is learned from a log of mode %s', (mode: string) => {
  const bench = useBench(policy(mode));
  beforeAll(() => {
    bench.dns.fallback = (name) => ({ addresses: [name.startsWith('private') ? '10.9.9.9' : PUBLIC_V4] });
  });

  it('allows everything that was wanted, and nothing that was not', async () => {
    for (const [url, options] of [...WANTED, ...UNWANTED]) {
      const { id } = await bench.verdict(url, options);
      await bench.log.of(id);
    }
    const summary = new LogSummary();
    const counts = noLines();
    for (const line of bench.log.raw) {
      const record = readLine(line, counts);
      if (record) summary.add(record);
    }
    expect(counts.decisions).toBeGreaterThanOrEqual(WANTED.length);
    const text = policy(mode);
    const from = { text, file: 'egress.yaml', policy: EgressPolicy.fromYaml(text) };
    const learned = learn(summary.groups, from, { now: new Date() });
    await bench.publish(learned.text.replace('mode: observe', 'mode: enforce'));
    for (const [url, options] of WANTED)
      expect([url, (await bench.verdict(url, options)).reason]).toEqual([url, 'rule']);
    for (const [url, options] of UNWANTED) expect((await bench.verdict(url, options)).decision).toBe('denied');
  });
});
