import { EgressPolicy, toObject } from '../../../lib/policy';

test('the plain form of a policy is the same policy', () => {
  const policy = EgressPolicy.fromYaml(`version: 1
mode: observe
groups: { g: [{ host: db.example.com, protocol: tcp, ports: [5432], reason: db, expires: 2030-01-01 }] }
workloads:
  a:
    port: 10000
    allow:
      - group: g
      - { hosts: ["*.a.example.com", "fd12::7"], private: ["fd12::/16", 169.254.0.0/15], address: "[fd12::7]:8443" }
      - { host: b.example.com, protocol: http, methods: [GET], paths: [/b/], owner: me }
    limits: { connections: 5 }`);
  const plain = toObject(policy);
  expect(EgressPolicy.fromObject(plain).hash).toBe(policy.hash);
  expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  expect(plain.workloads?.a?.allow?.[1]).toEqual({
    hosts: ['*.a.example.com', 'fd12::7'],
    ports: [443],
    protocol: 'tls',
    private: ['169.255.0.0/16', 'fd12::/16'],
    address: '[fd12::7]:8443',
  });
});

test('the plain form may be changed', () => {
  const policy = EgressPolicy.fromYaml(
    'version: 1\nworkloads: { a: { port: 10000, allow: [{ host: a.example.com }] } }',
  );
  toObject(policy).workloads?.a?.allow?.pop();
  expect(policy.workloads[0]?.rules).toHaveLength(1);
});
