import { PUBLIC_V4, useBench } from './support/bench';
import { connect, get } from './support/clients';
import { describeInNamespace } from './support/namespace';
import type { Wire } from './support/wire';

const HOST = 'plain.allowed.test';
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: [${HOST}, other.allowed.test]
        protocol: http
      - host: odd.allowed.test
        protocol: http
        ports: [8080]
`;

/** A CONNECT to a host of plain HTTP: some clients send http:// so, and the bytes inside are read as HTTP. */
describeInNamespace('a tunnel to a plain host', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function tunnel(authority = `${HOST}:80`): Promise<{ wire: Wire; id: string }> {
    const { reply, wire } = await connect(bench.port(), authority);
    expect(reply.status).toBe(200);
    return { wire, id: reply.headers['x-egress-id'] ?? '' };
  }

  const GARBAGE: Readonly<Record<string, string | Buffer>> = {
    'an SSH banner': 'SSH-2.0-OpenSSH_9.6\r\n',
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'a command for Redis': '*1\r\n$4\r\nPING\r\n',
    'a greeting in SMTP': 'EHLO there\r\n',
    'binary bytes without a line end': Buffer.alloc(64, 0xfe),
    'a TLS record': Buffer.from('1603010005010000010003', 'hex'),
    'letters without a line end': 'ABCDEFGH',
    'half a request line': 'GET /',
    'half a request': `GET / HTTP/1.1\r\nHost: ${HOST}\r\n`,
    nothing: '',
  };

  it('is closed within 4 s when it carries anything but HTTP, and no server is dialled', async () => {
    const fates = Object.entries(GARBAGE).map(async ([what, bytes]) => {
      const { wire, id } = await tunnel();
      const { text, closed } = await wire.write(bytes).rest(4000);
      const { decision, reason } = await bench.log.of(id);
      return [
        what,
        { closed, answered: text.includes('200 OK'), decision, known: ['not_http', 'malformed'].includes(reason) },
      ];
    });
    const refused = { closed: true, answered: false, decision: 'denied', known: true };
    expect(Object.fromEntries(await Promise.all(fates))).toEqual(
      Object.fromEntries(Object.keys(GARBAGE).map((what) => [what, refused])),
    );
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('serves several requests, a pause between them, a body that comes late and an answer that comes slowly', async () => {
    const { wire } = await tunnel();
    expect((await get(wire, HOST))?.status).toBe(200);
    expect((await wire.rest(2500)).closed).toBe(false);
    wire.write(`POST /late HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 4\r\n\r\n`);
    expect((await wire.rest(2500)).closed).toBe(false);
    expect((await wire.write('body').reply())?.status).toBe(200);
    expect((await get(wire, HOST, '/stream?seconds=3'))?.body).toMatch(/end$/);
    expect(bench.upstreams.heard.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'GET / ',
      'POST /late body',
      'GET /stream?seconds=3 ',
    ]);
    wire.close();
  });

  it.each([
    ['another host that no rule names', 'leak.evil.test'],
    ['another host of the same rule', 'other.allowed.test'],
    ['an address', '10.9.9.9'],
    ['another port', `${HOST}:8080`],
    ['a longer name', `${HOST}.evil.test`],
    ['a trailing dot', `${HOST}.`],
    ['a comma-joined pair', `${HOST},evil.test`],
  ])('is refused when the Host inside is %s, and that host is never looked up', async (_what, host) => {
    const { wire } = await tunnel();
    const reply = await get(wire, host);
    expect(reply?.status).toBeGreaterThanOrEqual(400);
    expect(['host_mismatch', 'malformed']).toContain(reply?.headers['x-egress-reason']);
    expect(bench.upstreams.heard).toEqual([]);
    expect(bench.dns.names.filter((name) => name !== HOST)).toEqual([]);
    wire.close();
  });

  it('is refused when an absolute target inside names another host', async () => {
    const { wire } = await tunnel();
    wire.write(`GET http://leak.evil.test/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    expect((await wire.reply())?.headers['x-egress-reason']).toBe('host_mismatch');
    expect(bench.upstreams.heard).toEqual([]);
    expect(bench.dns.names).not.toContain('leak.evil.test');
    wire.close();
  });

  it('accepts the Host with and without the port 80, in any case, and needs it for other ports', async () => {
    const statuses = [];
    for (const [authority, host] of [
      [`${HOST}:80`, HOST],
      [`${HOST}:80`, `${HOST}:80`],
      [`${HOST}:80`, HOST.toUpperCase()],
      ['odd.allowed.test:8080', 'odd.allowed.test:8080'],
      ['odd.allowed.test:8080', 'odd.allowed.test'],
    ] as const) {
      const { wire } = await tunnel(authority);
      const reply = await get(wire, host);
      statuses.push(reply?.headers['x-egress-reason'] ?? reply?.status);
      wire.close();
    }
    expect(statuses).toEqual([200, 200, 200, 200, 'host_mismatch']);
  });

  it('holds no second tunnel: a CONNECT inside is refused', async () => {
    const { wire } = await tunnel();
    wire.write(`CONNECT ${HOST}:80 HTTP/1.1\r\nHost: ${HOST}:80\r\n\r\n`);
    expect((await wire.reply({ to: 'CONNECT' }))?.status).toBeGreaterThanOrEqual(400);
    expect(bench.upstreams.dialled).toEqual([]);
    wire.close();
  });
});
