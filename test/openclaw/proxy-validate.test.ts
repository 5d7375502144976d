import { NO_TRACES, PUBLIC_V4, useBench } from '../traffic/support/bench';
import type { Line } from '../traffic/support/log-book';
import { OpenProxy } from './support/open-proxy';
import { describeWithOpenClaw, useOpenClaw } from './support/openclaw';

const POLICY = `
version: 1
workloads:
  openclaw:
    port: 10000
    allow:
      - host: api.allowed.test
      - host: plain.allowed.test
        protocol: http
`;
const HTTPS = 'https://api.allowed.test/status';
const HTTP = 'http://plain.allowed.test/status';
const REFUSED = 'https://example.com/';

/** A check of `openclaw proxy validate --json`, as its docs/security/network-proxy.md shows it. */
interface Check {
  readonly kind: 'allowed' | 'denied';
  readonly url: string;
  readonly ok: boolean;
  readonly status?: number;
  readonly error?: string;
}

interface Report {
  readonly ok: boolean;
  readonly config: { readonly proxyUrl: string; readonly source: string; readonly errors: readonly string[] };
  readonly checks: readonly Check[];
}

describeWithOpenClaw('openclaw proxy validate', () => {
  const bench = useBench(POLICY, {
    names: { 'api.allowed.test': [PUBLIC_V4], 'plain.allowed.test': [PUBLIC_V4], 'example.com': [PUBLIC_V4] },
  });
  const openclaw = useOpenClaw();
  jest.setTimeout(300_000);
  beforeEach(() => bench.log.forget());

  async function validate(
    args: readonly string[],
    proxy: string | undefined = bench.proxy(),
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ report: Report; code: number | null }> {
    const command = ['proxy', 'validate', ...(proxy === '' ? [] : ['--proxy-url', proxy]), ...args, '--json'];
    const ca = { NODE_EXTRA_CA_CERTS: bench.certificates.caFile };
    const { code, stdout, stderr } = await openclaw.run([...command, '--timeout-ms', '20000'], { ...ca, ...env });
    if (!stdout.startsWith('{')) throw new Error(`no report, but ${JSON.stringify({ code, stdout, stderr })}`);
    return { report: JSON.parse(stdout) as Report, code };
  }

  /** What the gateway's log says of a checked URL. */
  async function decisionOn(check: Check | undefined): Promise<Partial<Line>> {
    const { protocol, hostname, port } = new URL(check?.url ?? '');
    const target = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
    const line = await bench.log.find(({ authority, decision }) => authority === target && decision !== 'pending');
    const { decision, reason, status, upstream } = line;
    return { decision, reason, status, upstream };
  }

  it('is ok: what is allowed answers, and its canary on loopback is refused by the gateway, not merely out of reach', async () => {
    const { report, code } = await validate(['--allowed-url', HTTPS, '--allowed-url', HTTP]);
    expect(report).toMatchObject({ ok: true, config: { source: 'override', errors: [] } });
    expect(report.checks).toEqual([
      { kind: 'allowed', url: HTTPS, ok: true, status: 200 },
      { kind: 'allowed', url: HTTP, ok: true, status: 200 },
      {
        kind: 'denied',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
        ok: true,
        error: 'fetch failed',
      },
    ]);
    expect(code).toBe(0);
    expect(bench.upstreams.heard.map(({ host, url }) => `${host}${url}`)).toEqual([
      'api.allowed.test/status',
      'plain.allowed.test/status',
    ]);
    // OpenClaw does not say why the fetch failed; the gateway does.
    expect(await decisionOn(report.checks[2])).toEqual({
      decision: 'denied',
      reason: 'ip_literal',
      status: 403,
      upstream: null,
    });
  });

  it('is ok with the proxy from OPENCLAW_PROXY_URL, as the constructs set it', async () => {
    const { report, code } = await validate(['--allowed-url', HTTPS], '', { OPENCLAW_PROXY_URL: bench.proxy() });
    expect(report).toMatchObject({ ok: true, config: { source: 'env', errors: [] } });
    expect(code).toBe(0);
  });

  it('is not ok where the policy does not name what it was told is allowed: its default, https://example.com/', async () => {
    const { report, code } = await validate([]);
    expect(report.checks).toMatchObject([
      { kind: 'allowed', url: REFUSED, ok: false, error: 'fetch failed' },
      { kind: 'denied', ok: true },
    ]);
    expect(await decisionOn(report.checks[0])).toMatchObject({ decision: 'denied', reason: 'no_rule', status: 403 });
    expect(report.ok).toBe(false);
    expect(code).toBe(1);
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('does not take a refusal for one where it did not bring up the server itself (--denied-url): the log has the 403', async () => {
    const { report, code } = await validate(['--allowed-url', HTTPS, '--denied-url', REFUSED]);
    expect(report.checks).toEqual([
      { kind: 'allowed', url: HTTPS, ok: true, status: 200 },
      {
        kind: 'denied',
        url: REFUSED,
        ok: false,
        error: 'Denied destination failed without a verifiable proxy-deny signal: fetch failed',
      },
    ]);
    expect(await decisionOn(report.checks[1])).toMatchObject({ decision: 'denied', reason: 'no_rule', status: 403 });
    expect(code).toBe(1);
    expect(bench.traces.asked).not.toContain('example.com');
  });

  it('finds its canary through a proxy that lets everything through', async () => {
    const proxy = await OpenProxy.start();
    try {
      const { report, code } = await validate(['--allowed-url', HTTPS], proxy.url);
      expect(report.checks).toEqual([
        { kind: 'allowed', url: HTTPS, ok: true, status: 200 },
        {
          kind: 'denied',
          url: expect.any(String),
          ok: false,
          status: 204,
          error: expect.stringContaining('reachable'),
        },
      ]);
      expect(report.ok).toBe(false);
      expect(code).toBe(1);
    } finally {
      await proxy.stop();
    }
  });
});
