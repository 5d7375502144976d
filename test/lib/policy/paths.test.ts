import fc from 'fast-check';
import { normalisePath } from '../../../lib/policy/paths';

/** What Envoy 1.40 with `normalize_path`, `merge_slashes` and `REJECT_REQUEST` was seen to send on. */
test.each([
  ['/', '/'],
  ['/a', '/a'],
  ['/A', '/A'],
  ['/a/', '/a/'],
  // query and fragment
  ['/a?b=/../c', '/a'],
  ['/a?b=%2f', '/a'],
  ['/?', '/'],
  // dot segments
  ['/a/./b', '/a/b'],
  ['/a/../b', '/b'],
  ['/a/..', '/'],
  ['/.', '/'],
  ['/..', '/'],
  ['/a/b/../../..', '/'],
  ['/../../a', '/a'],
  ['/a/...', '/a/...'],
  ['/public/%2e%2e/secret', '/secret'],
  ['/%2E%2e/x', '/x'],
  ['/.%2e/x', '/x'],
  ['/a/%2e/', '/a/'],
  ['/a%2e%2e/b', '/a../b'],
  ['/a;b/../c', '/c'],
  ['/a;x/b', '/a;x/b'],
  ['/a/...;/b', '/a/...;/b'],
  // slashes
  ['/a//b', '/a/b'],
  ['//a', '/a'],
  ['/a///', '/a/'],
  ['/a//../b', '/a/b'],
  ['//a/../b', '/b'],
  ['/a/..//..//b', '/b'],
  ['/a\\b', '/a/b'],
  ['/public\\..\\secret', '/secret'],
  // escapes
  ['/%41%7Euser', '/A~user'],
  ['/%2D%5F%7e', '/-_~'],
  ['/%2561', '/%2561'],
  ['/%21%28%2a%3a%3b%3F%40', '/%21%28%2a%3a%3b%3F%40'],
  ['/%20%25%23', '/%20%25%23'],
  ['/%c3%A9', '/%c3%A9'],
  ['/%01%0a%80', '/%01%0a%80'],
  ['/%zz', '/%zz'],
  ['/%', '/%'],
  ['/%2', '/%2'],
  ['/..%u002fb', '/..%u002fb'],
  ['/a{b}', '/a%7Bb%7D'],
])('%s is compared as %s', (path, expected) => expect(normalisePath(path)).toBe(expected));

test.each(['', 'a', '*', '?x', '/a%2fb', '/a%2Fb', '/%2e%2e%2fx', '/a%5cb', '/a%5C', '/%00', '/a%00.png'])(
  '%j is refused',
  (path) => expect(normalisePath(path)).toBeUndefined(),
);

describe('seen on Envoy 1.40', () => {
  test.each([
    ['/public/..;/secret', '/secret'],
    ['/a/.;/b', '/a/b'],
    ['/a/..;x=1/b', '/b'],
    ['/a/..;', '/'],
    ['/a/;/..;/b', '/a/b'],
    ['/..;a;b/c', '/c'],
    ['/a/..;?/..;x', '/'],
    ['/a?b=/%2e%2e;x', '/a'],
    ['/a/..;%2e%2e/b', '/b'],
    ['/a/..;\\b', '/b'],
    ['/a/..;/..;/../b', '/b'],
  ])('a dot segment with parameters is one all the same: %s is %s', (path, expected) => {
    expect(normalisePath(path)).toBe(expected);
  });

  /** Envoy does not resolve these, and decodes them afterwards: the gateway refuses what is left over, which is `..` for some servers. */
  test.each([
    '/%2e%2e;x',
    '/%2e;x',
    '/a/%2e%2E;/b',
    '/a/.%2e;b/c',
    '/a/%2e.;',
    '/a\\..;',
    '/a\\..;x/b',
    '/a\\.;x',
    '/%2e%2e;x?q',
    '/a/b/%2e%2e;;',
    '/a/..%3b/b',
    '/a/.%3Bx',
    '/a/..;%2f/b',
  ])('a dot segment that is left over, %s, is refused', (path) => expect(normalisePath(path)).toBeUndefined());

  test.each([
    ['/a/...;x', '/a/...;x'],
    ['/a/..b;x', '/a/..b;x'],
    ['/a/b..;x', '/a/b..;x'],
    ['/a/;..', '/a/;..'],
    ['/%2e%2ea;x', '/..a;x'],
    ['/.well-known;x', '/.well-known;x'],
  ])('what only looks like one stays: %s is %s', (path, expected) => expect(normalisePath(path)).toBe(expected));

  test.each(['/a#b', '/a?b#c', '/#', '/é', '/a b'])('%s is refused', (path) => {
    expect(normalisePath(path)).toBeUndefined();
  });
});

test.each([
  ['//.a/..', '/'],
  ['/x/.a/..', '/x/'],
  ['/x/.a/../secret', '/x/secret'],
  ['/x/.a/b/%2E./c', '/x/.a/c'],
  ['/x/.a\\..\\c', '/x/c'],
  ['/.a/./b/.', '/.a/b/'],
  ['/../..', '/'],
])('a segment that begins with a dot hides no dot segment behind it: %s is %s', (path, expected) => {
  expect(normalisePath(path)).toBe(expected);
});

const piece = fc.constantFrom('/', '.', '..', '%2e', '%2E', '\\', 'a', 'secret', '%61', ';', '%25', '%', '?', '//');

test('no path keeps a way up, with parameters or without, or two slashes in a row, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const normal = normalisePath(`/${pieces.join('')}`) ?? '/';
      expect(normal).toMatch(/^\//);
      expect(normal).not.toMatch(/\/\/|\/\.{1,2}(;[^/]*)?(\/|$)|\\|\?/);
    }),
  );
});

test('of these only a dot segment with parameters, written in another way than plainly, is refused', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const path = `/${pieces.join('')}`;
      const [written = ''] = path.split('?');
      const leftOver = /[/\\](\.|%2e){1,2};/i.test(written) && /%2e|\\/i.test(written);
      if (!leftOver) expect(normalisePath(path)).toBeDefined();
    }),
  );
});

test('a path that was compared once is compared as it is', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const normal = normalisePath(`/${pieces.filter((each) => !each.startsWith('%')).join('')}`);
      fc.pre(normal !== undefined);
      expect(normalisePath(normal)).toBe(normal);
    }),
  );
});

test('any text has an answer', () => {
  fc.assert(
    fc.property(fc.fullUnicodeString(), (text) => {
      expect(normalisePath(`/${text}`) ?? '/').toMatch(/^\//);
    }),
  );
});
