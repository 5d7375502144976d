import fc from 'fast-check';
import { EgressPolicy, PolicyError } from '../../../../lib/policy';

function problemsOf(value: unknown): readonly { code: string; file: string; message: string }[] {
  try {
    EgressPolicy.fromObject(value);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

test('mistakes of shape and of meaning are told together, each at its place', () => {
  const text = `version: 1
colour: red
workloads:
  a:
    port: 80
    allow:
      - { host: "*", ports: [0], protocl: http }
      - { hosts: [a.example.com, 7, "https://b.example.com"], private: [10.0.0.1/8] }
      - { group: nope, ports: [1] }
  b: { port: 10000, port: 10001 }
`;
  const read = () => EgressPolicy.fromYaml(text, { file: 'e.yaml' });
  expect(read).toThrow(PolicyError);
  try {
    read();
  } catch (error) {
    expect((error as PolicyError).problems.map(({ code, line, column }) => `${line}:${column} ${code}`)).toEqual([
      '2:1 unknown_key',
      '5:11 wrong_value',
      '7:17 host_everything',
      '7:30 wrong_value',
      '7:34 unknown_key',
      '8:34 wrong_type',
      '8:37 host_scheme',
      '8:73 cidr_host_bits',
      '9:18 group_unknown',
      '9:24 group_keys',
      '10:21 duplicate_key',
    ]);
  }
});

test('a rule in error is not compared with others', () => {
  const text =
    'version: 1\nworkloads: { a: { port: 10000, allow: [{ host: a.example.com, owner: "" }, { host: a.example.com, private: [ten] }] } }';
  expect(() => EgressPolicy.fromYaml(text)).toThrow(/^[^\n]*owner ""[^\n]*\n[^\n]*network "ten"[^\n]*$/);
});

const someText = fc.oneof(
  fc.constantFrom('a.example.com', '*.example.com', '10.0.0.0/8', '10.0.0.1', 'GET', '/a', '*', '', '2030-01-01'),
  fc.string(),
);
const someValue = fc.oneof(
  someText,
  fc.integer({ min: -1, max: 70000 }),
  fc.constantFrom(null, undefined, true, NaN, [], {}),
  fc.array(someText, { maxLength: 3 }),
);
const someRule = fc.record(
  {
    host: someText,
    hosts: someValue,
    ports: fc.oneof(someValue, fc.array(fc.integer({ min: 0, max: 65536 }), { maxLength: 3 })),
    protocol: fc.oneof(fc.constantFrom('tls', 'http', 'tcp'), someValue),
    methods: someValue,
    paths: someValue,
    private: someValue,
    address: someValue,
    expires: someValue,
    group: someValue,
    reason: someValue,
    other: someValue,
  },
  { requiredKeys: [] },
);

test('whatever a rule says, either it is refused with a printable message or it stands in the policy with hosts and ports', () => {
  fc.assert(
    fc.property(someRule, (rule) => {
      const value = { version: 1, workloads: { a: { port: 10000, allow: [rule] } } };
      const problems = problemsOf(value);
      if (problems.length === 0) {
        const [read] = EgressPolicy.fromObject(value).workloads[0]?.rules ?? [];
        expect(read?.hosts.length).toBeGreaterThan(0);
        expect(read?.ports.length).toBeGreaterThan(0);
        return;
      }
      for (const { file, message } of problems) {
        expect(file).toMatch(/^policy\.workloads\.a\.allow\[0\]/);
        expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever a text holds, reading it ends in a policy or in a PolicyError', () => {
  const pieces = fc.constantFrom(
    'version: 1',
    '\n',
    ' ',
    '- ',
    ': ',
    '*a',
    '&a ',
    '{',
    '}',
    '[',
    ']',
    '!!str ',
    '"',
    "'",
    '|',
    '>',
    '#',
    '---',
    'workloads:',
    '  a:',
    '\t',
    '%YAML 1.1',
    '<<',
    '? ',
    '\u0000',
    '\u001b',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 15 }), (parts) => {
      try {
        EgressPolicy.fromYaml(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
        expect((error as PolicyError).message.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }
    }),
    { numRuns: 1000 },
  );
});
