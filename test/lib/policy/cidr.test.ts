import fc from 'fast-check';
import { canonicalIp, cidr, contains, excludeRanges, formatCidr, overlaps, parseCidr } from '../../../lib/policy/cidr';
import {
  EMBEDDING_TABLE,
  LOOPBACK_RANGES,
  METADATA_RANGES,
  PUBLIC_DENIED_RANGES,
  PUBLIC_DENIED_TABLE,
} from '../../../lib/policy/ranges';

describe('canonicalIp', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['FD00:0:0::01', 'fd00::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ])('%s', (text, ip) => expect(canonicalIp(text)).toBe(ip));

  test.each([
    '',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3',
    ' 1.2.3.4',
    '１.2.3.4',
    'fe80::1%eth0',
    '[::1]',
    'a.b',
    ':::',
    '1.2.3.4/32',
  ])('refuses %j', (text) => expect(canonicalIp(text)).toBeUndefined());
});

describe('parseCidr', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['1.2.3.4/32', '1.2.3.4/32'],
    ['FD00::/8', 'fd00::/8'],
    ['::/0', '::/0'],
    ['::1/128', '::1/128'],
  ])('%s', (text, canonical) => expect(formatCidr(cidr(text))).toBe(canonical));

  test.each(['', '/', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/8/8', '::/129', '10.0.0.0/8 '])(
    'refuses %j',
    (text) => {
      expect(parseCidr(text)).toHaveProperty('code', 'cidr_syntax');
      expect(() => cidr(text)).toThrow('is not a network');
    },
  );
});

describe('contains and overlaps', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['fd00::/8', 'fd12::7', true],
    ['fd00::/8', 'fe00::', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '10.0.0.1', false],
  ])('%s contains %s: %s', (range, what, expected) => expect(contains(range, what)).toBe(expected));

  test('a list contains what one of its networks contains', () => {
    expect(contains(['10.0.0.0/8', '::1/128'], '::1')).toBe(true);
    expect(contains([], '::1')).toBe(false);
  });

  test('overlaps in both directions', () => {
    expect(overlaps('10.1.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(overlaps(['10.1.0.0/16'], '10.2.0.0/16')).toBe(false);
  });

  test('says which text is no address', () => {
    expect(() => contains('10.0.0.0/8', '127.1')).toThrow('"127.1" is not an IP address');
  });
});

describe('the tables', () => {
  test.each(PUBLIC_DENIED_TABLE.map((range) => [range.cidr, range] as const))(
    '%s is canonical and has its source',
    (text, range) => {
      expect(formatCidr(cidr(text))).toBe(text);
      expect(range.what).not.toBe('');
      expect(range.source).toMatch(/RFC \d+|AWS|Akamai|Alibaba|Google|Microsoft|Oracle|Scaleway/);
    },
  );

  test.each([
    // every class of the block table that OpenClaw publishes for operators' proxies, and the metadata addresses
    ...[
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '::',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      'fe80::1',
    ],
    ...[
      '100.64.0.1',
      '100.127.255.255',
      '198.18.0.1',
      '2001:2::1',
      '192.0.2.1',
      '198.51.100.1',
      '203.0.113.1',
      '2001:db8::1',
      '224.0.0.1',
    ],
    ...[
      '239.255.255.255',
      'ff02::1',
      '240.0.0.1',
      '255.255.255.255',
      'fc00::1',
      'fd00:ec2::254',
      'fec0::1',
      '100::1',
      '2001:20::1',
    ],
    ...[
      '64:ff9b::a00:1',
      '64:ff9b:1::1',
      '2002:a00:1::',
      '2001:0:a09:909::1',
      '::10.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:0:10.0.0.1',
      '192.0.0.192',
      '192.88.99.1',
    ],
    ...['168.63.129.16', '100.100.100.200', '3fff::1', '5f00::1'],
    ...['fd20:ce::254', 'fd00:c1::a9fe:a9fe', 'fd00:42::42', 'fd00:100::100:200', 'fd00:a9fe:a9fe::1'],
  ])('a public rule never reaches %s', (ip) => expect(contains(PUBLIC_DENIED_RANGES, ip)).toBe(true));

  test.each([
    '1.1.1.1',
    '93.184.215.14',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '9.255.255.255',
    '223.255.255.255',
    '2606:2800:21f::14',
    '2a00::1',
    '2001:4860:4860::8888',
  ])('a public rule may reach %s', (ip) => expect(contains(PUBLIC_DENIED_RANGES, ip)).toBe(false));

  test('metadata, IPv4-embedding and loopback blocks are denied to public rules too', () => {
    for (const range of [...METADATA_RANGES, ...EMBEDDING_TABLE.map((row) => row.cidr), ...LOOPBACK_RANGES]) {
      expect(contains(PUBLIC_DENIED_RANGES, range)).toBe(true);
    }
  });
});

describe('excludeRanges', () => {
  test.each([
    [['10.0.0.0/8'], [], ['10.0.0.0/8']],
    [['10.0.0.0/8'], ['10.0.0.0/9'], ['10.128.0.0/9']],
    [['10.0.0.0/8'], ['0.0.0.0/0'], []],
    [['10.0.0.0/31'], ['10.0.0.0/32'], ['10.0.0.1/32']],
    [['fd00::/8', '10.0.0.0/8'], [], ['10.0.0.0/8', 'fd00::/8']],
    [['10.128.0.0/9', '10.0.0.0/9', '10.1.0.0/16'], [], ['10.0.0.0/8']],
    [['0.0.0.0/1', '128.0.0.0/1'], [], ['0.0.0.0/0']],
    [['10.0.0.0/8'], ['fd00::/8'], ['10.0.0.0/8']],
    [['169.254.0.0/15'], METADATA_RANGES, ['169.255.0.0/16']],
    [
      ['fd20:ce::254/127', 'fd00:c1::a9fe:a9fe/128', 'fd00:42::42/127'],
      METADATA_RANGES,
      ['fd00:42::43/128', 'fd20:ce::255/128'],
    ],
  ])('%j less %j', (ranges, minus, left) => expect(excludeRanges(ranges, minus)).toEqual(left));

  /** Networks of one window of 256 blocks, so that a plain set of numbers is the reference. */
  const windows = [
    {
      name: 'the last bits of IPv4',
      text: (base: number, bits: number) => `10.0.0.${base}/${24 + bits}`,
      shift: 0n,
      family: 4,
    },
    {
      name: 'the first bits of IPv4',
      text: (base: number, bits: number) => `${base}.0.0.0/${bits}`,
      shift: 24n,
      family: 4,
    },
    {
      name: 'the last bits of IPv6',
      text: (base: number, bits: number) => `fd00::${base.toString(16)}/${120 + bits}`,
      shift: 0n,
      family: 6,
    },
    {
      name: 'the first bits of IPv6',
      text: (base: number, bits: number) => `${(base * 256).toString(16)}::/${bits}`,
      shift: 120n,
      family: 6,
    },
  ];
  const block = fc
    .record({ bits: fc.integer({ min: 0, max: 8 }), at: fc.integer({ min: 0, max: 255 }) })
    .map(({ bits, at }) => ({ bits, base: at - (at % 2 ** (8 - bits)) }));
  const blocks = fc.array(block, { maxLength: 6 });

  test.each(windows)(
    'agrees with sets of addresses, and no shorter list would do: $name',
    ({ text, shift, family }) => {
      const members = (list: { base: number; bits: number }[]) =>
        new Set(list.flatMap(({ base, bits }) => Array.from({ length: 2 ** (8 - bits) }, (_, index) => base + index)));
      fc.assert(
        fc.property(blocks, blocks, (ranges, minus) => {
          const left = excludeRanges(
            ranges.map(({ base, bits }) => text(base, bits)),
            minus.map(({ base, bits }) => text(base, bits)),
          );
          const parsed = left.map(cidr);
          const got = parsed.flatMap(({ base, prefix }) => {
            const length = 2 ** ((family === 4 ? 32 : 128) - prefix - Number(shift));
            return Array.from({ length }, (_, index) => Number((base >> shift) & 255n) + index);
          });
          const taken = members(minus);
          const expected = [...members(ranges)].filter((address) => !taken.has(address)).sort((a, b) => a - b);
          expect(got).toEqual(expected);
          expect(left).toHaveLength(fewest(new Set(expected), 0, 8));
        }),
        { numRuns: 300 },
      );
    },
  );

  /** How many blocks cover exactly a set: one if the whole block is in it, else those of its halves. */
  function fewest(set: ReadonlySet<number>, base: number, bits: number): number {
    const size = 2 ** bits;
    const inside = [...set].filter((address) => address >= base && address < base + size).length;
    if (inside === 0) return 0;
    return inside === size ? 1 : fewest(set, base, bits - 1) + fewest(set, base + size / 2, bits - 1);
  }
});
