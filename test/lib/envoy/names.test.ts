import { isDeepStrictEqual } from 'node:util';
import { compile } from '../../../lib/envoy/compile';
import { meaningHash } from '../../../lib/envoy/names';
import type { CompiledConfig, CompileOptions, ConfigObject, NamedResource } from '../../../lib/envoy/resources';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { complete, HTTP, policyOf, TCP, TLS, WAYS, type Shape } from './support/policies';
import { compiled, edgeRoutes, entries, everything, facts, named, routeFor, valuesOf } from './support/reading';

/** Everything of a config that stands for its content under a name: clusters, DNS caches, chains, and the rest of each guard. */
function contents({ clusters, listeners, ...rest }: CompiledConfig): [name: string, content: unknown][] {
  const guards = listeners.filter(({ name }) => name.startsWith('guard.'));
  const gates = listeners.filter(({ name }) => name.startsWith('gate.'));
  const dns = valuesOf(everything({ clusters, listeners, ...rest }), 'dns_cache_config') as ConfigObject[];
  return [
    ...[...clusters, ...gates].map((each): [string, unknown] => [`${each['@type']} ${each.name}`, each]),
    ...dns.map((cache): [string, unknown] => [cache.name as string, cache]),
    ...guards.flatMap((guard) => [
      ...Object.entries(entries(guard)).map(([key, entry]): [string, unknown] => [`${guard.name} ${key}`, entry]),
      ...chainsOf(guard).map((chain): [string, unknown] => [`${guard.name} ${chain.name as string} filters`, chain]),
      [guard.name, withoutRules(guard)] as [string, unknown],
    ]),
  ];
}

function chainsOf(guard: NamedResource): ConfigObject[] {
  return guard.filter_chains as ConfigObject[];
}

function withoutRules({ filter_chain_matcher, filter_chains, ...guard }: NamedResource): ConfigObject {
  const refusing = (filter_chains as ConfigObject[]).filter(({ name }) => (name as string).startsWith('refuse.'));
  return { ...guard, refusing, other: (filter_chain_matcher as ConfigObject).on_no_match };
}

const WILD = { host: '*.example.com' };
/** Takes one host of {@link WILD} on its port. */
const EXCEPTION = { host: 'x.example.com', protocol: 'http', ports: [443] };
const UNION = [
  { ...HTTP, methods: ['GET'], expires: '2030-01-31' },
  { ...HTTP, methods: ['PUT'] },
];

const VARIANTS: readonly [string, EgressPolicy, CompileOptions?][] = [
  ['plain', policyOf([TLS, HTTP, TCP])],
  ['observe', policyOf([TLS, HTTP, TCP], { mode: 'observe' })],
  ['everything', complete()],
  ['everything, observed', complete('observe')],
  ['a log file', policyOf([TLS, HTTP, TCP]), { log: '/var/log/egress.log' }],
  ['a log file, observed', policyOf([TLS, HTTP, TCP], { mode: 'observe' }), { log: '/var/log/egress.log' }],
  ['resolvers', policyOf([TLS, HTTP, TCP]), { dns: ['10.0.0.2:53'] }],
  ['methods', policyOf([{ ...HTTP, methods: ['GET'] }])],
  ['paths', policyOf([{ ...HTTP, paths: ['/a/'] }])],
  ['private', policyOf([TLS, HTTP, TCP].map((rule) => ({ ...rule, private: ['10.0.0.0/8'] })))],
  ['other networks', policyOf([TLS, HTTP, TCP].map((rule) => ({ ...rule, private: ['10.0.0.0/9'] })))],
  ['fixed', policyOf([TLS, HTTP, TCP].map((rule) => ({ ...rule, address: '93.184.215.14:1' })))],
  ['expired', policyOf([TLS, HTTP, TCP].map((rule) => ({ ...rule, expires: '2030-01-01' })))],
  ['later', policyOf([TLS, HTTP, TCP].map((rule) => ({ ...rule, expires: '2031-01-01' })))],
  ['two on one host', policyOf([HTTP, { ...HTTP, methods: ['PUT'], expires: '2031-01-01' }])],
  ['another port', policyOf([TLS, HTTP, TCP], { port: 10005 })],
  ['another name', policyOf([TLS, HTTP, TCP], { name: 'other' })],
  ['a rate', policyOf([TLS, HTTP, TCP], { limits: { requestsPerSecond: 5 } })],
  ['tunnel life', policyOf([TLS, HTTP, TCP], { limits: { tunnelMinutes: 5 } })],
  ['a rate and connections', policyOf([TLS, HTTP, TCP], { limits: { requestsPerSecond: 5, connections: 200 } })],
  ['connections', policyOf([TLS, HTTP, TCP], { limits: { connections: 200 } })],
  ['fewer connections', policyOf([TLS, HTTP, TCP], { limits: { connections: 100 } })],
  ['fixed, another name', policyOf([{ ...TLS, address: '93.184.215.14:1' }], { name: 'other' })],
  ["the gateway's addresses", policyOf([TLS, HTTP, TCP]), { gatewayAddresses: ['93.184.215.20'] }],
  ['a wildcard', policyOf([WILD])],
  ['a wildcard with an exception', policyOf([WILD, EXCEPTION])],
  ['a wildcard with an exception, observed', policyOf([WILD, EXCEPTION], { mode: 'observe' })],
  ['one of two over', policyOf(UNION), { closeExpiredAt: new Date('2030-02-01') }],
  ['two on one host, both counting', policyOf(UNION)],
];

test('over all policies and options a name has one meaning', () => {
  const seen = new Map<string, [variant: string, content: unknown]>();
  const clashes: string[] = [];
  for (const [variant, policy, options] of VARIANTS)
    for (const [name, content] of contents(compile(policy, options))) {
      const [before, same] = seen.get(name) ?? [variant, content];
      if (!isDeepStrictEqual(same, content)) clashes.push(`${name}: ${before} and ${variant}`);
      seen.set(name, [before, same]);
    }
  expect(clashes).toEqual([]);
  expect(seen.size).toBeGreaterThan(50);
});

test('the cluster of a connection limit has another name with another limit', () => {
  const gates = [10, 20].map((connections) => {
    const { clusters, listeners } = compiled([TLS], { limits: { connections } });
    expect(named(listeners, 'gate.').name).toBe(named(clusters, 'gate.').name);
    return named(clusters, 'gate.').name;
  });
  expect(gates[0]).not.toBe(gates[1]);
});

describe('a rule whose hosts another kind of rule takes', () => {
  /** The keys of the chains of a wildcard's rule, by what leads to them. */
  const keys = (wild: object, others: readonly object[], shape?: Shape) => {
    const config = compiled([wild, ...others], shape);
    const routes = edgeRoutes(config).filter((route) => facts(route).rule === '*.example.com:443');
    const found = routes.flatMap((route) => (facts(route).chain as string | undefined) ?? []);
    return new Set(found.filter((key) => !key.startsWith('observe.')));
  };
  const HTTP_WILD = { ...WILD, protocol: 'http', ports: [443] };

  test.each([
    ['tls', WILD, EXCEPTION],
    ['tls, by an address', WILD, { host: 'x.example.com', address: '93.184.215.14:1' }],
    ['tls, by networks, on a wildcard', WILD, { host: '*.x.example.com', private: ['10.0.0.0/8'] }],
    ['http', HTTP_WILD, { host: 'x.example.com' }],
    ['tls, by opaque bytes', WILD, { host: 'x.example.com', protocol: 'tcp', ports: [443], reason: 'test' }],
  ])('has other chains, so that its open tunnels to them end: %s', (_, wild, exception) => {
    for (const mode of ['enforce', 'observe'] as const) {
      const [before, after] = [keys(wild, [], { mode }), keys(wild, [exception], { mode })];
      expect(before.size).toBeGreaterThan(0);
      for (const key of before) expect(key).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{12}$/);
      for (const key of after) expect(key).toMatch(/^[0-9a-f]{16}-[0-9a-f]{12}\.[0-9a-f]{12}$/);
      expect(after.size).toBe(before.size);
      const second = { ...exception, host: exception.host.replace('x.', 'y.') };
      const both = keys(wild, [exception, second], { mode });
      expect([...both].filter((key) => before.has(key) || after.has(key))).toEqual([]);
    }
  });

  test.each([
    ['the same kind', { host: 'x.example.com' }],
    ['another port', { ...EXCEPTION, ports: [80] }],
    ['another name', { ...EXCEPTION, host: 'x.example.org' }],
  ])('keeps them with a rule of %s', (_, other) => {
    expect(keys(WILD, [other])).toEqual(keys(WILD, []));
  });

  test('keeps them when the other rule changes but not its hosts', () => {
    expect(keys(WILD, [{ ...EXCEPTION, methods: ['GET'] }])).toEqual(keys(WILD, [EXCEPTION]));
  });
});

describe.each(WAYS)('names of a rule: %s', (_, kind, rule) => {
  /** What the CONNECT to the rule's host leads to. */
  function namesOf(rules: readonly object[], shape?: Shape, options?: CompileOptions): Record<string, unknown> {
    const config = compiled(rules, shape, options);
    const route = routeFor(config, rule.host, kind, shape?.name);
    const guard = named(config.listeners, route.route?.cluster as string);
    const chain = chainsOf(guard).find(({ name }) => name === facts(route).chain);
    const [dns] = valuesOf(chain, 'dns_cache_config') as ConfigObject[];
    const cluster = valuesOf(chain, 'cluster').find((each) => typeof each === 'string');
    return { guard: guard.name, chain: chain?.name, dns: dns?.name, cluster };
  }

  const { host, ...rest } = rule;
  const before = namesOf([rule]);

  test.each<[string, object[], Shape?, CompileOptions?]>([
    ['its owner', [{ ...rule, owner: 'team' }]],
    ['its reason', [{ ...rule, reason: 'other words' }]],
    ['another rule', [rule, { host: 'z.example.com' }, { ...HTTP, host: 'y.example.com' }]],
    ['a limit on connections', [rule], { limits: { connections: 5 } }],
    ["the tunnels' life", [rule], { limits: { tunnelMinutes: 5 } }],
    ["the workload's port", [rule], { port: 10009 }],
    ["the listener's address", [rule], {}, { bind: '127.0.0.1', healthPort: 9901, adminSocket: '/run/a.sock' }],
    ['the folder of the files', [rule], {}, { directory: '/run/egress' }],
    ['a moment before its last day', [rule], {}, { closeExpiredAt: new Date('2026-01-01') }],
  ])('do not change with %s', (...[, rules, shape, options]) => {
    expect(namesOf(rules, shape, options)).toEqual(before);
  });

  const DIAL = ['chain', 'dns', 'cluster'];
  test.each<[string, string[], object[], Shape?, CompileOptions?]>([
    ['its hosts', ['chain'], [{ hosts: [host, 'z.example.com'], ...rest }]],
    ['its ports', ['chain'], [{ ...rule, ports: [1234] }]],
    ['its last day', ['chain'], [{ ...rule, expires: '2030-01-01' }]],
    ['its networks', DIAL, [{ ...rule, private: ['10.0.0.0/8'] }]],
    ['a fixed address', DIAL, [{ ...rule, address: '93.184.215.14:1' }]],
    ['the resolvers', DIAL, [rule], {}, { dns: ['10.0.0.2:53'] }],
    ["the gateway's addresses", DIAL, [rule], {}, { gatewayAddresses: ['93.184.215.20'] }],
    ['the log', ['guard', 'chain'], [rule], {}, { log: '/var/log/egress.log' }],
    ['the workload', ['guard', ...DIAL], [rule], { name: 'other' }],
  ])('change with %s: %j', (...[, changed, rules, shape, options]) => {
    const after = namesOf(rules, shape, options);
    expect(Object.keys(before).filter((key) => after[key] !== before[key])).toEqual(changed);
  });
});

describe("a workload's listener", () => {
  const edge = ({ listeners }: CompiledConfig): NamedResource => named(listeners, 'edge.web');
  const limits = { requestsPerSecond: 5, connections: 10, uploadKilobytesPerSecond: 64 };

  test.each([{}, limits])('does not change with the rules, limits %j', (each) => {
    const before = compiled([], { limits: each });
    const after = compiled([TLS, HTTP, TCP, { ...TLS, expires: '2030-01-01' }], { limits: each });
    expect(edge(after)).toEqual(edge(before));
    const gate = ({ listeners }: CompiledConfig) => listeners.filter(({ name }) => name.startsWith('gate.'));
    expect(gate(after)).toEqual(gate(before));
  });

  test('does not change with the mode', () => {
    expect(edge(compiled([TLS], { mode: 'observe', limits }))).toEqual(edge(compiled([TLS], { limits })));
  });
});

test('meaningHash is twelve hex digits of the whole meaning', () => {
  expect(meaningHash({ a: 1 })).toMatch(/^[0-9a-f]{12}$/);
  expect(meaningHash({ a: 1 })).toBe(meaningHash({ a: 1, b: undefined }));
  expect(meaningHash({ a: 1 })).not.toBe(meaningHash({ a: 2 }));
});
