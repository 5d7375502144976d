import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { connect, get } from './support/clients';
import { describeInNamespace } from './support/namespace';
import { Wire } from './support/wire';

const POLICY = `
version: 1
workloads:
  search:
    port: 10000
    allow:
      - host: search.allowed.test
      - host: shared.allowed.test
        protocol: http
        methods: [GET]
  model:
    port: 10001
    allow:
      - host: model.allowed.test
      - host: shared.allowed.test
        protocol: http
        methods: [POST]
  nothing:
    port: 10002
`;

describeInNamespace('workloads', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));
  const reasons = async (url: string, method?: string): Promise<string[]> =>
    Promise.all(
      ['search', 'model', 'nothing'].map(async (workload) => (await bench.verdict(url, { workload, method })).reason),
    );

  it('cannot use the rules of each other', async () => {
    expect(await reasons('https://search.allowed.test/')).toEqual(['rule', 'no_rule', 'no_rule']);
    expect(await reasons('https://model.allowed.test/')).toEqual(['no_rule', 'rule', 'no_rule']);
    expect(await reasons('http://shared.allowed.test/')).toEqual(['rule', 'method', 'no_rule']);
    expect(await reasons('http://shared.allowed.test/', 'POST')).toEqual(['method', 'rule', 'no_rule']);
  });

  it('without rules reach nothing', async () => {
    for (const url of ['https://search.allowed.test/', 'http://shared.allowed.test/', 'https://93.184.215.14/']) {
      expect((await bench.verdict(url, { workload: 'nothing' })).decision).toBe('denied');
    }
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it.each([
    'x-egress-workload: model',
    'x-egress-rule: model.allowed.test:443',
    'x-egress-id: 00000000',
    'x-envoy-original-dst-host: 93.184.215.14:443',
    'x-forwarded-for: 127.0.0.1',
    'Proxy-Authorization: Basic bW9kZWw6bW9kZWw=',
  ])('are known by their port, not by what they say: %s', async (header) => {
    const verdict = await bench.verdict('https://model.allowed.test/', {
      workload: 'search',
      connectHeaders: [header],
    });
    expect(verdict).toMatchObject({ decision: 'denied', reason: 'no_rule' });
    expect(await bench.log.of(verdict.id)).toMatchObject({ workload: 'search' });
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('cannot reach the port of another through the gateway', async () => {
    const verdict = await bench.verdict('http://localhost:10001/', { workload: 'search' });
    expect(verdict).toMatchObject({ decision: 'denied', reason: 'no_rule' });
  });

  it('have one judgement for each request of a connection', async () => {
    const wire = await Wire.open(bench.port('search'));
    const send = (url: string, host: string): Wire => wire.write(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    send('http://shared.allowed.test/1', 'shared.allowed.test');
    send('http://evil.test/2', 'evil.test');
    send('http://shared.allowed.test/3', 'shared.allowed.test');
    const replies = [await wire.reply(), await wire.reply(), await wire.reply()];
    expect(replies.map((reply) => reply?.status)).toEqual([200, 403, 200]);
    expect(bench.upstreams.heard.map(({ url }) => url)).toEqual(['/1', '/3']);
    wire.close();
  });

  it('have one judgement for each request inside a plain tunnel', async () => {
    const { wire } = await connect(bench.port('search'), 'shared.allowed.test:80');
    const statuses = [];
    for (const [host, method] of [
      ['shared.allowed.test', 'GET'],
      ['shared.allowed.test', 'POST'],
      ['search.allowed.test', 'GET'],
      ['shared.allowed.test', 'GET'],
    ] as const) {
      const reply = await get(wire, host, '/', [], method);
      statuses.push(reply?.headers['x-egress-reason'] ?? reply?.status);
      if (reply === undefined) break;
    }
    expect(statuses.slice(0, 3)).toEqual([200, 'method', 'host_mismatch']);
    expect(bench.upstreams.heard.every(({ host, method }) => host === 'shared.allowed.test' && method === 'GET')).toBe(
      true,
    );
    wire.close();
  });
});
