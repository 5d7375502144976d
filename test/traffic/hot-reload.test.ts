import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

/** Rules under their names, so that a policy is a list of words. */
const RULES = {
  one: '- host: one.tls.test',
  two: '- host: two.tls.test',
  three: '- host: three.tls.test',
  twoWider: '- { host: two.tls.test, ports: [443, 8443] }',
  plain: '- { host: plain.test.example, protocol: http }',
  plainNarrow: '- { host: plain.test.example, protocol: http, methods: [GET], paths: [/public/] }',
  otherPlain: '- { host: other.test.example, protocol: http }',
  tcp: '- { host: tcp.test.example, protocol: tcp, ports: [5432], reason: a database }',
} as const;
type Name = keyof typeof RULES;

const workload = (port: number, ...names: Name[]): string =>
  `    port: ${port}\n    allow:\n${names.map((name) => `      ${RULES[name]}\n`).join('')}${names.length === 0 ? '      []\n' : ''}`;
const policy = (...names: Name[]): string => `version: 1\nworkloads:\n  web:\n${workload(10000, ...names)}`;

/** A revoked tunnel must be gone by then. */
const REVOKED_MS = 30_000;

describeInNamespace('a changed policy, without a restart', () => {
  const bench = useBench(policy('one', 'two', 'plain', 'otherPlain', 'tcp'), { drainSeconds: 1 });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));
  const reason = async (url: string): Promise<string> => (await bench.verdict(url)).reason;

  async function tls(host: string): Promise<Wire> {
    const { wire } = await connect(bench.port(), `${host}:443`);
    return (await startTls(wire, { sni: host })) as Wire;
  }

  /** A stream of a plain request that is under way. */
  async function streaming(url: string): Promise<Wire> {
    const wire = await Wire.open(bench.port());
    wire.write(`GET ${url}/stream?seconds=20 HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
    await wire.line('.');
    return wire;
  }

  it('allows and refuses at once, in both directions', async () => {
    const before = bench.gateway.pid;
    await bench.publish(policy('one'));
    expect(await Promise.all([reason('https://one.tls.test/'), reason('https://two.tls.test/')])).toEqual([
      'rule',
      'no_rule',
    ]);
    await bench.publish(policy('two', 'three'));
    expect(await Promise.all(['one', 'two', 'three'].map((name) => reason(`https://${name}.tls.test/`)))).toEqual([
      'no_rule',
      'rule',
      'rule',
    ]);
    await bench.publish(policy());
    bench.forget();
    expect(await reason('https://two.tls.test/')).toBe('no_rule');
    expect(bench.traces).toEqual(NO_TRACES);
    await bench.publish(policy('one', 'two', 'plain', 'otherPlain', 'tcp'));
    expect(await reason('https://two.tls.test/')).toBe('rule');
    expect(bench.gateway.pid).toBe(before);
  });

  it('ends the tunnels of removed rules within 30 s and leaves those of the others alone', async () => {
    await bench.publish(policy('one', 'two', 'plain', 'otherPlain', 'tcp'));
    const kept = { tls: await tls('one.tls.test'), stream: await streaming('http://other.test.example') };
    const revoked = {
      tls: await tls('two.tls.test'),
      stream: await streaming('http://plain.test.example'),
      plainTunnel: (await connect(bench.port(), 'plain.test.example:80')).wire,
      tcp: (await connect(bench.port(), 'tcp.test.example:5432')).wire,
    };
    expect((await get(revoked.plainTunnel, 'plain.test.example'))?.status).toBe(200);
    await bench.publish(policy('one', 'otherPlain'));
    const rests = await Promise.all(Object.values(revoked).map((wire) => wire.rest(REVOKED_MS)));
    expect(rests.map(({ closed }) => closed)).toEqual([true, true, true, true]);
    expect((await get(kept.tls, 'one.tls.test'))?.status).toBe(200);
    expect(await kept.stream.line('.')).toMatch(/\.$/);
    for (const wire of Object.values(kept)) wire.close();
  }, 40_000);

  it('ends the tunnels of a narrowed rule, which then work as the new policy says', async () => {
    await bench.publish(policy('one', 'plain'));
    const narrowed = (await connect(bench.port(), 'plain.test.example:80')).wire;
    expect((await get(narrowed, 'plain.test.example', '/secret'))?.status).toBe(200);
    const kept = await tls('one.tls.test');
    await bench.publish(policy('one', 'plainNarrow'));
    expect(await reason('http://plain.test.example/secret')).toBe('path');
    expect(await reason('http://plain.test.example/public/x')).toBe('rule');
    expect((await narrowed.rest(REVOKED_MS)).closed).toBe(true);
    expect((await get(kept, 'one.tls.test'))?.status).toBe(200);
    kept.close();
  }, 40_000);

  it('leaves tunnels alone when a rule is only added, renamed by its owner, or written in another order', async () => {
    await bench.publish(policy('one', 'plain'));
    const open = await tls('one.tls.test');
    const stream = await streaming('http://plain.test.example');
    await bench.publish(policy('plain', 'one', 'three'));
    await bench.publish(
      policy('three', 'plain', 'one').replace(RULES.one, '- { host: one.tls.test, owner: me, reason: because }'),
    );
    const { closed } = await open.rest(3000);
    expect(closed).toBe(false);
    expect((await get(open, 'one.tls.test'))?.status).toBe(200);
    expect(await stream.line('.')).toMatch(/\.$/);
    for (const wire of [open, stream]) wire.close();
  });

  it('opens the listener of a new workload and closes that of a removed one', async () => {
    const two = `${policy('one')}  more:\n${workload(10001, 'two')}`;
    await bench.publish(two);
    expect((await bench.verdict('https://two.tls.test/', { workload: 'more' })).reason).toBe('rule');
    expect((await bench.verdict('https://two.tls.test/')).reason).toBe('no_rule');
    const lasting = await tls('one.tls.test');
    await bench.publish(policy('one'));
    bench.forget();
    await expect(Wire.open(10001)).rejects.toThrow(/ECONNREFUSED/);
    expect((await get(lasting, 'one.tls.test'))?.status).toBe(200);
    lasting.close();
  });

  it('gives a port to another workload with other rules', async () => {
    await bench.publish(`${policy('one')}  more:\n${workload(10001, 'two')}`);
    await bench.publish(`version: 1\nworkloads:\n  web:\n${workload(10001, 'one')}  more:\n${workload(10000, 'two')}`);
    expect((await bench.verdict('https://one.tls.test/', { workload: 'web' })).reason).toBe('rule');
    expect((await bench.verdict('https://one.tls.test/', { workload: 'more' })).reason).toBe('no_rule');
    expect((await bench.verdict('https://two.tls.test/', { workload: 'more' })).reason).toBe('rule');
    expect((await bench.verdict('https://two.tls.test/', { workload: 'web' })).reason).toBe('no_rule');
    await bench.publish(policy('one'));
  });

  it('serves every request of a rule that stays while policies come and go', async () => {
    await bench.publish(policy('one', 'plain'));
    let publishing = true;
    const statuses: (number | undefined)[] = [];
    const traffic = async (url: string): Promise<void> => {
      while (publishing) statuses.push((await bench.ask(url)).reply?.status);
    };
    const running = [traffic('https://one.tls.test/'), traffic('http://plain.test.example/')];
    for (let i = 0; i < 5; i++) {
      await bench.publish(policy('one', 'plain', 'two', 'three'));
      await bench.publish(policy('one', 'plain'));
    }
    publishing = false;
    await Promise.all(running);
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
