import fc from 'fast-check';
import { escapeUnprintable, quote, unicodeName } from '../../../lib/policy/quote';

test.each([
  ['plain', '"plain"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['\u001b[31m', '"\\u001b[31m"'],
  ['a\nb', '"a\\nb"'],
  ['\u202etxt', '"\\u{202e}txt"'],
  ['\u009b31m', '"\\u{9b}31m"'],
  [7, '7'],
  [NaN, 'NaN'],
  [10n, '10'],
  [null, 'null'],
  [undefined, 'undefined'],
  [['a', 1], '["a",1]'],
])('quote(%j)', (value, text) => expect(quote(value)).toBe(text));

test('a long value is cut', () => {
  expect(quote('x'.repeat(500))).toBe(`"${'x'.repeat(119)}…`);
});

test('a value with a cycle does not throw', () => {
  const list: unknown[] = [];
  list.push(list);
  expect(quote(list)).toBe('');
});

test('no text leaves anything that a terminal obeys or hides', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(escapeUnprintable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('unicodeName', () => {
  expect(['\t', '\u200b', '\u{e0001}'].map(unicodeName)).toEqual(['U+0009', 'U+200B', 'U+E0001']);
});
