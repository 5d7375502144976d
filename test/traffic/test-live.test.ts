import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from '../lib/cli/support/cli';
import { run } from '../support/processes';
import { PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const POLICY = `version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: api.tls.test
      - host: private.tls.test
      - { host: plain.test.example, protocol: http, methods: [GET] }
      - { host: opaque.tcp.test, protocol: tcp, ports: [5432], reason: a database }
  other:
    port: 10001
`;

const CASES = `version: 1
cases:
  - { workload: web, url: "https://api.tls.test/", expect: allowed }
  - { workload: web, url: "https://private.tls.test/", expect: denied }
  - { workload: web, url: "https://evil.test/", expect: denied, reason: no_rule }
  - { workload: web, url: "http://plain.test.example/", expect: allowed }
  - { workload: web, url: "http://plain.test.example/status?status=403", expect: allowed }
  - { workload: web, method: HEAD, url: "http://plain.test.example/", expect: denied, reason: method }
  - { workload: web, method: POST, url: "http://plain.test.example/", expect: denied, reason: method }
  - { workload: web, url: "tcp://opaque.tcp.test:5432", expect: allowed }
  - { workload: other, url: "https://api.tls.test/", expect: denied, reason: no_rule }
`;

describeInNamespace('mcp-egress test --live', () => {
  const bench = useBench(POLICY, { names: { 'private.tls.test': ['10.9.9.9'] } });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  async function test(cases: string) {
    const folder = bench.gateway.directory;
    writeFileSync(join(folder, 'egress.yaml'), POLICY);
    writeFileSync(join(folder, 'cases.yaml'), cases);
    const { code, stdout } = await run(
      process.execPath,
      [MAIN, 'test', 'cases.yaml', '--live', 'http://127.0.0.1', '--json'],
      {
        cwd: folder,
        env: { PATH: process.env.PATH },
      },
    );
    const { cases: results } = JSON.parse(stdout) as { cases: { outcome: string; note?: string }[] };
    return { code, results };
  }

  it('finds the gateway as the policy says, and sends no method that changes something', async () => {
    const { code, results } = await test(CASES);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 6 }, () => 'passed'),
      'skipped',
      'passed',
      'passed',
    ]);
    expect(code).toBe(0);
    expect(bench.upstreams.heard.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('fails where the gateway does something else', async () => {
    const turned = CASES.replaceAll('expect: allowed', 'expect: DENIED')
      .replaceAll(/expect: denied(, reason: \w+)?/g, 'expect: allowed')
      .replaceAll('DENIED', 'denied');
    const { code, results } = await test(turned);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['failed', 'skipped']));
    expect(code).toBe(1);
  });
});
