import type { CompiledConfig } from '../../lib/envoy/resources';
import { EgressPolicy } from '../../lib/policy/policy';
import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';
import type { Wire } from './support/wire';

const DAY_MS = 24 * 3600 * 1000;
const day = (shift: number): string => new Date(Date.now() + shift * DAY_MS).toISOString().slice(0, 10);

const policy = (today: string): string => `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - { host: past.allowed.test, expires: ${day(-1)} }
      - { host: today.allowed.test, expires: ${today} }
      - { host: future.allowed.test, expires: 2999-12-31 }
      - { host: past.plain.test, protocol: http, expires: ${day(-1)} }
      - { host: today.plain.test, protocol: http, expires: ${today} }
      - { host: past.tcp.test, protocol: tcp, ports: [5432], reason: a database, expires: ${day(-1)} }
      - { host: today.tcp.test, protocol: tcp, ports: [5432], reason: a database, expires: ${today} }
      - { host: renewed.plain.test, protocol: http, methods: [GET], expires: ${day(-1)} }
      - { host: renewed.plain.test, protocol: http, methods: [GET, POST], paths: [/v2/] }
      - { hosts: ["*.wide.test"] }
      - { host: narrow.wide.test, expires: ${day(-1)} }
`;

describeInNamespace('a rule with a last day', () => {
  // The day after tomorrow where tests begin a few seconds before midnight UTC is still "not over".
  const bench = useBench(policy(day(0)));
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it.each(['https://today.allowed.test/', 'https://future.allowed.test/', 'http://today.plain.test/'])(
    'counts through that day: %s',
    async (url) => {
      expect((await bench.ask(url, { ca: undefined })).reply?.status).toBe(200);
    },
  );

  it('counts through that day for an opaque tunnel', async () => {
    const { reply, wire } = await connect(bench.port(), 'today.tcp.test:5432');
    expect(reply.status).toBe(200);
    expect(await wire.write('echo\n').line()).toBe('echo\n');
    wire.close();
  });

  it.each(['https://past.allowed.test/', 'http://past.plain.test/', 'https://past.tcp.test:5432/'])(
    'refuses from the next day on, before anything moves: %s',
    async (url) => {
      expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason: 'expired', reply: { status: 403 } });
      expect(bench.traces).toEqual(NO_TRACES);
    },
  );

  it('refuses a tunnel to a plain host too', async () => {
    expect(await bench.verdict('http://past.plain.test/', { form: 'connect' })).toMatchObject({
      decision: 'denied',
      reason: 'expired',
    });
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('leaves what another rule allows', async () => {
    expect((await bench.verdict('http://renewed.plain.test/v2/')).reason).toBe('rule');
    expect((await bench.verdict('http://renewed.plain.test/v1/')).reason).toBe('expired');
    expect((await bench.verdict('https://narrow.wide.test/', { ca: undefined })).reason).toBe('rule');
  });

  /** The compiled config as it will be at the end of the last day, that moment being now. */
  function endingAt(config: CompiledConfig, moment: Date): CompiledConfig {
    const midnight = `${day(1)}T00:00:00Z`;
    const text = JSON.stringify(config);
    expect(text).toContain(midnight);
    return JSON.parse(text.replaceAll(midnight, `${moment.toISOString().slice(0, 19)}Z`)) as CompiledConfig;
  }

  it('ends at midnight UTC by the gateway itself, without another publication', async () => {
    await bench.gateway.publish(endingAt(bench.compiled(), new Date(Date.now() + 3000)));
    const urls = ['https://today.allowed.test/', 'http://today.plain.test/', 'https://today.tcp.test:5432/'];
    expect((await bench.ask(urls[0] as string, { ca: undefined })).reply?.status).toBe(200);
    for (const url of urls) {
      await eventually(
        async () => (await connectOrAsk(url)).headers['x-egress-reason'],
        (reason) => reason === 'expired',
      );
    }
    await bench.gateway.publish(bench.compiled());
  });

  async function connectOrAsk(url: string): Promise<{ headers: Readonly<Record<string, string>> }> {
    if (url.startsWith('http:')) return (await bench.ask(url)).reply ?? { headers: {} };
    const { reply, wire } = await connect(bench.port(), `${new URL(url).hostname}:${new URL(url).port || 443}`);
    wire.close();
    return reply;
  }

  it('ends its open tunnels once the config is published again after that moment, and no others', async () => {
    const open = async (host: string): Promise<Wire> => {
      const { wire } = await connect(bench.port(), `${host}:443`);
      return (await startTls(wire, { sni: host })) as Wire;
    };
    const [ending, staying] = await Promise.all([open('today.allowed.test'), open('future.allowed.test')]);
    const compiled = bench.compiled(EgressPolicy.fromYaml(policy(day(0))), {
      closeExpiredAt: new Date(Date.now() + DAY_MS),
    });
    await bench.gateway.publish(compiled);
    expect((await ending.rest(29_000)).closed).toBe(true);
    expect((await get(staying, 'future.allowed.test'))?.status).toBe(200);
    staying.close();
  }, 40_000);
});
