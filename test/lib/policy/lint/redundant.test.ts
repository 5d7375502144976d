import { EgressPolicy } from '../../../../lib/policy';
import { findRedundant } from '../../../../lib/policy/lint/redundant';

/** The positions of the rules that another one makes superfluous, with the position of the wider one. */
function redundant(...rules: string[]): [number, number][] {
  const allow = rules.map((rule) => `      - { ${rule} }\n`).join('');
  const [workload] = EgressPolicy.fromYaml(
    `version: 1\nworkloads:\n  a:\n    port: 10000\n    allow:\n${allow}`,
  ).workloads;
  if (!workload) return [];
  const at = workload.rules.map(({ source }) => source.line - 6);
  return [...findRedundant(workload)].map(([rule, wider]) => [
    at[workload.rules.indexOf(rule)] ?? -1,
    at[workload.rules.indexOf(wider)] ?? -1,
  ]);
}

test.each([
  ['a name below a wildcard', ['host: a.example.com', 'host: "*.example.com"']],
  ['a name far below a wildcard', ['host: a.b.c.example.com', 'host: "*.example.com"']],
  ['a wildcard below a wildcard', ['host: "*.a.example.com"', 'host: "*.example.com"']],
  ['some of the ports', ['host: a.example.com', 'host: a.example.com, ports: [443, 8443]']],
  [
    'some of the hosts',
    ['hosts: [a.example.com, b.example.com]', 'hosts: [a.example.com, b.example.com, c.example.com]'],
  ],
  [
    'some of the methods',
    ['host: a.example.com, protocol: http, methods: [GET]', 'host: a.example.com, protocol: http, methods: [GET, PUT]'],
  ],
  [
    'methods beside all',
    ['host: a.example.com, protocol: http, methods: [GET]', 'host: a.example.com, protocol: http'],
  ],
  [
    'a longer path',
    ['host: a.example.com, protocol: http, paths: [/a/b]', 'host: a.example.com, protocol: http, paths: [/a]'],
  ],
  ['an earlier end', ['host: a.example.com, expires: 2030-01-01', 'host: a.example.com, expires: 2031-01-01']],
  ['an end beside none', ['host: a.example.com, expires: 2030-01-01', 'host: a.example.com']],
])('%s', (_what, rules) => {
  expect(redundant(...rules)).toEqual([[0, 1]]);
  expect(redundant(...[...rules].reverse())).toEqual([[1, 0]]);
});

test.each([
  ['the name of a wildcard itself', ['host: example.com', 'host: "*.example.com"']],
  ['one host more', ['hosts: [a.example.com, other.example.net]', 'host: "*.example.com"']],
  ['one port more', ['host: a.example.com, ports: [443, 8443]', 'host: "*.example.com"']],
  ['another port', ['host: a.example.com, ports: [8443]', 'host: "*.example.com"']],
  [
    'all methods beside some',
    ['host: a.example.com, protocol: http', 'host: "*.example.com", protocol: http, methods: [GET]'],
  ],
  [
    'a path beside',
    ['host: a.example.com, protocol: http, paths: [/ab]', 'host: a.example.com, protocol: http, paths: [/a]'],
  ],
  [
    'a name that a more specific rule of another kind would otherwise decide',
    ['host: a.b.example.com', 'host: "*.example.com"', 'host: "*.b.example.com", private: [10.0.0.0/8]'],
  ],
  ['another kind', ['host: a.example.com, private: [10.0.0.0/8]', 'host: "*.example.com"']],
])('not: %s', (_what, rules) => expect(redundant(...rules)).toEqual([]));

test('of two that cover each other one is named', () => {
  expect(
    redundant(
      'host: a.example.com, protocol: http, paths: [/a, /a/b]',
      'host: a.example.com, protocol: http, paths: [/a]',
    ),
  ).toEqual([[0, 1]]);
});
