import { EgressPolicy, PolicyError } from '../../../../lib/policy';

const REORDERS =
  'cannot be seen, and reorders or hides the text around it, so that the policy reads otherwise than it is; remove it';
const BREAKS =
  'looks like the end of a line in an editor, and is not read as one, so that the policy reads otherwise than it is; end lines with a line feed';
const OBEYED = 'is obeyed by a terminal rather than shown, so that the policy reads otherwise than it is; remove it';

function messageOf(text: string): string {
  try {
    EgressPolicy.fromYaml(text, { file: 'e.yaml' });
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
  return '';
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const name = (code: number) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

test.each([
  ...range(0x202a, 0x202e).map((code) => [name(code), code, REORDERS] as const),
  ...range(0x2066, 0x206f).map((code) => [name(code), code, REORDERS] as const),
  ...[0x061c, 0x200e, 0x200f, 0xfff9, 0xfffa, 0xfffb].map((code) => [name(code), code, REORDERS] as const),
  ...[0x0b, 0x0c, 0x0d, 0x85, 0x2028, 0x2029].map((code) => [name(code), code, BREAKS] as const),
  ...[0x00, 0x07, 0x08, 0x1b, 0x7f, 0x80, 0x9b].map((code) => [name(code), code, OBEYED] as const),
])('%s is refused in a comment', (written, code, why) => {
  expect(messageOf(`version: 1\n# x${String.fromCodePoint(code)}y`)).toBe(
    `e.yaml:2:4: the character ${written} ${why}`,
  );
});

test('it is refused wherever it stands: beside a value, in a block of text, behind the end, and in what is no YAML', () => {
  const reason = (text: string) =>
    `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n      - host: a.example.com\n        reason: ${text}`;
  expect(messageOf('version: 1 #\u2066\nmode: enforce # \u2069 \u2069')).toBe(
    `e.yaml:1:13: the character U+2066 ${REORDERS}\ne.yaml:2:17: the character U+2069 ${REORDERS}`,
  );
  expect(messageOf(reason('>-\n          one\n          two\u202e'))).toContain(
    `e.yaml:9:14: the character U+202E ${REORDERS}`,
  );
  expect(messageOf(reason('"one\n          \u202etwo"\n\n'))).toContain(
    `e.yaml:8:11: the character U+202E ${REORDERS}`,
  );
  expect(messageOf('version: 1\n...\n# \u202e\n')).toBe(`e.yaml:3:3: the character U+202E ${REORDERS}`);
  expect(messageOf('# \u202e\n\tversion: 1: 2')).toContain(`e.yaml:1:3: the character U+202E ${REORDERS}`);
  expect(messageOf('# \u202e')).toContain(`e.yaml:1:3: the character U+202E ${REORDERS}`);
});

test('a comment that only seems to end with its line cannot swallow the last day of a rule', () => {
  const policy = (end: string) =>
    `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n      - host: a.example.com # for a while${end}        expires: 2030-06-30`;
  expect(messageOf(policy('\n'))).toBe('');
  for (const end of ['\r', '\u2028', '\u0085'])
    expect(messageOf(policy(end))).toContain(`e.yaml:6:42: the character ${name(end.charCodeAt(0))} ${BREAKS}`);
});

test.each([
  ['line feeds after carriage returns', 'version: 1\r\nmode: enforce\r\n'],
  ['tabs', 'version:\t1\t# x\ty'],
  ['a byte order mark at the start', '\ufeffversion: 1'],
  [
    'other scripts, also from right to left, and joiners',
    'version: 1 # \u05e9\u05dc\u05d5\u05dd \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u{1f468}\u200d\u{1f4bb} b\u00fccher \u4f8b',
  ],
])('%s pass', (_name, text) => expect(messageOf(text)).toBe(''));
