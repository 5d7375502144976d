import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';
import { undiciGet } from './support/real-clients';

const POLICY = `
version: 1
workloads:
  local-llm:
    port: 10001
    allow:
      - host: host.docker.internal
        protocol: http
        ports: [11434]
        private: [172.16.0.0/12]
  web:
    port: 10000
    allow:
      - host: api.allowed.test
`;
const URL_OF_MODEL = 'http://host.docker.internal:11434';

describeInNamespace('a model on the host machine, by `private`', () => {
  const bench = useBench(POLICY, { names: { 'host.docker.internal': ['172.17.0.1'] } });
  const workload = 'local-llm';

  it.each(['absolute', 'connect'] as const)('answers a POST (%s)', async (form) => {
    const body = '{"model":"llama3","prompt":"why?","stream":true}';
    const headers = form === 'connect' ? [`Content-Length: ${body.length}`, '', body] : [];
    const options = { workload, form, method: 'POST', headers, ...(form === 'absolute' && { body }) };
    expect((await bench.ask(`${URL_OF_MODEL}/api/generate`, options)).reply?.status).toBe(200);
    expect(bench.upstreams.heard).toMatchObject([
      { method: 'POST', url: '/api/generate', address: '172.17.0.1', port: 11434 },
    ]);
  });

  it('answers a client that opens a tunnel for http:// (undici, OpenClaw)', async () => {
    expect((await undiciGet(`${URL_OF_MODEL}/api/tags`, bench.proxy(workload), bench.certificates.ca)).status).toBe(
      200,
    );
    expect(bench.traces.dialled).toEqual(['172.17.0.1']);
  });

  it('is not reached on another port, by its address, or by the gateway address of Docker', async () => {
    const reasons = [];
    for (const host of [
      'host.docker.internal',
      'host.docker.internal:80',
      '172.17.0.1:11434',
      'gateway.docker.internal:11434',
    ]) {
      reasons.push((await bench.verdict(`http://${host}/`, { workload })).reason);
    }
    expect(reasons).toEqual(['port', 'port', 'ip_literal', 'no_rule']);
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('is not reached by another workload', async () => {
    expect(await bench.verdict(`${URL_OF_MODEL}/`, { workload: 'web' })).toMatchObject({
      decision: 'denied',
      reason: 'no_rule',
    });
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it.each([PUBLIC_V4, '169.254.169.254', '10.9.9.9', '127.0.0.1'])(
    'is refused where its name resolves to %s',
    async (address) => {
      await bench.close();
      bench.dns.set('host.docker.internal', address);
      await bench.open(POLICY);
      expect(await bench.verdict(`${URL_OF_MODEL}/`, { workload })).toMatchObject({
        decision: 'denied',
        reason: 'private_address',
        reply: { status: 403 },
      });
      expect(bench.traces.dialled).toEqual([]);
    },
  );
});
