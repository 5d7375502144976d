import type { CompiledConfig, ConfigObject } from '../../../lib/envoy/resources';
import { compile } from '../../../lib/envoy/compile';
import type { Limits } from '../../../lib/policy/types';
import { complete, HTTP, TCP, TLS } from './support/policies';
import {
  at,
  chainOf,
  compiled,
  edgeRoutes,
  filter,
  managers,
  named,
  routeFor,
  valuesOf,
  type Filter,
} from './support/reading';

const ALLOW = [TLS, HTTP, TCP];
const MANAGER = 'envoy.filters.network.http_connection_manager';
const CONNECTION_LIMIT = 'envoy.filters.network.connection_limit';
const BANDWIDTH_LIMIT = 'envoy.filters.network.tcp_bandwidth_limit';
const limited = (limits: Limits): CompiledConfig => compiled(ALLOW, { limits });

/** The network filters of the workload's port. */
function port(config: CompiledConfig): Filter[] {
  return at(named(config.listeners, 'edge.web'), 'filter_chains', 0, 'filters') as Filter[];
}

/** TCP connections that a workload's port takes. */
function connectionLimit(config: CompiledConfig): unknown {
  return filter(port(config), CONNECTION_LIMIT).typed_config.max_connections;
}

function httpFilterNames(manager: ConfigObject): string[] {
  return (manager.http_filters as Filter[]).map(({ name }) => name);
}

test('without limits nothing counts but the connections of a workload, idle ones too', () => {
  const config = limited({});
  expect(port(config).map(({ name }) => name)).toEqual([CONNECTION_LIMIT, MANAGER]);
  expect(connectionLimit(config)).toBe(4000);
  expect(managers(config.listeners).flatMap(httpFilterNames)).not.toContain('egress.rate');
  expect(config.listeners.filter(({ name }) => name.startsWith('gate.'))).toEqual([]);
  expect(valuesOf(config.routes, 'max_stream_duration')).toEqual([]);
  expect(valuesOf(config.listeners, 'max_requests_per_connection')).toEqual([100]); // the health endpoint
});

describe('requestsPerSecond', () => {
  const config = limited({ requestsPerSecond: 50 });

  test('one bucket for requests of all forms, before any rule is looked at but after TRACE and malformed ones went', () => {
    const manager = filter(port(config), MANAGER).typed_config;
    const names = httpFilterNames(manager);
    expect(names.indexOf('egress.rate')).toBe(names.indexOf('egress.shape') + 1);
    expect(filter(manager.http_filters as Filter[], 'egress.rate').typed_config).toMatchObject({
      token_bucket: { max_tokens: 50, tokens_per_fill: 50, fill_interval: '1s' },
      filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
      filter_enforced: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
    });
  });

  test('counts once: the guards have no bucket of their own', () => {
    const all = managers(config.listeners).flatMap(httpFilterNames);
    expect(all.filter((name) => name === 'egress.rate')).toHaveLength(1);
  });

  test('an HTTP tunnel carries one request, so that the next one needs a CONNECT that counts', () => {
    const inner = filter(chainOf(config, routeFor(config, 'b.example.com', 'http/')), MANAGER).typed_config;
    expect(inner.common_http_protocol_options).toMatchObject({ max_requests_per_connection: 1, idle_timeout: '60s' });
    const forward = filter(chainOf(config, routeFor(config, 'b.example.com', 'forward/')), MANAGER).typed_config;
    expect(forward.common_http_protocol_options).not.toHaveProperty('max_requests_per_connection');
  });
});

describe('connections', () => {
  const config = limited({ connections: 200 });
  const gate = named(config.listeners, 'gate.web.10000.');

  test('everything passes one cluster, which counts tunnels and requests in flight', () => {
    const admission = filter(port(config), MANAGER).typed_config;
    const routes = at(admission, 'route_config', 'virtual_hosts', 0, 'routes') as ConfigObject[];
    expect(routes.map(({ match, route }) => [match, (route as ConfigObject).cluster])).toEqual([
      [{ connect_matcher: {} }, gate.name],
      [{ prefix: '/' }, gate.name],
    ]);
    expect(at(named(config.clusters, gate.name), 'circuit_breakers', 'thresholds')).toEqual([
      { max_connections: 1_000_000, max_pending_requests: 1_000_000, max_requests: 200 },
    ]);
  });

  test('behind it stands the listener that reads the rules', () => {
    expect(gate.internal_listener).toEqual({});
    const [manager] = managers(gate);
    expect(at(manager, 'rds', 'route_config_name')).toBe('web.10000');
    expect(httpFilterNames(manager as ConfigObject)).toContain('egress.shape');
  });

  test('headers that look like ours are taken off in front of the gate, and kept behind it', () => {
    const prefixes = (value: ConfigObject | undefined) =>
      valuesOf(value?.early_header_mutation_extensions, 'prefix').filter((each) => each === 'x-egress-');
    expect(prefixes(filter(port(config), MANAGER).typed_config)).toHaveLength(1);
    expect(prefixes(managers(gate)[0])).toHaveLength(0);
  });

  test.each([
    [1, 257],
    [200, 456],
    [5000, 5256],
  ])(
    'a limit of %d leaves some connections for idle ones: %d, the first thing that is counted',
    (connections, expected) => {
      const each = limited({ connections });
      expect(connectionLimit(each)).toBe(expected);
      expect(port(each).map(({ name }) => name)).toEqual([CONNECTION_LIMIT, MANAGER]);
      const inner = valuesOf(named(each.listeners, 'gate.'), 'filters')[0] as Filter[];
      expect(inner.map(({ name }) => name)).toEqual([MANAGER]);
    },
  );

  test('other clusters have no limit', () => {
    const others = config.clusters.filter(({ name }) => name !== gate.name);
    expect(new Set(valuesOf(others, 'max_requests'))).toEqual(new Set([1_000_000]));
  });
});

test('with both, requests are counted in front of the gate, once', () => {
  const config = limited({ connections: 200, requestsPerSecond: 50 });
  expect(httpFilterNames(filter(port(config), MANAGER).typed_config)).toContain('egress.rate');
  const all = managers(config.listeners).flatMap(httpFilterNames);
  expect(all.filter((name) => name === 'egress.rate')).toHaveLength(1);
});

describe('tunnelMinutes', () => {
  test.each(['enforce', 'observe'] as const)('bounds every route that goes on, mode %s', (mode) => {
    const going = edgeRoutes(compiled(ALLOW, { mode, limits: { tunnelMinutes: 90 } })).filter(({ route }) => route);
    expect(going.length).toBeGreaterThan(3);
    for (const { route } of going) expect(route?.max_stream_duration).toEqual({ max_stream_duration: '5400s' });
  });
});

describe('uploadKilobytesPerSecond', () => {
  test.each([{}, { connections: 10 }])('is counted on the port itself, before HTTP is read, with %j', (more) => {
    const config = limited({ uploadKilobytesPerSecond: 2048, ...more });
    expect(port(config).map(({ name }) => name)).toEqual([CONNECTION_LIMIT, BANDWIDTH_LIMIT, MANAGER]);
    expect(valuesOf(config.listeners, 'read_limit_kbps')).toEqual([2048]);
  });
});

describe('what one client can hold', () => {
  test.each([{}, { connections: 200, requestsPerSecond: 50 }])(
    'is bounded on every listener and cluster, %j',
    (limits) => {
      const config = limited(limits);
      const listeners = config.listeners.filter(({ name }) => name !== 'health');
      expect(listeners.length).toBeGreaterThan(3);
      for (const { name, per_connection_buffer_limit_bytes: bytes } of [...listeners, ...config.clusters])
        expect([name, bytes]).toEqual([name, 65_536]);
    },
  );

  test('ends after a minute without a request, and after an hour without a byte in one', () => {
    const all = managers(compile(complete()).listeners.filter(({ name }) => name !== 'health'));
    for (const manager of all) {
      expect(at(manager, 'common_http_protocol_options', 'idle_timeout')).toBe('60s');
      expect(manager.stream_idle_timeout).toBe('3600s');
    }
  });

  test('of the health endpoint is a few connections', () => {
    const [limit, ...rest] = valuesOf(named(limited({}).listeners, 'health'), 'filters')[0] as Filter[];
    expect([limit?.name, limit?.typed_config.max_connections]).toEqual([CONNECTION_LIMIT, 64]);
    expect(rest.map(({ name }) => name)).toEqual([MANAGER]);
  });
});

describe('a change of a limit replaces the listener on the port, so that open tunnels follow it', () => {
  const edge = (limits: Limits) => named(limited(limits).listeners, 'edge.web');

  test.each<Limits>([
    { requestsPerSecond: 5 },
    { connections: 5 },
    { tunnelMinutes: 5 },
    { uploadKilobytesPerSecond: 5 },
    { tunnelMinutes: 6, connections: 5 },
  ])('%j', (limits) => {
    expect(at(edge(limits), 'filter_chains', 0, 'metadata')).toEqual({ filter_metadata: { egress: { limits } } });
    for (const other of [{}, { tunnelMinutes: 7, connections: 7 }]) expect(edge(other)).not.toEqual(edge(limits));
  });

  test('without limits they are empty', () => {
    expect(at(edge({}), 'filter_chains', 0, 'metadata', 'filter_metadata', 'egress')).toEqual({ limits: {} });
  });
});

test('limits of one workload do not touch another', () => {
  const config = compile(complete());
  const accepted = (name: string) => valuesOf(named(config.listeners, name), 'max_connections');
  expect([accepted('edge.web'), accepted('edge.local')]).toEqual([[456], [4000]]);
  const count = (name: string) => valuesOf(named(config.listeners, name), 'token_bucket').length;
  expect([count('edge.web'), count('edge.local')]).toEqual([1, 0]);
  expect(config.listeners.filter(({ name }) => name.startsWith('gate.local'))).toEqual([]);
});
