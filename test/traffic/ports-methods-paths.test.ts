import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
        ports: [443, 8443]
      - host: plain.allowed.test
        protocol: http
        ports: [80, 8080]
        methods: [GET, HEAD, PROPFIND]
        paths: [/public/, /exact]
      - host: both.allowed.test
        protocol: http
        methods: [GET]
        paths: [/read/]
      - host: both.allowed.test
        protocol: http
        methods: [POST]
        paths: [/write/]
      - host: any.allowed.test
        protocol: http
      - host: mixed.allowed.test
      - host: mixed.allowed.test
        protocol: http
`;

describeInNamespace('ports, methods and paths', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  describe('a port', () => {
    it.each(['https://api.allowed.test/', 'https://api.allowed.test:8443/', 'http://plain.allowed.test:8080/public/'])(
      'of the rule passes: %s',
      async (url) => {
        expect((await bench.ask(url)).reply?.status).toBe(200);
        expect(bench.upstreams.heard).toMatchObject([{ port: Number(/:(\d+)/.exec(url)?.[1] ?? 443) }]);
      },
    );

    it.each([
      ['https://api.allowed.test:22/', 'port'],
      ['https://api.allowed.test:80/', 'port'],
      ['https://api.allowed.test:4430/', 'port'],
      ['https://api.allowed.test:44/', 'port'],
      ['https://plain.allowed.test:443/', 'port'],
      ['http://plain.allowed.test:8443/public/', 'port'],
      ['http://plain.allowed.test:11434/public/', 'port'],
      ['http://api.allowed.test/', 'port'],
      ['https://elsewhere.test:8443/', 'no_rule'],
    ])('outside the rule is refused: %s', async (url, reason) => {
      expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason, reply: { status: 403 } });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it.each(['0', '00443', '0443', '443 ', '+443', '65536', '99999', '-443', '443:443', '0x1bb', 'https', ''])(
      'written %j is refused, not read as 443',
      async (port) => {
        const { decision, reason } = await bench.verdict(`https://api.allowed.test:${port}:443`.replace(/:443$/, ''));
        expect({ decision, reason }).toEqual({
          decision: 'denied',
          reason: expect.stringMatching(/^(port|malformed|no_rule)$/),
        });
        expect(bench.traces).toEqual(NO_TRACES);
      },
    );

    it('serves one host with TLS on one port and plain HTTP on another', async () => {
      expect((await bench.ask('https://mixed.allowed.test/')).reply?.status).toBe(200);
      expect((await bench.ask('http://mixed.allowed.test/')).reply?.status).toBe(200);
      expect((await bench.ask('http://mixed.allowed.test/', { form: 'connect' })).reply?.status).toBe(200);
      expect(bench.upstreams.heard.map(({ port }) => port)).toEqual([443, 80, 80]);
    });
  });

  describe.each(['absolute', 'connect'] as const)('a method (%s)', (form) => {
    it.each(['GET', 'HEAD', 'PROPFIND'])('of the rule passes: %s', async (method) => {
      expect((await bench.ask('http://plain.allowed.test/public/', { method, form })).reply?.status).toBe(200);
      expect(bench.upstreams.heard).toMatchObject([{ method }]);
    });

    it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'get', 'GETX'])(
      'outside it is refused: %s',
      async (method) => {
        const verdict = await bench.verdict('http://plain.allowed.test/public/', { method, form });
        expect(verdict).toMatchObject({ decision: 'denied', reason: expect.stringMatching(/^(method|malformed)$/) });
        expect(bench.upstreams.heard).toEqual([]);
      },
    );

    it('is free where the rule names none, except TRACE', async () => {
      expect((await bench.ask('http://any.allowed.test/', { method: 'DELETE', form })).reply?.status).toBe(200);
      bench.forget();
      expect(await bench.verdict('http://any.allowed.test/', { method: 'TRACE', form })).toMatchObject({
        decision: 'denied',
        reason: 'method',
      });
      expect(bench.upstreams.heard).toEqual([]);
    });

    it('goes with the path of its own rule, not with that of another', async () => {
      const reasons: string[] = [];
      for (const [method, path] of [
        ['GET', '/read/x'],
        ['POST', '/write/x'],
        ['POST', '/read/x'],
        ['GET', '/write/x'],
        ['GET', '/other'],
        ['PUT', '/read/x'],
      ] as const) {
        reasons.push((await bench.verdict(`http://both.allowed.test${path}`, { method, form })).reason);
      }
      expect(reasons).toEqual(['rule', 'rule', 'method', 'method', 'path', 'method']);
      expect(bench.upstreams.heard.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /read/x',
        'POST /write/x',
      ]);
    });
  });

  describe.each(['absolute', 'connect'] as const)('a path (%s)', (form) => {
    it.each([
      '/public/',
      '/public/a/b?c=d',
      '/public/a;b',
      '/exact',
      '/exact/below',
      '/exact?query',
      '/x/../public/a',
      '/public/./a',
    ])('below a prefix of the rule passes: %s', async (path) => {
      expect((await bench.ask(`http://plain.allowed.test${path}`, { form })).reply?.status).toBe(200);
    });

    it.each([
      ['/', 'path'],
      ['/public', 'path'],
      ['/publicity', 'path'],
      ['/exactly', 'path'],
      ['/PUBLIC/', 'path'],
      ['/secret?/public/', 'path'],
      ['/secret#/public/', 'malformed'],
      ['/public/../secret', 'path'],
      ['/public/%2e%2e/secret', 'path'],
      ['/public/.%2E/secret', 'path'],
      ['/public/..\\secret', 'path'],
      ['/public/..;/secret', 'path'],
      ['/public/%2f../secret', 'malformed'],
      ['/public%2fsecret', 'malformed'],
      ['/public/%5c..%5csecret', 'malformed'],
      ['/public/%00', 'malformed'],
      ['//public/', 'any'],
    ])('outside it is refused: %s', async (path, reason) => {
      const verdict = await bench.verdict(`http://plain.allowed.test${path}`, { form });
      const urls = bench.upstreams.heard.map(({ url }) => url);
      if (verdict.decision === 'allowed') {
        // Where the gateway reads the path otherwise, the server must be given what was judged.
        expect(urls).toEqual([expect.stringMatching(/^\/(public\/|exact)/)]);
        expect(reason).toBe('any');
        return;
      }
      expect(urls).toEqual([]);
      if (reason !== 'any') expect(verdict.reason).toBe(reason);
    });
  });
});
