import { NO_TRACES, PUBLIC_V4, useBench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: pinned.allowed.test
        address: 93.184.215.15:8443
      - host: inner.allowed.test
        address: 10.9.9.9:443
        private: [10.9.9.0/24]
      - host: six.allowed.test
        address: "[fd00::9]:8443"
        private: ["fd00::/64"]
      - host: plain.allowed.test
        protocol: http
        address: 10.9.9.9:8080
        private: [10.9.9.0/24]
      - host: opaque.allowed.test
        protocol: tcp
        ports: [22]
        reason: git
        address: 10.9.9.9:5432
        private: [10.9.9.0/24]
      - hosts: ["*.wild.test"]
        address: 93.184.215.15:443
      - host: free.wild.test
`;

describeInNamespace('rules with a fixed address', () => {
  const bench = useBench(POLICY, { names: { 'free.wild.test': [PUBLIC_V4] } });

  it.each([
    ['https://pinned.allowed.test/', '93.184.215.15', 8443],
    ['https://inner.allowed.test/', '10.9.9.9', 443],
    ['https://six.allowed.test/', 'fd00::9', 8443],
    ['http://plain.allowed.test/', '10.9.9.9', 8080],
    ['https://one.wild.test/', '93.184.215.15', 443],
    ['https://two.deep.wild.test/', '93.184.215.15', 443],
  ])('%s dials %s port %d and asks no DNS', async (url, address, port) => {
    expect((await bench.ask(url)).reply?.status).toBe(200);
    expect(bench.upstreams.heard).toMatchObject([{ address, port, host: new URL(url).host }]);
    expect(bench.traces).toEqual({ dialled: [address], asked: [] });
  });

  it('a plain request in a tunnel does the same', async () => {
    expect((await bench.ask('http://plain.allowed.test/', { form: 'connect' })).reply?.status).toBe(200);
    expect(bench.traces).toEqual({ dialled: ['10.9.9.9'], asked: [] });
  });

  it('an opaque tunnel does the same', async () => {
    const { wire } = await connect(bench.port(), 'opaque.allowed.test:22');
    expect(await wire.write('echo\n').line()).toBe('echo\n');
    wire.close();
    expect(bench.traces).toEqual({ dialled: ['10.9.9.9'], asked: [] });
  });

  it('keep the guard on the server name', async () => {
    expect(await bench.verdict('https://pinned.allowed.test/', { sni: 'evil.test' })).toMatchObject({
      decision: 'denied',
      reason: 'sni_mismatch',
    });
    expect(bench.upstreams.heard).toEqual([]);
  });

  it('yield to a more exact rule without one', async () => {
    expect((await bench.ask('https://free.wild.test/')).reply?.status).toBe(200);
    expect(bench.traces).toEqual({ dialled: [PUBLIC_V4], asked: ['free.wild.test'] });
  });

  it('do not make the address itself a host', async () => {
    for (const url of ['https://10.9.9.9/', 'http://10.9.9.9:8080/', 'https://93.184.215.15:8443/']) {
      expect(await bench.verdict(url)).toMatchObject({ decision: 'denied', reason: 'ip_literal' });
    }
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('compare the port of the request with `ports`, not with the address', async () => {
    expect(await bench.verdict('https://pinned.allowed.test:8443/')).toMatchObject({
      decision: 'denied',
      reason: 'port',
    });
    expect(await bench.verdict('http://plain.allowed.test:8080/')).toMatchObject({
      decision: 'denied',
      reason: 'port',
    });
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
