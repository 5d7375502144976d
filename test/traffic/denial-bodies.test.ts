import { decide, type EgressRequest } from '../../lib/policy/decide';
import { EgressPolicy } from '../../lib/policy/policy';
import { REASONS, type Reason } from '../../lib/policy/reasons';
import { PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

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
      - host: past.allowed.test
        expires: 2020-01-01
      - host: opaque.allowed.test
        protocol: tcp
        ports: [5432]
        reason: a database
      - host: internal.allowed.test
        protocol: http
      - host: missing.allowed.test
        protocol: http
`;

/** What is sent, what refuses it, and what the reply calls host and port. */
const CASES: readonly [string, Reason, string, string, { method?: string; form?: 'connect' }?][] = [
  ['https://evil.test/', 'no_rule', 'evil.test', '443'],
  ['https://evil.test:8443/', 'no_rule', 'evil.test', '8443'],
  ['http://evil.test/', 'no_rule', 'evil.test', '80'],
  ['http://evil.test:8080/', 'no_rule', 'evil.test', '8080'],
  ['https://10.9.9.9/', 'ip_literal', '10.9.9.9', '443'],
  ['https://[::1]/', 'ip_literal', '::1', '443'],
  ['https://api.allowed.test:8443/', 'port', 'api.allowed.test', '8443'],
  ['http://plain.allowed.test/public/', 'method', 'plain.allowed.test', '80', { method: 'POST' }],
  ['http://plain.allowed.test/secret', 'path', 'plain.allowed.test', '80'],
  ['https://past.allowed.test/', 'expired', 'past.allowed.test', '443'],
  ['http://api.allowed.test:443/', 'not_tls', 'api.allowed.test', '443'],
  ['http://opaque.allowed.test:5432/', 'not_connect', 'opaque.allowed.test', '5432'],
  ['http://internal.allowed.test/', 'private_address', 'internal.allowed.test', '80'],
  ['http://missing.allowed.test/', 'dns_failure', 'missing.allowed.test', '80'],
];

describeInNamespace('the body of a refusal', () => {
  const bench = useBench(POLICY, {
    names: { 'plain.allowed.test': [PUBLIC_V4], 'internal.allowed.test': ['10.9.9.9'] },
  });

  it.each(CASES)('%s: %s', async (url, reason, host, port, options = {}) => {
    const { reply } = await bench.ask(url, options);
    expect(reply?.status).toBe(REASONS[reason].status);
    expect(reply?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-egress-reason': reason,
      'x-egress-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const body = JSON.parse(reply?.body ?? '');
    expect(body).toMatchObject({ error: 'egress_denied', workload: 'web', host, reason });
    expect(String(body.port)).toBe(port);
    expect(Object.keys(body).sort()).toEqual(['error', 'hint', 'host', 'port', 'reason', 'workload']);
    expect(body.hint).toBe(hintOf(url, options));
  });

  /** The hint of `decide`, which the CLI shows: one text for one refusal. */
  function hintOf(url: string, { method = 'GET' }: { method?: string }): string | undefined {
    const { protocol, hostname, port, pathname } = new URL(url);
    const tunnel = protocol === 'https:';
    const answers =
      hostname === 'internal.allowed.test' ? ['10.9.9.9'] : hostname === 'missing.allowed.test' ? [] : undefined;
    const request: EgressRequest = {
      workload: 'web',
      form: tunnel ? 'connect' : 'absolute',
      method: tunnel ? 'CONNECT' : method,
      authority: `${hostname}${tunnel || port !== '' ? `:${port || 443}` : ''}`,
      path: pathname,
      payload: 'tls',
      sni: hostname,
      now: new Date(),
      ...(answers && { answers }),
    };
    return decide(bench.policy, request).hint;
  }

  it.each(['https://new.test/', 'https://new.test:8443/', 'http://new.test/', 'http://new.test:8080/'])(
    'gives a rule to add that makes %s pass',
    async (url) => {
      const { reply } = await bench.ask(url);
      const { hint } = JSON.parse(reply?.body ?? '') as { hint: string };
      const { hostname, port, protocol } = new URL(url);
      const added = EgressPolicy.merge(
        EgressPolicy.fromYaml(POLICY),
        EgressPolicy.fromYaml(`version: 1\n${hint.replace('{ allow:', '{ port: 10000, allow:')}`),
      );
      const tunnel = protocol === 'https:';
      const decision = decide(added, {
        workload: 'web',
        form: tunnel ? 'connect' : 'absolute',
        method: tunnel ? 'CONNECT' : 'GET',
        authority: `${hostname}:${port || (tunnel ? 443 : 80)}`,
        sni: hostname,
        now: new Date(),
      });
      expect(decision).toMatchObject({ decision: 'allowed' });
    },
  );

  it('is JSON whatever the host is made of', async () => {
    for (const host of ['a"b.test', 'a\\b.test', '<script>.test', "a'b.test", 'é.test']) {
      const { reply } = await bench.ask(`http://${Buffer.from(host).toString('latin1')}/`);
      expect(() => JSON.parse(reply?.body ?? '') as unknown).not.toThrow();
    }
  });

  it('is empty for a HEAD, and the header says the reason', async () => {
    const { reply } = await bench.ask('http://evil.test/', { method: 'HEAD' });
    expect(reply).toMatchObject({ status: 403, body: '', headers: { 'x-egress-reason': 'no_rule' } });
  });
});
