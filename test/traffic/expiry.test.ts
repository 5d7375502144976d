import { once } from 'node:events';
import { HttpsProxyAgent } from 'https-proxy-agent';
import WebSocket from 'ws';
import { EgressPolicy } from '../../lib/policy/policy';
import { NO_TRACES, PUBLIC_V4, replaceInConfig, useBench } from './support/bench';
import { connect, get, startTls } from './support/clients';
import { eventually } from './support/eventually';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

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
      - { host: union.plain.test, protocol: http, paths: [/v1/, /stream, /socket], expires: ${today} }
      - { host: union.plain.test, protocol: http, methods: [GET], paths: [/v2/] }
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
      expect((await bench.ask(url)).reply?.status).toBe(200);
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
    expect((await bench.verdict('https://narrow.wide.test/')).reason).toBe('rule');
  });

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

  it('ends what it had open on a host of several plain rules, and the other rules go on', async () => {
    await bench.publish(policy(day(0)));
    const host = 'union.plain.test';
    const [absolute, tunnel] = await Promise.all([Wire.open(bench.port()), connect(bench.port(), `${host}:80`)]);
    const streams = [absolute, tunnel.wire];
    absolute.write(`GET http://${host}/stream?seconds=40 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    tunnel.wire.write(`GET /stream?seconds=40 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    for (const wire of streams) await wire.line('.');
    const agent = new HttpsProxyAgent(bench.proxy());
    const socket = new WebSocket(`ws://${host}/socket`, { agent });
    await once(socket, 'open');
    const gone = once(socket, 'close');
    await bench.gateway.publish(
      bench.compiled(EgressPolicy.fromYaml(policy(day(0))), { closeExpiredAt: new Date(Date.now() + DAY_MS) }),
    );
    const rests = await Promise.all(streams.map((wire) => wire.rest(29_000)));
    expect(rests.map(({ closed, text }) => [closed, text.includes('end')])).toEqual(Array(2).fill([true, false]));
    await gone;
    for (const form of ['absolute', 'connect'] as const) {
      expect((await bench.verdict(`http://${host}/v2/`, { form })).reason).toBe('rule');
    }
  }, 60_000);
});

describeInNamespace('the end of a last day', () => {
  let end = 0;
  const bench = useBench(policy(day(0)), {
    // The day after begins in three seconds, not at midnight.
    adjust: (config) => {
      end = Math.ceil(Date.now() / 1000) * 1000 + 3000;
      return replaceInConfig(config, `${day(1)}T00:00:00Z`, new Date(end).toISOString().replace('.000', ''));
    },
  });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('refuses by the gateway itself, without another publication', async () => {
    const urls = ['https://today.allowed.test/', 'http://today.plain.test/', 'https://today.tcp.test:5432/'];
    const reasonOf = async (url: string): Promise<string | undefined> => {
      if (url.startsWith('http:')) return (await bench.ask(url)).reply?.headers['x-egress-reason'];
      const { reply, wire } = await connect(bench.port(), `${new URL(url).hostname}:${new URL(url).port || 443}`);
      wire.close();
      return reply.headers['x-egress-reason'];
    };
    expect(await Promise.all(urls.map(reasonOf))).toEqual([undefined, undefined, undefined]);
    expect(Date.now()).toBeLessThan(end);
    for (const url of urls) {
      await eventually(
        () => reasonOf(url),
        (reason) => reason === 'expired',
      );
    }
    expect(Date.now()).toBeGreaterThanOrEqual(end);
    expect(await reasonOf('https://future.allowed.test/')).toBeUndefined();
  });
});
