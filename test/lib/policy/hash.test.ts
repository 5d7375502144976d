import { EgressPolicy } from '../../../lib/policy';

const BASE = `version: 1
mode: enforce
workloads:
  a:
    port: 10000
    allow:
      - { hosts: [one.example.com, two.example.com], owner: me, reason: why }
      - { host: three.example.com, ports: [443, 8443] }
    limits: { connections: 5, requestsPerSecond: 7 }
  b: { port: 10001 }
`;
const hash = (text: string) => EgressPolicy.fromYaml(text).hash;

test('is a SHA-256, and stays the same from release to release', () => {
  // A change of this value changes the hash of every policy in use: the gateways would all publish again.
  expect(hash(BASE)).toBe('320af07b86d8c84efa24df463a635e3b5fbd436ea11e504d80f08120c12f93e0');
});

test.each([
  ['rules', BASE.replace(/( {6}- .*\n)( {6}- .*\n)/, '$2$1')],
  ['hosts', BASE.replace('one.example.com, two.example.com', 'two.example.com, one.example.com')],
  ['ports', BASE.replace('443, 8443', '8443, 443')],
  ['keys', BASE.replace('connections: 5, requestsPerSecond: 7', 'requestsPerSecond: 7, connections: 5')],
  ['workloads', BASE.replace(/( {2}a:[^]*)( {2}b: .*\n)/, '$2$1')],
])('the order of %s is no matter', (_what, text) => {
  expect(text).not.toBe(BASE);
  expect(hash(text)).toBe(hash(BASE));
});

test.each([
  ['owner and reason', BASE.replace('owner: me, reason: why', 'owner: you')],
  ['comments', BASE.replace('mode: enforce', 'mode: enforce # hello')],
  ['a default', BASE.replace('mode: enforce\n', '')],
  [
    'a group in the place of its rules',
    BASE.replace('- { host: three.example.com, ports: [443, 8443] }', '- group: g').replace(
      'workloads:',
      'groups: { g: [{ host: three.example.com, ports: [443, 8443] }] }\nworkloads:',
    ),
  ],
])('%s is no matter', (_what, text) => {
  expect(text).not.toBe(BASE);
  expect(hash(text)).toBe(hash(BASE));
});

test.each([
  ['the mode', BASE.replace('enforce', 'observe')],
  ['a port', BASE.replace('10001', '10002')],
  ['a name', BASE.replace('  b:', '  c:')],
  ['a limit', BASE.replace('connections: 5', 'connections: 6')],
  ['which limit', BASE.replace('connections: 5', 'tunnelMinutes: 5')],
  ['a host', BASE.replace('three.', 'four.')],
  ['an end', BASE.replace('owner: me', 'expires: 2030-01-01')],
  ['a workload without rules', BASE.replace('  b: { port: 10001 }\n', '')],
])('%s matters', (_what, text) => {
  expect(text).not.toBe(BASE);
  expect(hash(text)).not.toBe(hash(BASE));
});
