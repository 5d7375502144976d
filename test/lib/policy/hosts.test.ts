import fc from 'fast-check';
import { bracketHost, endsInNumber, isIpHost, normaliseHost } from '../../../lib/policy/hosts';

describe('normaliseHost', () => {
  test.each([
    ['api.example.com', 'api.example.com', 'name'],
    ['API.Example.COM', 'api.example.com', 'name'],
    ['api.example.com.', 'api.example.com', 'name'],
    ['localhost', 'localhost', 'name'],
    ['r3---sn-abc.example.com', 'r3---sn-abc.example.com', 'name'],
    ['github.io', 'github.io', 'name'],
    ['bücher.example', 'xn--bcher-kva.example', 'name'],
    ['BÜCHER.example', 'xn--bcher-kva.example', 'name'],
    ['faß.de', 'xn--fa-hia.de', 'name'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example', 'name'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah', 'name'],
    ['0.example.com', '0.example.com', 'name'],
    ['1password.com', '1password.com', 'name'],
    ['a.0x', 'a.0x', undefined],
    ['*.wikipedia.org', '*.wikipedia.org', 'wildcard'],
    ['*.WIKIPEDIA.org.', '*.wikipedia.org', 'wildcard'],
    ['*.bücher.example', '*.xn--bcher-kva.example', 'wildcard'],
    ['*.user.github.io', '*.user.github.io', 'wildcard'],
    ['*.example.co.uk', '*.example.co.uk', 'wildcard'],
    ['*.amazonaws.com', '*.amazonaws.com', 'wildcard'],
  ])('%s', (text, host, kind) => {
    if (kind === undefined) expect(normaliseHost(text)).toHaveProperty('code', 'host_ip_spelling');
    else expect(normaliseHost(text)).toEqual({ host, kind });
  });

  test.each([
    ['10.0.3.7', '10.0.3.7'],
    ['fd12:3456::7', 'fd12:3456::7'],
    ['[fd12:3456::7]', 'fd12:3456::7'],
    ['FD12:3456:0:0::0007', 'fd12:3456::7'],
    ['::1', '::1'],
  ])('takes the address %s with `private` alone', (text, host) => {
    expect(normaliseHost(text, { private: true })).toEqual({ host, kind: 'ip' });
    expect(normaliseHost(text)).toHaveProperty('code', 'host_ip_needs_private');
  });

  test('takes a wildcard on a top-level name that is no public suffix with `private` alone', () => {
    expect(normaliseHost('*.internal', { private: true })).toEqual({ host: '*.internal', kind: 'wildcard' });
    expect(normaliseHost('*.internal')).toHaveProperty('code', 'host_public_suffix');
    expect(normaliseHost('*.com', { private: true })).toHaveProperty('code', 'host_public_suffix');
  });

  test('refuses the longest label and name by one character', () => {
    const label = 'a'.repeat(63);
    expect(normaliseHost(`${label}.example`)).toEqual({ host: `${label}.example`, kind: 'name' });
    expect(normaliseHost(`${label}a.example`)).toHaveProperty('code', 'host_label');
    const name = `${'abc.'.repeat(62)}abcde`;
    expect(name).toHaveLength(253);
    expect(normaliseHost(name)).toEqual({ host: name, kind: 'name' });
    expect(normaliseHost(`${name}f`)).toHaveProperty('code', 'host_label');
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringOf(fc.constantFrom(...'aZ09-_.*:[]/@%。．ß１İxn'), { maxLength: 30 }),
    fc.domain(),
    fc.domain().map((name) => `*.${name}`),
    fc.ipV4Extended(),
    fc.ipV6(),
  );

  test('is idempotent, and what it lets through is a plain lower-case host', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, isPrivate) => {
        const first = normaliseHost(text, { private: isPrivate });
        if ('code' in first) return;
        expect(normaliseHost(first.host, { private: isPrivate })).toEqual(first);
        const plain = {
          name: /^[a-z0-9.-]+$/,
          wildcard: /^\*\.[a-z0-9.-]+$/,
          ip: /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]+)$/,
        };
        expect(first.host).toMatch(plain[first.kind]);
        expect(first.kind === 'ip').toBe(isIpHost(first.host));
        expect(first.kind === 'ip' && !isPrivate).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('never repeats a control character or a hidden one in its message', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = normaliseHost(text);
        if ('message' in result) expect(result.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['127.1', true],
  ['2130706433', true],
  ['0x7f.0.0.1', true],
  ['a.0x7F', true],
  ['a.0x', true],
  ['127.0.0.1.', true],
  ['example.com', false],
  ['1.example.com', false],
  ['7f', false],
  ['', false],
])('endsInNumber(%s) is %s', (host, expected) => {
  expect(endsInNumber(host)).toBe(expected);
});

test('bracketHost puts IPv6 alone in brackets', () => {
  expect(['::1', '10.0.0.1', 'a.example.com'].map(bracketHost)).toEqual(['[::1]', '10.0.0.1', 'a.example.com']);
});
