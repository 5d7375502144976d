import { PUBLIC_V4, PUBLIC_V6, useBench } from './support/bench';
import { describeInNamespace } from './support/namespace';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test"]
        protocol: http
      - hosts: [opaque.tcp.test]
        protocol: tcp
        ports: [5432]
        reason: a database
  lan:
    port: 10001
    allow:
      - hosts: ["*.tls.test"]
        private: [10.9.9.0/24, "fd00:9::/32", 168.0.0.0/8, 169.0.0.0/8, 100.64.0.0/10]
      - hosts: ["*.plain.test"]
        protocol: http
        private: [10.9.9.0/24, "fd00:9::/32", 168.0.0.0/8, 169.0.0.0/8, 100.64.0.0/10]
`;

/** One or more addresses of every range that no rule without \`private\` may reach. */
const FORBIDDEN = [
  ['0.0.0.0', 'this network (RFC 791)'],
  ['0.255.255.255', 'this network (RFC 791)'],
  ['10.0.0.1', 'private (RFC 1918)'],
  ['10.9.9.9', 'private (RFC 1918)'],
  ['10.255.255.255', 'private (RFC 1918)'],
  ['100.64.0.9', 'carrier-grade NAT (RFC 6598)'],
  ['100.127.255.254', 'carrier-grade NAT (RFC 6598)'],
  ['100.100.100.200', 'Alibaba metadata'],
  ['127.0.0.1', 'loopback (RFC 1122)'],
  ['127.255.255.254', 'loopback (RFC 1122)'],
  ['169.254.169.254', 'link-local and metadata (RFC 3927)'],
  ['169.254.170.2', 'ECS task credentials'],
  ['168.63.129.16', 'Azure platform'],
  ['172.16.0.1', 'private (RFC 1918)'],
  ['172.17.0.1', 'Docker bridge'],
  ['172.31.255.254', 'private (RFC 1918)'],
  ['192.0.0.9', 'protocol assignments (RFC 6890)'],
  ['192.0.0.192', 'Oracle metadata'],
  ['192.0.2.1', 'documentation (RFC 5737)'],
  ['192.88.99.1', '6to4 relay (RFC 7526)'],
  ['192.168.7.7', 'private (RFC 1918)'],
  ['198.18.0.1', 'benchmarking (RFC 2544)'],
  ['198.19.255.254', 'benchmarking (RFC 2544)'],
  ['198.51.100.1', 'documentation (RFC 5737)'],
  ['203.0.113.1', 'documentation (RFC 5737)'],
  ['224.0.0.1', 'multicast (RFC 5771)'],
  ['239.255.255.250', 'multicast (RFC 5771)'],
  ['240.0.0.1', 'reserved (RFC 1112)'],
  ['255.255.255.255', 'broadcast (RFC 919)'],
  ['::', 'unspecified (RFC 4291)'],
  ['::1', 'loopback (RFC 4291)'],
  ['::7f00:1', 'IPv4-compatible (RFC 4291)'],
  ['::ffff:10.9.9.9', 'IPv4-mapped (RFC 4291)'],
  ['::ffff:93.184.215.14', 'IPv4-mapped (RFC 4291)'],
  ['64:ff9b::a09:909', 'NAT64 (RFC 6052)'],
  ['64:ff9b:1::a09:909', 'NAT64, local (RFC 8215)'],
  ['100::1', 'discard only (RFC 6666)'],
  ['2001:0:a09:909::1', 'Teredo (RFC 4380)'],
  ['2001:2::1', 'benchmarking (RFC 5180)'],
  ['2001:20::1', 'ORCHIDv2 (RFC 7343)'],
  ['2001:db8::1', 'documentation (RFC 3849)'],
  ['2002:a09:909::1', '6to4 (RFC 3056)'],
  ['3fff::1', 'documentation (RFC 9637)'],
  ['5f00::1', 'segment routing (RFC 9602)'],
  ['fc00::1', 'unique local (RFC 4193)'],
  ['fd00::9', 'unique local (RFC 4193)'],
  ['fd00:ec2::254', 'AWS metadata'],
  ['fe80::1', 'link-local (RFC 4291)'],
  ['fec0::1', 'site-local (RFC 3879)'],
  ['ff02::1', 'multicast (RFC 4291)'],
] as const;

/** A name of its own for each case, so that no cache carries an answer over. */
let count = 0;
const fresh = (zone: string): string => `n${++count}.${zone}`;

describeInNamespace('names that resolve to addresses no rule may reach', () => {
  const bench = useBench(POLICY, { names: { 'opaque.tcp.test': ['10.9.9.9'] } });

  describe('alone', () => {
    const verdicts = new Map<string, Promise<string[]>>();
    // All at once, as each has to wait for its line in the log.
    beforeEach(() => {
      for (const [address] of FORBIDDEN) if (!verdicts.has(address)) verdicts.set(address, threeForms(address));
    });

    async function threeForms(address: string): Promise<string[]> {
      const [tls, plain, inner] = [fresh('tls.test'), fresh('plain.test'), fresh('plain.test')];
      for (const name of [tls, plain, inner]) bench.dns.set(name, address);
      const asked = await Promise.all([
        bench.verdict(`https://${tls}/`),
        bench.verdict(`http://${plain}/`),
        bench.verdict(`http://${inner}/`, { form: 'connect' }),
      ]);
      return asked.map(({ decision, reason, reply }) => `${decision} ${reason} ${reply?.status ?? 'closed'}`);
    }

    it.each(FORBIDDEN)('%s is reached by no tunnel and no plain request: %s', async (address) => {
      expect(await verdicts.get(address)).toEqual([
        'denied no_address closed',
        'denied private_address 403',
        'denied private_address 403',
      ]);
      expect(bench.upstreams.dialled).toEqual([]);
    });
  });

  it.each(FORBIDDEN)(
    '%s is left out where the name has a public address too, whatever the order: %s',
    async (address) => {
      const names = [fresh('tls.test'), fresh('tls.test'), fresh('tls.test'), fresh('tls.test')] as const;
      bench.dns.set(names[0], PUBLIC_V4, address);
      bench.dns.set(names[1], address, PUBLIC_V4);
      bench.dns.set(names[2], address, PUBLIC_V6);
      bench.dns.set(names[3], PUBLIC_V6, address, PUBLIC_V4, address);
      const asked = await Promise.all(names.map((name) => bench.ask(`https://${name}/`)));
      expect(asked.map(({ reply }) => reply?.status)).toEqual([200, 200, 200, 200]);
      for (const dialled of bench.upstreams.dialled) expect([PUBLIC_V4, PUBLIC_V6]).toContain(dialled);
    },
  );

  it('an opaque tunnel is refused before its 200', async () => {
    expect(await bench.verdict('https://opaque.tcp.test:5432/')).toMatchObject({
      decision: 'denied',
      reason: 'private_address',
      reply: { status: 403 },
    });
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('an alias does not help', async () => {
    const name = fresh('tls.test');
    bench.dns.set(name, { cname: 'internal.corp.test', addresses: ['10.9.9.9'] });
    expect(await bench.verdict(`https://${name}/`)).toMatchObject({ decision: 'denied', reason: 'no_address' });
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('fifty private addresses and one public one: the public one', async () => {
    const name = fresh('plain.test');
    const many = Array.from({ length: 50 }, (_, i) => `10.9.9.${i + 1}`);
    bench.dns.set(name, ...many, PUBLIC_V4);
    expect((await bench.ask(`http://${name}/`)).reply?.status).toBe(200);
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });
});

describeInNamespace('a rule with `private`', () => {
  const bench = useBench(POLICY);
  const workload = 'lan';

  it.each(['10.9.9.1', '10.9.9.255', 'fd00:9::1', '168.63.129.17', '100.100.100.199'])(
    'reaches %s inside its range',
    async (address) => {
      const [tls, plain] = [fresh('tls.test'), fresh('plain.test')];
      for (const name of [tls, plain]) bench.dns.set(name, address);
      expect((await bench.ask(`https://${tls}/`, { workload })).reply?.status).toBe(200);
      expect((await bench.ask(`http://${plain}/`, { workload })).reply?.status).toBe(200);
      expect(bench.upstreams.dialled).toEqual([address]);
    },
  );

  it.each([
    ['10.9.8.255', 'a neighbour'],
    ['10.9.10.0', 'a neighbour'],
    ['192.168.7.7', 'another private range'],
    [PUBLIC_V4, 'a public address'],
    [PUBLIC_V6, 'a public address'],
    ['::ffff:10.9.9.9', 'the same in IPv6'],
    ['64:ff9b::a09:909', 'the same through NAT64'],
    ['169.254.169.254', 'metadata, though its range says 169.0.0.0/8'],
    ['168.63.129.16', 'metadata, though its range says 168.0.0.0/8'],
    ['100.100.100.200', 'metadata, though its range says 100.64.0.0/10'],
    ['fd00:ec2::254', 'metadata'],
    ['127.0.0.1', 'loopback'],
  ])('does not reach %s: %s', async (address) => {
    const [tls, plain] = [fresh('tls.test'), fresh('plain.test')];
    for (const name of [tls, plain]) bench.dns.set(name, address);
    expect(await bench.verdict(`https://${tls}/`, { workload })).toMatchObject({
      decision: 'denied',
      reason: 'no_address',
    });
    expect(await bench.verdict(`http://${plain}/`, { workload })).toMatchObject({
      decision: 'denied',
      reason: 'private_address',
    });
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('takes the address inside the range out of a mixed answer', async () => {
    const name = fresh('tls.test');
    bench.dns.set(name, PUBLIC_V4, '10.9.8.1', '10.9.9.7');
    expect((await bench.ask(`https://${name}/`, { workload })).reply?.status).toBe(200);
    expect(bench.upstreams.dialled).toEqual(['10.9.9.7']);
  });
});
