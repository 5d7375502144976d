import { hasToken, literalParts, mapLiterals } from '../../../lib/network/token';

const TEXT = 'A-${TfToken[TOKEN.1]}.B${aws_s3_bucket.X.id}';

test('tokens are found and taken out', () => {
  expect([hasToken(TEXT), hasToken('a.b')]).toEqual([true, false]);
  expect(literalParts(TEXT)).toEqual(['A-', '.B', '']);
});

test('only what stands beside tokens is changed', () => {
  expect(mapLiterals(TEXT, (part) => part.toLowerCase())).toBe('a-${TfToken[TOKEN.1]}.b${aws_s3_bucket.X.id}');
});
