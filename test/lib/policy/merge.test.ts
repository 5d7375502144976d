import { EgressPolicy } from '../../../lib/policy';

const read = (file: string, text: string) => EgressPolicy.fromYaml(`version: 1\n${text}`, { file });
const workload = (file: string, keys: string) => read(file, `workloads: { a: { port: 10000, ${keys} } }`);

test('rules add up, and the same rule counts once, with the words of the first file', () => {
  const merged = EgressPolicy.merge(
    workload('a.yaml', 'allow: [{ host: one.example.com, owner: first }]'),
    workload('b.yaml', 'allow: [{ host: two.example.com }, { host: ONE.example.com, owner: second }]'),
  );
  expect(merged.workloads[0]?.rules.map(({ id, owner, source }) => [id, owner, source.file])).toEqual([
    ['one.example.com:443', 'first', 'a.yaml'],
    ['two.example.com:443', undefined, 'b.yaml'],
  ]);
  expect(merged.files).toEqual(['a.yaml', 'b.yaml']);
});

test('workloads add up', () => {
  const merged = EgressPolicy.merge(
    read('a.yaml', 'workloads: { z: { port: 10001 } }'),
    read('b.yaml', 'workloads: { a: { port: 10000 } }'),
  );
  expect(merged.workloads.map(({ name }) => name)).toEqual(['a', 'z']);
});

test('the lower limit wins, and a limit wins over none', () => {
  const merged = EgressPolicy.merge(
    workload('a.yaml', 'limits: { connections: 10, requestsPerSecond: 50 }'),
    workload('b.yaml', 'limits: { connections: 20, requestsPerSecond: 5, tunnelMinutes: 60 }'),
  );
  expect(merged.workloads[0]?.limits).toEqual({ connections: 10, requestsPerSecond: 5, tunnelMinutes: 60 });
});

test.each([
  ['observe', 'observe', 'observe'],
  ['observe', 'enforce', 'enforce'],
  ['enforce', 'observe', 'enforce'],
])('%s and %s make %s', (a, b, expected) => {
  expect(EgressPolicy.merge(read('a.yaml', `mode: ${a}`), read('b.yaml', `mode: ${b}`)).mode).toBe(expected);
});

test('a file that states no mode enforces', () => {
  expect(EgressPolicy.merge(read('a.yaml', 'mode: observe'), read('b.yaml', '')).mode).toBe('enforce');
});

test('a group may stand in two files with the same content, in any order', () => {
  const merged = EgressPolicy.merge(
    read('a.yaml', 'groups: { g: [{ host: a.example.com }, { host: b.example.com }] }'),
    read('b.yaml', 'groups: { g: [{ host: B.example.com, ports: [443] }, { host: a.example.com }] }'),
  );
  expect(merged.groups.map(({ name, entries }) => [name, entries.length])).toEqual([['g', 2]]);
});

test('rules that become namesakes get distinct ids', () => {
  const http = (path: string) => `allow: [{ host: a.example.com, protocol: http, paths: [${path}] }]`;
  const merged = EgressPolicy.merge(workload('a.yaml', http('/a')), workload('b.yaml', http('/b')));
  for (const { id, revision } of merged.workloads[0]?.rules ?? [])
    expect(id).toBe(`a.example.com:80~${revision.slice(0, 4)}`);
});

test('a loop back to the gateway that only the union makes is found', () => {
  const looping = read(
    'a.yaml',
    'workloads: { a: { port: 10000, allow: [{ host: llm.internal, ports: [10001], private: [127.0.0.0/8] }] } }',
  );
  expect(() => EgressPolicy.merge(looping, read('b.yaml', 'workloads: { b: { port: 10001 } }'))).toThrow(
    'a.yaml:2:40: rule "llm.internal:10001" reaches port 10001 at 127.0.0.0/8, where the gateway itself listens (workload "b")',
  );
});

test('all contradictions are told at once', () => {
  const one = read('a.yaml', 'groups: { g: [] }\nworkloads: { a: { port: 10000 } }');
  const other = read('b.yaml', 'groups: { g: [{ host: a.example.com }] }\nworkloads: { a: { port: 10001 } }');
  expect(() => EgressPolicy.merge(one, other)).toThrow(
    /^b\.yaml:2:11: group "g" .* a\.yaml:2:11.*\nb\.yaml:3:14: workload "a" .* a\.yaml:3:14/,
  );
});

test('a union with itself or with nothing changes nothing', () => {
  const policy = workload('a.yaml', 'allow: [{ host: a.example.com }], limits: { connections: 5 }');
  expect(EgressPolicy.merge(policy, policy).hash).toBe(policy.hash);
  expect(EgressPolicy.merge(policy).hash).toBe(policy.hash);
  expect(EgressPolicy.merge(policy, read('b.yaml', '')).hash).toBe(policy.hash);
  expect(EgressPolicy.merge().workloads).toEqual([]);
});

test('a merge of merges is the merge of all, in any order', () => {
  const parts = ['one', 'two', 'three'].map((name) =>
    workload(`${name}.yaml`, `allow: [{ host: ${name}.example.com }], limits: { connections: ${name.length} }`),
  );
  const [a, b, c] = parts as [EgressPolicy, EgressPolicy, EgressPolicy];
  expect(EgressPolicy.merge(EgressPolicy.merge(a, b), c).hash).toBe(EgressPolicy.merge(c, a, b).hash);
});
