import { compile, CompileOptionError, DEFAULT_DIRECTORY } from '../../../lib/envoy/compile';
import { render } from '../../../lib/envoy/render';
import type { CompiledConfig, ConfigObject, NamedResource } from '../../../lib/envoy/resources';
import { template } from '../../../lib/envoy/template';
import { PolicyError } from '../../../lib/policy/errors';
import { EgressPolicy } from '../../../lib/policy/policy';
import { complete, COMPLETE, policyOf } from './support/policies';
import { at, compiled, edgeRoutes, entries, everything, facts, guardOf, named, valuesOf } from './support/reading';

const MODES = ['enforce', 'observe'] as const;

const bytes = (config: CompiledConfig): string => JSON.stringify([...render(config)]);
const names = (resources: readonly NamedResource[]): string[] => resources.map(({ name }) => name);

/** Every DNS cache in a config, in filters and clusters. */
function caches(config: CompiledConfig): ConfigObject[] {
  return valuesOf(everything(config), 'dns_cache_config') as ConfigObject[];
}

describe('the same policy', () => {
  test.each(MODES)('gives the same bytes twice, mode %s', (mode) => {
    expect(bytes(compile(complete(mode)))).toBe(bytes(compile(complete(mode))));
  });

  test('gives the same bytes whatever the order of rules, hosts, ports, paths, methods and workloads', () => {
    const a = EgressPolicy.fromObject({
      version: 1,
      workloads: {
        a: {
          port: 10000,
          allow: [
            { hosts: ['b.example.com', 'a.example.com'], ports: [443, 8443], expires: '2030-01-01' },
            { host: '*.example.com', expires: '2030-01-01' },
            { host: 'c.example.com', protocol: 'http', methods: ['GET', 'PUT'], paths: ['/a', '/b/'] },
            { host: 'c.example.com', protocol: 'http', methods: ['POST'] },
            { host: 'd.example.com', private: ['10.0.0.0/8', '192.168.0.0/16'] },
          ],
        },
        b: { port: 10001 },
      },
    });
    const b = EgressPolicy.fromObject({
      version: 1,
      workloads: {
        b: { port: 10001, allow: [] },
        a: {
          port: 10000,
          allow: [
            { host: 'd.example.com', private: ['192.168.0.0/16', '10.0.0.0/8'] },
            { host: 'C.example.com.', protocol: 'http', methods: ['POST'], ports: [80] },
            { host: 'c.example.com', protocol: 'http', methods: ['PUT', 'GET'], paths: ['/b/', '/a'] },
            { host: '*.example.com', expires: '2030-01-01', owner: 'a team', reason: 'words' },
            { hosts: ['a.example.com', 'b.example.com'], ports: [8443, 443], expires: '2030-01-01' },
          ],
        },
      },
    });
    expect(bytes(compile(b))).toBe(bytes(compile(a)));
  });

  test('gives the same bytes whatever the order of its files', () => {
    const [a, b] = ['a', 'b'].map((name) =>
      EgressPolicy.fromYaml(`version: 1\nworkloads: { web: { port: 10000, allow: [{ host: ${name}.example.com }] } }`),
    ) as [EgressPolicy, EgressPolicy];
    expect(bytes(compile(EgressPolicy.merge(b, a)))).toBe(bytes(compile(EgressPolicy.merge(a, b))));
  });

  test.each(MODES)('gives the same bytes at any time, mode %s', (mode) => {
    const now = bytes(compile(complete(mode)));
    jest.useFakeTimers({ now: new Date('2099-12-31T23:59:59Z') });
    try {
      expect(bytes(compile(complete(mode)))).toBe(now);
    } finally {
      jest.useRealTimers();
    }
  });

  test('leaves the templates as they are', () => {
    const skeletons = ['bootstrap', 'http-connection-manager', 'dns-cache', 'sni-guard', 'host-guard', 'fixed-cluster'];
    const before = structuredClone(skeletons.map(template));
    for (const mode of MODES) compile(complete(mode));
    expect(skeletons.map(template)).toEqual(before);
  });

  test('carries its hash', () => {
    expect(compile(complete()).hash).toBe(complete().hash);
  });
});

describe.each(MODES)('references, mode %s', (mode) => {
  const config = compile(complete(mode));
  const { clusters, listeners, routes } = config;

  test.each([
    ['clusters', clusters],
    ['listeners', listeners],
    ['routes', routes],
  ])('names of %s are unique and in order', (_, resources) => {
    expect(names(resources)).toEqual([...new Set(names(resources))].sort());
  });

  test('every cluster that a route or a filter names exists', () => {
    const targets = valuesOf([...listeners, ...routes], 'cluster').filter((each) => typeof each === 'string');
    expect(targets.length).toBeGreaterThan(20);
    expect(names(clusters)).toEqual(expect.arrayContaining([...new Set(targets)]));
  });

  test('every internal listener that a cluster leads to exists, and the other way round', () => {
    const internal = listeners.filter((each) => each.internal_listener !== undefined);
    expect([...new Set(valuesOf(clusters, 'server_listener_name'))].sort()).toEqual(names(internal));
  });

  test('every chain that a route names is in the guard to which the route leads, and no other chain is', () => {
    const used = new Map<string, Set<string>>();
    for (const route of edgeRoutes(config).filter((each) => facts(each).chain !== undefined)) {
      const guard = guardOf(config, route);
      const key = facts(route).chain as string;
      expect(Object.keys(entries(guard))).toContain(key);
      used.set(guard.name, (used.get(guard.name) ?? new Set()).add(key));
    }
    for (const guard of listeners.filter(({ name }) => name.startsWith('guard.')))
      expect(Object.keys(entries(guard))).toEqual([...(used.get(guard.name) ?? [])].sort());
  });

  test('every chain that a guard chooses exists once, and it has no idle ones but those that refuse', () => {
    for (const guard of listeners.filter(({ name }) => name.startsWith('guard.'))) {
      const chains = (guard.filter_chains as ConfigObject[]).map(({ name }) => name as string);
      expect(chains).toEqual([...new Set(chains)]);
      const chosen = valuesOf(guard.filter_chain_matcher, 'value');
      expect(chains).toEqual(expect.arrayContaining(chosen));
      expect(chosen).toEqual(expect.arrayContaining(chains.filter((name) => !name.startsWith('refuse.'))));
    }
  });

  test('a DNS cache is the same wherever it is named', () => {
    const byName = new Map(caches(config).map((cache) => [cache.name, cache]));
    expect(byName.size).toBeGreaterThan(2);
    for (const cache of caches(config)) expect(cache).toEqual(byName.get(cache.name));
  });

  test('each workload has DNS caches, guards and listeners of its own', () => {
    for (const { name } of [...clusters, ...listeners].filter((each) => !/^(refuse|health)$/.test(each.name)))
      expect(name).toMatch(/\.(web|local)\./);
    for (const { name } of caches(config)) expect(name).toMatch(/^dns\.(web|local)\./);
  });

  test('the routes of each listener are those of its workload', () => {
    expect(names(routes)).toEqual(['local.10001', 'web.10000']);
    for (const rds of valuesOf(listeners, 'rds') as ConfigObject[])
      expect(rds.config_source).toEqual({
        resource_api_version: 'V3',
        path_config_source: {
          path: `${DEFAULT_DIRECTORY}/routes/${rds.route_config_name as string}.yaml`,
          watched_directory: { path: `${DEFAULT_DIRECTORY}/routes` },
        },
      });
  });

  test('no regular expression holds a part of a host', () => {
    const labels = COMPLETE.match(/[a-z0-9]+(?=\.(example|net|com|org))/g) ?? [];
    const patterns = valuesOf(everything(config), 'regex').map(String);
    expect(patterns.length).toBeGreaterThan(0);
    for (const label of [...labels, 'example', 'fd12']) expect(patterns.join('\n')).not.toContain(label);
  });
});

describe('options', () => {
  const allow = [{ host: 'a.example.com' }];

  test('bind', () => {
    const { listeners } = compiled(allow, {}, { bind: '127.0.0.1' });
    for (const name of ['edge.', 'health'])
      expect(at(named(listeners, name), 'address', 'socket_address', 'address')).toBe('127.0.0.1');
    expect(valuesOf(compiled(allow).listeners, 'socket_address')).toEqual([
      { address: '0.0.0.0', port_value: 10000 },
      { address: '0.0.0.0', port_value: 9900 },
    ]);
  });

  test('bind to all addresses of both families', () => {
    const { listeners } = compiled(allow, {}, { bind: '::' });
    expect(valuesOf(listeners, 'socket_address')[0]).toEqual({ address: '::', port_value: 10000, ipv4_compat: true });
  });

  test('healthPort', () => {
    const health = named(compiled(allow, {}, { healthPort: 9901 }).listeners, 'health');
    expect(at(health, 'address', 'socket_address', 'port_value')).toBe(9901);
  });

  test('healthPort: not the port of a workload', () => {
    const policy = policyOf(allow, { name: 'web', port: 10000 });
    const problem = 'the health port 10000 is the port of workload web; choose another health port';
    expect(() => compile(policy, { healthPort: 10000 })).toThrow(CompileOptionError);
    expect(() => compile(policy, { healthPort: 10000 })).toThrow(problem);
    expect(() => compile(policy, { healthPort: 10001 })).not.toThrow();
  });

  test('the health endpoint answers GET /healthz alone, also at the connection limit', () => {
    const health = named(compiled(allow).listeners, 'health');
    expect(health.ignore_global_conn_limit).toBe(true);
    expect(valuesOf(health, 'headers')).toEqual([
      [
        { name: ':path', string_match: { exact: '/healthz' } },
        { name: ':method', string_match: { exact: 'GET' } },
      ],
    ]);
    expect(valuesOf(health, 'direct_response')).toEqual([{ status: 404 }]);
  });

  test('directory and adminSocket are in the bootstrap, which does not depend on the policy', () => {
    const options = { directory: '/run/egress', adminSocket: '/run/admin.sock' };
    const { bootstrap } = compiled(allow, {}, options);
    expect(bootstrap.admin).toEqual({ address: { pipe: { path: '/run/admin.sock', mode: 0o600 } } });
    expect(at(bootstrap, 'dynamic_resources', 'cds_config', 'path_config_source')).toEqual({
      path: '/run/egress/clusters.yaml',
      watched_directory: { path: '/run/egress' },
    });
    expect(compile(complete('observe'), options).bootstrap).toEqual(bootstrap);
  });

  test('without adminSocket there is no admin interface', () => {
    expect(compiled(allow).bootstrap).not.toHaveProperty('admin');
  });

  test('dns', () => {
    const cache = caches(compiled(allow, {}, { dns: ['10.0.0.2:53', '[fd00::2]:5353'] }))[0];
    expect(at(cache, 'typed_dns_resolver_config', 'typed_config')).toMatchObject({
      query_tries: 5,
      resolvers: [
        { socket_address: { address: '10.0.0.2', port_value: 53 } },
        { socket_address: { address: 'fd00::2', port_value: 5353 } },
      ],
    });
  });

  test('gatewayAddresses: no rule may dial the gateway itself', () => {
    const policy = policyOf([{ host: 'a.example.com', private: ['10.0.0.0/24'], ports: [10000] }]);
    expect(() => compile(policy)).not.toThrow();
    expect(() => compile(policy, { gatewayAddresses: ['10.0.0.9'] })).toThrow(PolicyError);
    const health = policyOf([{ host: 'a.example.com', private: ['127.0.0.0/8'], ports: [9901] }]);
    expect(() => compile(health, { healthPort: 9901 })).toThrow('the health endpoint');
  });
});

test('without workloads there is the health endpoint and nothing else', () => {
  const config = compile(EgressPolicy.fromYaml('version: 1'));
  expect([names(config.clusters), names(config.listeners), config.routes]).toEqual([['refuse'], ['health'], []]);
});
