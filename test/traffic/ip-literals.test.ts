import { NO_TRACES, PUBLIC_V4, PUBLIC_V6, useBench } from './support/bench';
import { clientHello } from './support/client-hello';
import { absolute, connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: [api.allowed.test, "*.allowed.test"]
      - hosts: [plain.allowed.test]
        protocol: http
  pinned:
    port: 10001
    allow:
      - host: 10.9.9.9
        private: [10.9.9.0/24]
      - host: fd00::9
        private: ["fd00::/64"]
      - hosts: [10.9.9.8]
        protocol: http
        private: [10.9.9.0/24]
`;

/** Every way to write an address instead of a name that is known to have fooled a proxy. */
const SPELLINGS = {
  'this machine': ['127.0.0.1', '127.1', '127.0.1', '127.0.0.2', '0.0.0.0', '0', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]'],
  'private networks': [
    '10.0.0.1',
    '10.9.9.9',
    '172.16.0.1',
    '172.17.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '[fc00::1]',
    '[fd00::9]',
  ],
  metadata: ['169.254.169.254', '169.254.170.2', '[fd00:ec2::254]', '100.100.100.200', '[fe80::1]', '[fe80::1%25lo]'],
  'special ranges': ['224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '240.0.0.1', '[ff02::1]', '[fec0::1]'],
  'IPv4 inside IPv6': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:a09:909::1]',
    '[::ffff:169.254.169.254]',
  ],
  'numbers that are not dotted decimal': [
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0X7F.1',
    '0177.0.0.1',
    '017700000001',
    '10.9.2313',
    '127.0.0.01',
    '127.0.0.1.',
    '0x7f.0.0.0x1',
    '1.2.3.4.5',
    '256.1.1.1',
  ],
  'public ones, of an allowed host too': [PUBLIC_V4, '8.8.8.8', `[${PUBLIC_V6}]`],
  'digits of other scripts': ['１２７.0.0.1', '①②⑦.0.0.1', '127。0。0。1'],
  'brackets around something else': ['[api.allowed.test]', '[[::1]]', '[127.0.0.1]', '[]', '[::1', '::1'],
};

const REFUSALS = ['ip_literal', 'malformed', 'no_rule'];

describeInNamespace('IP addresses in the place of a host', () => {
  const bench = useBench(POLICY);
  // A resolver that answers everything: an address that is taken for a name would be dialled.
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4, PUBLIC_V6] })));

  describe.each(Object.entries(SPELLINGS))('%s', (_group, spellings) => {
    it.each(spellings)('%s is refused in every form of request, and nothing moves', async (literal) => {
      const bytes = Buffer.from(literal).toString('latin1');
      const port = bench.port('web');
      const replies = [
        (await connect(port, `${bytes}:443`)).reply,
        (await connect(port, `${bytes}:80`)).reply,
        await absolute(port, `http://${bytes}/latest/meta-data/`),
        await absolute(port, `http://${bytes}:443/`),
      ];
      for (const { status, headers } of replies) {
        expect([400, 403]).toContain(status);
        expect(REFUSALS).toContain(headers['x-egress-reason']);
      }
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  it.each([
    '127.0.0.1',
    '10.9.9.9',
    '127.1',
    '0x7f.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0177.0.0.1',
    PUBLIC_V4,
  ])('%s is refused with the reason ip_literal', async (literal) => {
    expect(await bench.verdict(`https://${literal}/`)).toMatchObject({ reason: 'ip_literal', reply: { status: 403 } });
    expect(await bench.verdict(`http://${literal}/`)).toMatchObject({ reason: 'ip_literal', reply: { status: 403 } });
  });

  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'metadata.google.internal',
    'instance-data',
    'host.docker.internal',
    '10.9.9.9.nip.io',
  ])('the name %s is refused without a look-up', async (name) => {
    expect(await bench.verdict(`https://${name}/`)).toMatchObject({ decision: 'denied', reason: 'no_rule' });
    expect(await bench.verdict(`http://${name}/`, { headers: ['Metadata-Flavor: Google'] })).toMatchObject({
      decision: 'denied',
      reason: 'no_rule',
    });
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it("the gateway's own ports are refused", async () => {
    for (const port of [10000, 10001, 9900]) {
      expect(await bench.verdict(`http://127.0.0.1:${port}/healthz`)).toMatchObject({ reason: 'ip_literal' });
      expect(await bench.verdict(`https://127.0.0.1:${port}/`)).toMatchObject({ reason: 'ip_literal' });
    }
  });

  describe('that a rule names with `private`', () => {
    const workload = 'pinned';

    it.each(['https://10.9.9.9/', 'https://[fd00::9]/', 'http://10.9.9.8/'])('are reached: %s', async (url) => {
      const { reply } = await bench.ask(url, { workload });
      expect(reply?.status).toBe(200);
      expect(bench.traces).toEqual({ dialled: [/\/\/\[?([0-9a-f.:]+)\]?\//.exec(url)?.[1]], asked: [] });
    });

    it('are reached with the address as server name, and with no other', async () => {
      expect(await bench.verdict('https://10.9.9.9/', { workload, sni: 'api.allowed.test' })).toMatchObject({
        decision: 'denied',
        reason: 'sni_mismatch',
      });
      expect(bench.upstreams.heard).toEqual([]);
    });

    it.each(['[', '[f', '[fd00::9]', '[fd00::9]:443', '[FD00::9]'])(
      'are not reached with a server name that only looks like the CONNECT, %s',
      async (sni) => {
        const { reply, wire } = await connect(bench.port(workload), '[fd00::9]:443');
        expect(reply.status).toBe(200);
        const { text, closed } = await wire.write(await clientHello(sni)).rest();
        expect({ text, closed }).toEqual({ text: '', closed: true });
        expect(await bench.log.of(reply.headers['x-egress-id'] ?? '')).toMatchObject({
          decision: 'denied',
          reason: 'sni_mismatch',
        });
        expect(bench.upstreams.arrivals.filter((arrival) => arrival.bytes() > 0)).toEqual([]);
      },
    );

    it.each([
      '10.9.9.7',
      '10.9.9.09',
      '10.9.2313',
      '0xa.9.9.9',
      '168364297',
      '[::ffff:10.9.9.9]',
      '[fd00::8]',
      '[::ffff:a09:909]',
    ])('open no door for another address or another spelling: %s', async (literal) => {
      expect(await bench.verdict(`https://${literal}/`, { workload })).toMatchObject({
        decision: 'denied',
        reason: 'ip_literal',
      });
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });
});
