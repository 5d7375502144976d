import { EgressPolicy } from '../../../lib/policy';
import { learned } from './support';

const HEAD = 'version: 1\nworkloads:\n  web-search:\n';

test.each([
  ['without allow', `${HEAD}    port: 10000\n`],
  ['without a last line feed', `${HEAD}    port: 10000`],
  ['with an empty list', `${HEAD}    allow: [] # none\n    port: 10000\n`],
  ['in braces', 'version: 1\nworkloads: { web-search: { port: 10000, allow: [{ host: x.example.com }] } } # all\n'],
  [
    'with comments behind, and entries that are not indented',
    `${HEAD}    port: 10000\n    allow:\n    - host: x.example.com\n      # owner: soon\n    # about limits\n    limits: { connections: 3 }\n`,
  ],
  [
    'with carriage returns',
    `${HEAD}    port: 10000\n    allow:\n      - host: x.example.com\n`.replaceAll('\n', '\r\n'),
  ],
  ['as JSON', '{"version":1,"workloads":{"web-search":{"port":10000,"allow":[{"host":"x.example.com"}]}}}'],
])('a text %s takes the rule and keeps what it says', (_what, text) => {
  const { policy, text: after } = learned([{}], {}, text);
  const before = EgressPolicy.fromYaml(text);
  expect(policy.workloads[0]?.rules.map(({ id }) => id)).toEqual([
    ...(before.workloads[0]?.rules ?? []).map(({ id }) => id),
    'api.example.com:443',
  ]);
  for (const comment of text.match(/# [\w:, ]+/g) ?? []) expect(after).toContain(comment.trim());
});

test('a comment stays with what it is about', () => {
  const rule = '      - host: x.example.com\n        # expires: 2030-06-30\n';
  const limits = '    # about limits\n\n    limits: { connections: 3 }\n';
  const text = `${HEAD}    port: 10000\n    allow:\n${rule}${limits}`;
  const own = '      # learned: 1 request, 2026-11-20\n      - host: api.example.com\n';
  expect(learned([{}], {}, text).text).toBe(`${HEAD}    port: 10000\n    allow:\n${rule}${own}${limits}`);
});

test('an alias is an error that says what to do', () => {
  const shared = '  a:\n    port: 10000\n    allow: &shared\n      - host: x.example.com\n';
  const text = `version: 1\nworkloads:\n${shared}  web-search:\n    port: 10001\n    allow: *shared\n`;
  expect(() => learned([{}], {}, text)).toThrow(/workloads\.web-search has an alias/);
});
