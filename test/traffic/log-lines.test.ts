import { parseLogLine } from '../../lib/gateway/log-line';
import { PUBLIC_V4, useBench } from './support/bench';
import { connect, startTls } from './support/clients';
import { describeInNamespace } from './support/namespace';
import { type Wire } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
        methods: [GET]
        paths: [/public/]
      - host: opaque.allowed.test
        protocol: tcp
        ports: [5432]
        reason: a database
      - host: dead.allowed.test
        protocol: http
      - host: refusing.allowed.test
        ports: [9]
      - host: refusingplain.allowed.test
        protocol: http
        ports: [9]
`;
const FIELDS = [
  'authority',
  'bytes_received',
  'bytes_sent',
  'decision',
  'duration_ms',
  'id',
  'layer',
  'method',
  'reason',
  'rule',
  'sni',
  'status',
  'time',
  'upstream',
  'workload',
];

describeInNamespace('log lines', () => {
  const names = ['api', 'plain', 'opaque', 'refusing', 'refusingplain'].map((label) => [
    `${label}.allowed.test`,
    [PUBLIC_V4],
  ]);
  const bench = useBench(POLICY, { names: Object.fromEntries(names) });
  beforeEach(() => bench.log.forget());

  it('of a tunnel: one that carries the decision and one that is pending, with one id', async () => {
    const { id } = await bench.ask('https://api.allowed.test/secret?token=abc');
    const line = await bench.log.of(id);
    expect(line).toMatchObject({
      layer: 'tunnel',
      workload: 'web',
      rule: 'api.allowed.test:443',
      decision: 'allowed',
      reason: 'rule',
      authority: 'api.allowed.test:443',
      sni: 'api.allowed.test',
      upstream: `${PUBLIC_V4}:443`,
    });
    expect(line.bytes_sent).toBeGreaterThan(500);
    expect(line.bytes_received).toBeGreaterThan(300);
    const pending = await bench.log.find((each) => each.id === id && each.layer === 'request');
    expect(pending).toMatchObject({
      decision: 'pending',
      method: 'CONNECT',
      status: 200,
      authority: 'api.allowed.test:443',
    });
    expect(bench.log.lines.filter((each) => each.id === id)).toHaveLength(2);
  });

  it('of a plain request: one', async () => {
    const { id } = await bench.ask('http://plain.allowed.test/public/?q=1');
    expect(await bench.log.of(id)).toMatchObject({
      layer: 'request',
      rule: 'plain.allowed.test:80',
      decision: 'allowed',
      reason: 'rule',
      method: 'GET',
      authority: 'plain.allowed.test',
      upstream: `${PUBLIC_V4}:80`,
      status: 200,
    });
    expect(bench.log.lines.filter((each) => each.id === id)).toHaveLength(1);
  });

  it('of an opaque tunnel: one that carries the decision', async () => {
    const { reply, wire } = await connect(bench.port(), 'opaque.allowed.test:5432');
    expect(await wire.write('12345\n').line()).toBe('12345\n');
    wire.close();
    const id = reply.headers['x-egress-id'] ?? '';
    expect(await bench.log.of(id)).toMatchObject({
      rule: 'opaque.allowed.test:5432',
      decision: 'allowed',
      reason: 'rule',
      upstream: `${PUBLIC_V4}:5432`,
      bytes_received: 6,
      bytes_sent: 6,
    });
    expect(bench.log.lines.filter((each) => each.id === id && each.decision !== 'pending')).toHaveLength(1);
  });

  it('of each request inside a plain tunnel: one that carries its decision', async () => {
    const { wire } = await connect(bench.port(), 'plain.allowed.test:80');
    const send = (path: string, method: string): Wire =>
      wire.write(`${method} ${path} HTTP/1.1\r\nHost: plain.allowed.test\r\n\r\n`);
    send('/public/', 'GET');
    expect((await wire.reply())?.status).toBe(200);
    send('/public/', 'DELETE');
    expect((await wire.reply())?.headers['x-egress-reason']).toBe('method');
    wire.close();
    const of = (method: string): ReturnType<typeof bench.log.find> =>
      bench.log.find((line) => line.method === method && line.decision !== 'pending');
    expect(await of('GET')).toMatchObject({ decision: 'allowed', reason: 'rule', rule: 'plain.allowed.test:80' });
    expect(await of('DELETE')).toMatchObject({ decision: 'denied', reason: 'method', status: 403 });
  });

  it.each([
    ['https://evil.test/', 'no_rule', 403, null],
    ['http://evil.test/', 'no_rule', 403, null],
    ['https://api.allowed.test:8443/', 'port', 403, 'api.allowed.test:443'],
    ['http://plain.allowed.test/secret', 'path', 403, 'plain.allowed.test:80'],
    ['http://dead.allowed.test/', 'dns_failure', 502, 'dead.allowed.test:80'],
    ['https://10.9.9.9/', 'ip_literal', 403, null],
  ])(
    'of a refused request: one with the reason and the rule that named the host: %s',
    async (url, reason, status, rule) => {
      const { id, reply } = await bench.ask(url);
      expect(reply?.status).toBe(status);
      expect(await bench.log.of(id)).toMatchObject({
        layer: 'request',
        decision: 'denied',
        reason,
        status,
        rule,
        upstream: null,
      });
      expect(bench.log.lines.filter((each) => each.id === id)).toHaveLength(1);
    },
  );

  it('of a server that takes no connection: allowed, and unreachable', async () => {
    const plain = await bench.ask('http://refusingplain.allowed.test:9/');
    expect(plain.reply).toMatchObject({ status: 503, headers: { 'x-egress-reason': 'unreachable' } });
    expect(await bench.log.of(plain.id)).toMatchObject({ decision: 'allowed', reason: 'unreachable' });
    const tunnel = await bench.ask('https://refusing.allowed.test:9/');
    expect(tunnel.reply).toBeUndefined();
    expect(await bench.log.of(tunnel.id)).toMatchObject({ decision: 'allowed', reason: 'unreachable' });
  });

  it('of a client that leaves before it says anything: none but a pending one', async () => {
    const { reply, wire } = await connect(bench.port(), 'api.allowed.test:443');
    wire.close();
    const id = reply.headers['x-egress-id'] ?? '';
    await bench.log.find((line) => line.id === id);
    // Whatever else is written of it comes before the lines of a later request.
    await bench.log.of((await bench.ask('https://evil.test/')).id);
    const decisions = bench.log.lines.filter((line) => line.id === id).map(({ decision }) => decision);
    expect(decisions).toEqual(expect.not.arrayContaining(['allowed', 'denied']));
  });

  it('of two tunnels have two ids, whatever the client calls itself', async () => {
    const options = { connectHeaders: ['X-Egress-Id: 42', 'X-Request-Id: 42'] };
    const asked = [
      await bench.ask('https://api.allowed.test/', options),
      await bench.ask('https://api.allowed.test/', options),
    ];
    const ids = asked.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('hold the fields of the contract and nothing else; no query, no body, no credentials', async () => {
    const secret = 'S3CR3T';
    const headers = [
      `Authorization: Bearer ${secret}`,
      `Cookie: ${secret}`,
      `Referer: http://x/?${secret}`,
      `User-Agent: ${secret}`,
    ];
    const connectHeaders = [`Proxy-Authorization: Basic ${secret}`];
    const asked = [
      await bench.ask(`https://api.allowed.test/${secret}?q=${secret}`, { headers, connectHeaders }),
      await bench.ask(`http://plain.allowed.test/public/${secret}?q=${secret}`, {
        headers: [...headers, ...connectHeaders],
      }),
      await bench.ask(`http://plain.allowed.test/${secret}?q=${secret}`, { headers, method: 'POST', body: secret }),
      await bench.ask(`http://user:${secret}@plain.allowed.test/public/`, { headers, host: 'plain.allowed.test' }),
      await bench.ask(`http://plain.allowed.test/public/${secret}`, { headers, form: 'connect' }),
    ];
    for (const { id } of asked) await bench.log.find((line) => line.id === id && line.decision !== 'pending');
    for (const line of bench.log.lines) expect(Object.keys(line).sort()).toEqual(FIELDS);
    expect(bench.log.raw.join('\n')).not.toContain(secret);
  });

  it('survive hostile bytes: each is one line of JSON that a reader takes', async () => {
    const authorities = [
      'evil\x1b[31m.test:443',
      'evil"},{"decision":"allowed.test:443',
      'evil\\u0000.test:443',
      'ev\xc3\xaf\xc2\x85l.test:443',
      '\xff\xfe\xfd.test:443',
      '%25s%25n.test:443',
      `${'a'.repeat(5000)}.test:443`,
    ];
    for (const authority of authorities) await connect(bench.port(), authority);
    for (const sni of ['evil\x1b[31m.test', 'evil"}.test', 'evil\n{"decision":"allowed"}.test']) {
      const { wire } = await connect(bench.port(), 'api.allowed.test:443');
      await startTls(wire, { sni }).catch(() => undefined);
      wire.close();
    }
    await bench.log.until(() => bench.log.lines.length >= authorities.length, 'the refusals');
    await bench.log.of((await bench.ask('https://last.test/')).id);
    for (const text of bench.log.raw) {
      expect(Buffer.from(text).every((byte) => byte >= 0x20 && byte !== 0x7f)).toBe(true);
      const { decision } = JSON.parse(text) as { decision: string };
      if (decision !== 'pending') expect(parseLogLine(text)).toBeDefined();
    }
    expect(bench.log.lines.some(({ decision }) => decision === 'allowed')).toBe(false);
  });
});
