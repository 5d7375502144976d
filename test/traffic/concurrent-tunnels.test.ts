import { PUBLIC_V4, useBench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { describeInNamespace } from './support/namespace';
import type { Wire } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: one.allowed.test
      - host: two.allowed.test
      - hosts: [three.allowed.test, four.allowed.test]
      - hosts: ["*.wild.test"]
      - host: plain.allowed.test
        protocol: http
      - host: plain2.allowed.test
        protocol: http
`;

interface Open {
  readonly host: string;
  readonly id: string;
  readonly wire: Wire;
}

/** On one worker thread, tunnels to one internal listener share a pool: each must keep its own authority and rule. */
describeInNamespace('many tunnels open at once on one worker', () => {
  const bench = useBench(POLICY, { concurrency: 1 });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function open(host: string): Promise<Open> {
    const { reply, wire } = await connect(bench.port(), `${host}:443`);
    expect(reply.status).toBe(200);
    const secured = await startTls(wire, { sni: host, ca: bench.certificates.ca });
    if (secured === undefined) throw new Error(`the tunnel to ${host} was closed`);
    return { host, id: reply.headers['x-egress-id'] ?? '', wire: secured };
  }

  async function expectOwn(tunnels: readonly Open[], ruleOf: (host: string) => string): Promise<void> {
    for (const { host, wire } of tunnels) {
      expect(JSON.parse((await get(wire, host))?.body ?? '')).toMatchObject({ sni: host, host });
    }
    for (const { wire } of tunnels) wire.close();
    for (const { id, host } of tunnels) {
      expect(await bench.log.of(id)).toMatchObject({
        layer: 'tunnel',
        decision: 'allowed',
        authority: `${host}:443`,
        sni: host,
        rule: ruleOf(host),
      });
    }
  }

  it('to hosts of different rules', async () => {
    const hosts = ['one.allowed.test', 'two.allowed.test', 'three.allowed.test', 'four.allowed.test', 'x.wild.test'];
    const rules = new Map(
      bench.policy.workloads[0]?.rules.flatMap(({ id, hosts: patterns }) => patterns.map((pattern) => [pattern, id])),
    );
    const tunnels = await Promise.all(hosts.map(open));
    await expectOwn(tunnels, (host) => rules.get(host) ?? rules.get('*.wild.test') ?? '');
  });

  it('to sixty hosts of one rule', async () => {
    const tunnels = await Promise.all(Array.from({ length: 60 }, (_, i) => open(`h${i}.wild.test`)));
    await expectOwn(tunnels, () => '*.wild.test:443');
  });

  it('does not lend one tunnel the name of another', async () => {
    const first = await open('one.allowed.test');
    const verdict = await bench.verdict('https://two.allowed.test/', { sni: 'one.allowed.test' });
    expect(verdict).toMatchObject({ decision: 'denied', reason: 'sni_mismatch' });
    expect(await bench.log.of(verdict.id)).toMatchObject({
      authority: 'two.allowed.test:443',
      sni: 'one.allowed.test',
    });
    first.wire.close();
  });

  it('with plain HTTP inside', async () => {
    const hosts = ['plain.allowed.test', 'plain2.allowed.test', 'plain.allowed.test', 'plain2.allowed.test'];
    const tunnels = await Promise.all(
      hosts.map(async (host) => ({ host, ...(await connect(bench.port(), `${host}:80`)) })),
    );
    const replies = await Promise.all(tunnels.map(({ host, wire }) => get(wire, host)));
    expect(replies.map((reply) => JSON.parse(reply?.body ?? '').host)).toEqual(hosts);
    // A second request over each, after all the others are in use.
    const crossed = await Promise.all(tunnels.map(({ wire }, i) => get(wire, hosts[(i + 1) % 4] as string)));
    expect(crossed.map((reply) => reply?.headers['x-egress-reason'])).toEqual(Array(4).fill('host_mismatch'));
    for (const { wire } of tunnels) wire.close();
  });
});
