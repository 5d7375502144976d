import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { Wire, type Reply } from './support/wire';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: [api.allowed.test, "*.wild.test"]
      - hosts: [plain.allowed.test, "*.plainwild.test"]
        protocol: http
`;
const HOST = 'Host: plain.allowed.test';
const GET = 'GET http://plain.allowed.test/ HTTP/1.1';

describeInNamespace('requests that a proxy can misread', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function send(...lines: string[]): Promise<Reply | undefined> {
    const wire = (await Wire.open(bench.port())).write(lines.join('\r\n'));
    const reply = await wire.reply().catch(() => undefined);
    wire.close();
    return reply;
  }

  describe('are refused, and nothing moves', () => {
    it.each<[string, string[]]>([
      [
        'Content-Length and Transfer-Encoding',
        [
          'POST http://plain.allowed.test/ HTTP/1.1',
          HOST,
          'Content-Length: 5',
          'Transfer-Encoding: chunked',
          '',
          '0',
          '',
          'GET /smuggled HTTP/1.1',
          '',
          '',
        ],
      ],
      [
        'two different Content-Lengths',
        ['POST http://plain.allowed.test/ HTTP/1.1', HOST, 'Content-Length: 5', 'Content-Length: 6', '', 'hello!'],
      ],
      ['a Content-Length of +5', ['POST http://plain.allowed.test/ HTTP/1.1', HOST, 'Content-Length: +5', '', 'hello']],
      [
        'Transfer-Encoding twice',
        ['POST http://plain.allowed.test/ HTTP/1.1', HOST, 'Transfer-Encoding: chunked, chunked', '', '0', '', ''],
      ],
      [
        'an unknown Transfer-Encoding',
        ['POST http://plain.allowed.test/ HTTP/1.1', HOST, 'Transfer-Encoding: xchunked', '', '0', '', ''],
      ],
      ['a space before the colon', [GET, HOST, 'X-A : b', '', '']],
      ['a NUL in a header', [GET, HOST, 'X-A: a\0b', '', '']],
      ['a NUL in the target', ['GET http://plain.allowed.test/\0 HTTP/1.1', HOST, '', '']],
      ['origin form', ['GET / HTTP/1.1', 'Host: evil.test', '', '']],
      ['origin form with two Hosts', ['GET / HTTP/1.1', 'Host: evil.test', HOST, '', '']],
      ['origin form with a comma in Host', ['GET / HTTP/1.1', 'Host: evil.test,x.plainwild.test', '', '']],
      ['origin form without Host', ['GET / HTTP/1.1', '', '']],
      ['asterisk form', ['OPTIONS * HTTP/1.1', 'Host: evil.test', '', '']],
      [
        'a comma in the authority, before a wildcard',
        ['GET http://evil.test,x.plainwild.test/ HTTP/1.1', 'Host: x.plainwild.test', '', ''],
      ],
      ['the same in a CONNECT', ['CONNECT evil.test,x.wild.test:443 HTTP/1.1', 'Host: x.wild.test:443', '', '']],
      ['a semicolon in the authority', ['CONNECT evil.test;x.wild.test:443 HTTP/1.1', 'Host: x.wild.test:443', '', '']],
      [
        'user information in a CONNECT',
        ['CONNECT api.allowed.test:443@evil.test:443 HTTP/1.1', 'Host: evil.test:443', '', ''],
      ],
      [
        'user information that looks like the host',
        ['GET http://plain.allowed.test@evil.test/ HTTP/1.1', 'Host: evil.test', '', ''],
      ],
      ['a backslash in the authority', ['GET http://evil.test\\plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['a fragment in the authority', ['GET http://evil.test#plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['a query in the authority', ['GET http://evil.test?plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['a path in a CONNECT', ['CONNECT api.allowed.test:443/x HTTP/1.1', 'Host: api.allowed.test:443', '', '']],
      ['a CONNECT without a port', ['CONNECT api.allowed.test HTTP/1.1', 'Host: api.allowed.test', '', '']],
      [
        'a CONNECT with a body',
        ['CONNECT api.allowed.test:443 HTTP/1.1', 'Host: api.allowed.test:443', 'Content-Length: 5', '', 'hello'],
      ],
      [
        'a CONNECT with chunks',
        [
          'CONNECT api.allowed.test:443 HTTP/1.1',
          'Host: api.allowed.test:443',
          'Transfer-Encoding: chunked',
          '',
          '0',
          '',
          '',
        ],
      ],
      ['https:// without a tunnel', ['GET https://api.allowed.test/ HTTP/1.1', 'Host: api.allowed.test', '', '']],
      ['https:// without a tunnel, to a plain host', ['GET https://plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['https:// on port 80', ['GET https://plain.allowed.test:80/ HTTP/1.1', HOST, '', '']],
      ['ftp://', ['GET ftp://plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['file://', ['GET file:///etc/passwd HTTP/1.1', HOST, '', '']],
      ['no authority', ['GET http:///x HTTP/1.1', HOST, '', '']],
      ['TRACE', ['TRACE http://plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['a preface of HTTP/2 and nothing sensible', ['PRI * HTTP/2.0', '', 'SM', '', 'garbage that is no frame at all']],
      ['an escaped slash', ['GET http://plain.allowed.test/a%2fb HTTP/1.1', HOST, '', '']],
      ['an escaped backslash', ['GET http://plain.allowed.test/a%5cb HTTP/1.1', HOST, '', '']],
      ['a header of 100 KiB', [GET, HOST, `X-A: ${'a'.repeat(100 * 1024)}`, '', '']],
      ['a thousand headers', [GET, HOST, ...Array.from({ length: 1000 }, (_, i) => `X-${i}: 1`), '', '']],
    ])('%s', async (_what, lines) => {
      const reply = await send(...lines);
      // A close without a reply is a refusal as well.
      if (reply !== undefined) expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  it('a list of Hosts is malformed by itself, not for want of an address: it ends like an allowed wildcard', async () => {
    for (const lines of [
      ['GET / HTTP/1.1', 'Host: evil.test,x.plainwild.test', '', ''],
      ['GET / HTTP/1.1', 'Host: evil.test', 'Host: x.plainwild.test', '', ''],
    ]) {
      expect(await send(...lines)).toMatchObject({ status: 400, headers: { 'x-egress-reason': 'malformed' } });
    }
    expect(bench.traces).toEqual(NO_TRACES);
  });

  describe('are read in one way only: what is judged is what is sent', () => {
    it.each<[string, string[]]>([
      ['another Host than the target', [GET, 'Host: evil.test', '', '']],
      ['two Hosts beside an absolute target', [GET, 'Host: evil.test', HOST, '', '']],
      ['user information before an allowed host', ['GET http://evil.test@plain.allowed.test/ HTTP/1.1', HOST, '', '']],
      ['a folded header', [GET, HOST, 'X-A: a', ' Host: evil.test', '', '']],
      ['bare line feeds', [`${GET}\n${HOST}\n\n`]],
      ['dot segments', ['GET http://plain.allowed.test/a/../b/%2e%2e/c HTTP/1.1', HOST, '', '']],
      ['no version, as in HTTP/0.9', ['GET http://plain.allowed.test/', HOST, '', '']],
      ['a version from the future', ['GET http://plain.allowed.test/ HTTP/3.0', HOST, '', '']],
      ['an upper-case scheme', ['GET HTTP://plain.allowed.test/ HTTP/1.1', HOST, '', '']],
    ])('%s', async (_what, lines) => {
      const reply = await send(...lines);
      if (reply?.status !== 200) return expect(bench.traces).toEqual(NO_TRACES);
      expect(bench.traces).toEqual({ dialled: [PUBLIC_V4], asked: expect.anything() });
      expect(bench.upstreams.heard).toHaveLength(1);
      const [heard] = bench.upstreams.heard;
      expect(heard?.host).toBe('plain.allowed.test');
      expect(heard?.url).not.toContain('..');
      expect(heard?.rawHeaders.filter((name) => name.toLowerCase() === 'host')).toHaveLength(1);
    });

    it('a CONNECT with another Host goes to its target', async () => {
      const { reply } = await bench.ask('https://api.allowed.test/', { host: 'evil.test:443' });
      expect(reply?.status).toBe(200);
      expect(bench.dns.names).not.toContain('evil.test');
    });

    it('a CONNECT to another target is refused whatever its Host says', async () => {
      expect(await bench.verdict('https://evil.test/', { host: 'api.allowed.test:443' })).toMatchObject({
        reason: 'no_rule',
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('bytes after a refused request are not a second one', async () => {
      const wire = await Wire.open(bench.port());
      wire.write(
        `POST http://evil.test/ HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 60\r\n\r\n${GET}\r\n${HOST}\r\n\r\n`,
      );
      const { text } = await wire.rest(1000);
      expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 403']);
      expect(bench.traces).toEqual(NO_TRACES);
      wire.close();
    });
  });

  it('a client that says nothing, or half a request, is let go without harm', async () => {
    const wires = await Promise.all([Wire.open(bench.port()), Wire.open(bench.port())]);
    wires[1].write('CONNECT api.allowed.test:4');
    const [{ closed }] = await Promise.all([wires[1].rest(12_000)]);
    expect(closed).toBe(true);
    expect(bench.traces).toEqual(NO_TRACES);
    for (const wire of wires) wire.close();
  });
});
