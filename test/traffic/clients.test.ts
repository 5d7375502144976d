import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { nodeHttpGet, nodeHttpsGet, pythonGet, run, undiciGet } from './support/real-clients';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
        ports: [80, 8080]
`;
const HTTPS = 'https://api.allowed.test/x?y=z';
const HTTP = 'http://plain.allowed.test/x?y=z';
const REFUSED_HTTPS = 'https://evil.test/';
const REFUSED_HTTP = 'http://evil.test/';

describeInNamespace('real clients', () => {
  const bench = useBench(POLICY, { names: { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4] } });
  const heardOnce = (host: string): void => {
    expect(bench.upstreams.heard).toMatchObject([{ method: 'GET', url: '/x?y=z', host, address: PUBLIC_V4 }]);
  };

  describe('curl', () => {
    const curl = (...args: string[]): ReturnType<typeof run> =>
      run('curl', ['-s', '-x', bench.proxy(), '-w', '%{http_code} %{http_connect}', '-o', '/dev/null', ...args], {
        CURL_CA_BUNDLE: bench.certificates.caFile,
      });

    it('gets https', async () => {
      expect(await curl(HTTPS)).toMatchObject({ code: 0, stdout: '200 200' });
      heardOnce('api.allowed.test');
    });

    it('gets http, in absolute form and through a tunnel', async () => {
      expect(await curl(HTTP)).toMatchObject({ code: 0, stdout: '200 000' });
      heardOnce('plain.allowed.test');
      bench.forget();
      expect(await curl('--proxytunnel', HTTP)).toMatchObject({ code: 0, stdout: '200 200' });
      heardOnce('plain.allowed.test');
    });

    it('is refused', async () => {
      expect(await curl(REFUSED_HTTPS)).toMatchObject({ code: 56, stdout: '000 403' });
      expect(await curl(REFUSED_HTTP)).toMatchObject({ code: 0, stdout: '403 000' });
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('is sent where the gateway resolves, whatever it was told of addresses', async () => {
      const result = await curl('--resolve', 'api.allowed.test:443:10.9.9.9', '--connect-to', '::evil.test:443', HTTPS);
      expect(result.stdout).toMatch(/403$/);
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('speaks SOCKS in vain', async () => {
      const { code } = await run('curl', ['-s', '-x', `socks5h://127.0.0.1:${bench.port()}`, HTTPS]);
      expect(code).not.toBe(0);
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  describe("Python's urllib", () => {
    const python = (url: string): ReturnType<typeof pythonGet> =>
      pythonGet(url, bench.proxy(), bench.certificates.caFile);

    it.each([
      [HTTPS, 'api.allowed.test'],
      [HTTP, 'plain.allowed.test'],
    ])('gets %s', async (url, host) => {
      const { stdout, stderr } = await python(url);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^200 /);
      heardOnce(host);
    });

    it('is refused', async () => {
      expect((await python(REFUSED_HTTPS)).stderr).toContain('Tunnel connection failed: 403 Forbidden');
      expect((await python(REFUSED_HTTP)).stdout).toMatch(/^403 .*"reason":"no_rule"/);
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  describe("Node's http and https", () => {
    const https = (url: string): ReturnType<typeof nodeHttpsGet> =>
      nodeHttpsGet(url, bench.proxy(), bench.certificates.ca);

    it('get https through an agent', async () => {
      expect((await https(HTTPS)).status).toBe(200);
      heardOnce('api.allowed.test');
    });

    it('get http in absolute form', async () => {
      expect((await nodeHttpGet(HTTP, bench.port())).status).toBe(200);
      heardOnce('plain.allowed.test');
    });

    it('are refused with the reason in a header', async () => {
      expect(await https(REFUSED_HTTPS)).toMatchObject({ status: 403, headers: { 'x-egress-reason': 'no_rule' } });
      expect(await nodeHttpGet(REFUSED_HTTP, bench.port())).toMatchObject({
        status: 403,
        headers: { 'x-egress-reason': 'no_rule' },
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  describe("undici's ProxyAgent, which opens tunnels for http:// too", () => {
    const undici = (url: string): ReturnType<typeof undiciGet> => undiciGet(url, bench.proxy(), bench.certificates.ca);

    it.each([
      [HTTPS, 'api.allowed.test'],
      [HTTP, 'plain.allowed.test'],
    ])('gets %s', async (url, host) => {
      expect((await undici(url)).status).toBe(200);
      heardOnce(host);
    });

    it('gets http on another port of the rule', async () => {
      expect((await undici('http://plain.allowed.test:8080/x?y=z')).status).toBe(200);
      heardOnce('plain.allowed.test:8080');
    });

    it.each([REFUSED_HTTPS, REFUSED_HTTP])('is refused: %s', async (url) => {
      await expect(undici(url)).rejects.toThrow(/403/);
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });
});
