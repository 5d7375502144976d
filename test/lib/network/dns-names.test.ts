import fc from 'fast-check';
import { chunkDomains, DnsNamesError, EVERY_DOMAIN, firewallDomains } from '../../../lib/network';

const TOKEN = '${TfToken[TOKEN.7]}';

describe('firewallDomains', () => {
  test('lower case, a dot at the end, sorted, each once', () => {
    expect(firewallDomains(['b.example.com', 'A.example.com', '*.Example.com', 'a.example.com.'])).toEqual([
      '*.example.com.',
      'a.example.com.',
      'b.example.com.',
    ]);
  });

  test.each([
    [`logs.${TOKEN}.AmazonAws.com`, `logs.${TOKEN}.amazonaws.com.`],
    [`LOGS.${TOKEN}.${TOKEN}`, `logs.${TOKEN}.${TOKEN}.`],
    [`prod-${TOKEN}-layers.s3.${TOKEN}.${TOKEN}`, `prod-${TOKEN}-layers.s3.${TOKEN}.${TOKEN}.`],
    [TOKEN, `${TOKEN}.`],
    [`*.${TOKEN}`, `*.${TOKEN}.`],
  ])('keeps the tokens of %s', (name, domain) => expect(firewallDomains([name])).toEqual([domain]));

  test.each([
    ['_sip.example.com', 'the label "_sip" is not made of 1 to 63 letters, digits and hyphens'],
    ['*x.com', '"*" stands only in front, with a dot behind it ("*x.com" would also match "evilx.com")'],
    [`*${TOKEN}`, '"*" stands only in front'],
    [`*.a.*.${TOKEN}`, '"*" stands only in front'],
    ['a.*.com', '"*" stands only in front'],
    ['a..b', 'a label is empty'],
    [`a..${TOKEN}`, 'a label is empty'],
    [`a_b.${TOKEN}`, 'the label "a_b" is not made of'],
    ['.example.com', 'a label is empty'],
    ['*', 'it names nothing, or everything'],
    ['*.', 'it names nothing, or everything'],
    ['', 'it names nothing, or everything'],
    [`${'a'.repeat(64)}.com`, 'is not made of 1 to 63 letters'],
    [Array.from({ length: 130 }, () => 'a').join('.'), 'it is longer than 255 characters'],
    ['bücher.example', 'the label "bücher"'],
    ['a b.com', 'the label "a b"'],
  ])('refuses %s', (name, why) => {
    expect(() => firewallDomains([name])).toThrow(`DNS name ${JSON.stringify(name.replace(/\.$/, '')).slice(0, 100)}`);
    expect(() => firewallDomains([name])).toThrow(`${why}`);
    expect(() => firewallDomains([name])).toThrow('write a name like "api.example.com"');
  });

  test('all bad names at once', () => {
    expect(() => firewallDomains(['ok.com', 'a..b', 'c_d.com'])).toThrow(DnsNamesError);
    expect(() => firewallDomains(['ok.com', 'a..b', 'c_d.com'])).toThrow(/"a\.\.b".*\n.*"c_d\.com"/);
  });

  test('the longest names are taken', () => {
    const name = [...Array.from({ length: 126 }, () => 'a'), 'ab'].join('.');
    expect(firewallDomains([name])).toEqual([`${name}.`]);
    expect(`${name}.`).toHaveLength(255);
  });

  test('its result is a fixed point', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/);
    const name = fc
      .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 5 }))
      .map(([wildcard, labels]) => (wildcard ? '*.' : '') + labels.join('.'));
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const domains = firewallDomains(names);
        expect(firewallDomains([...domains].reverse())).toEqual(domains);
        expect(new Set(domains)).toEqual(new Set(names.map((each) => `${each.toLowerCase()}.`)));
      }),
    );
  });
});

test('the rule that blocks the rest names everything', () => expect(EVERY_DOMAIN).toBe('*.'));

describe('chunkDomains', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `h${index}.example.com.`);

  test('lists of 1,000, the rest in the last', () => {
    expect(chunkDomains(names(2_001)).map((list) => list.length)).toEqual([1000, 1000, 1]);
    expect(chunkDomains([])).toEqual([]);
  });

  test('loses nothing and keeps the order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer({ min: 4, max: 1000 }), (count, size) => {
        const lists = chunkDomains(names(count), size);
        expect(lists.flat()).toEqual(names(count));
        expect(lists.every((list) => list.length > 0 && list.length <= size)).toBe(true);
      }),
    );
  });

  test('99 lists have room beside the rule that blocks, 100 have not', () => {
    expect(chunkDomains(names(99), 1)).toHaveLength(99);
    expect(() => chunkDomains(names(100), 1)).toThrow(
      '100 names make 100 lists of 1, and a rule group of DNS Firewall has room for 99 beside the rule that blocks the rest; name whole zones',
    );
  });

  test.each([0, 1001, 1.5])('refuses lists of %d', (size) => {
    expect(() => chunkDomains([], size)).toThrow(`size: ${size} is not a whole number from 1 to 1000`);
  });
});
