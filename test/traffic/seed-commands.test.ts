import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { run } from './support/real-clients';

const POLICY = readFileSync(join(__dirname, '../../egress.yaml'), 'utf8');

describeInNamespace('the two curl commands under the example policy', () => {
  const bench = useBench(POLICY, {
    names: { 'api.your-approved-service.com': [PUBLIC_V4], 'example.com': [PUBLIC_V4] },
  });
  const curl = (command: string): ReturnType<typeof run> =>
    run('curl', command.split(' ').slice(1), { CURL_CA_BUNDLE: bench.certificates.caFile });

  it('answers the approved one with HTTP 200', async () => {
    const { code, stdout, stderr } = await curl(
      'curl -v -x http://localhost:10000 https://api.your-approved-service.com/status',
    );
    expect(stderr).toMatch(/^< HTTP\/1.1 200 OK\r?$/m);
    expect(JSON.parse(stdout)).toEqual({ status: 'ok' });
    expect(code).toBe(0);
    expect(bench.upstreams.heard).toMatchObject([{ url: '/status', host: 'api.your-approved-service.com' }]);
  });

  it('answers the other with HTTP 403, and nothing leaves', async () => {
    const { code, stdout, stderr } = await curl('curl -v -x http://localhost:10000 https://example.com');
    expect(stderr).toMatch(/^< HTTP\/1.1 403 Forbidden\r?$/m);
    expect(stderr).toMatch(/^< x-egress-reason: no_rule\r?$/m);
    expect(stderr).toContain('CONNECT tunnel failed, response 403');
    expect(stdout).toBe('');
    expect(code).toBe(56);
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
