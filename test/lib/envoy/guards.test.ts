import fc from 'fast-check';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig, ConfigObject } from '../../../lib/envoy/resources';
import { template } from '../../../lib/envoy/template';
import { decide } from '../../../lib/policy/decide';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { HTTP, policyOf, TCP, TLS } from './support/policies';
import {
  at,
  chainOf,
  compiled,
  entries,
  facts,
  filter,
  filtersOf,
  guardOf,
  managers,
  routeFor,
  valuesOf,
  type Filter,
} from './support/reading';
import { guardRoute } from './support/route-table';

const MANAGER = 'envoy.filters.network.http_connection_manager';

const names = (filters: readonly Filter[]) => filters.map(({ name }) => name);
const chainFor = (config: CompiledConfig, host: string, kind: string) => chainOf(config, routeFor(config, host, kind));
const httpFilters = (manager: Filter) => manager.typed_config.http_filters as Filter[];

/** The chain that a guard takes for a key, by what the bytes are. */
function choice(config: CompiledConfig, host: string, kind: string): ConfigObject {
  const route = routeFor(config, host, kind);
  const entry = entries(guardOf(config, route))[facts(route).chain as string];
  const map = (at(entry, 'matcher', 'matcher_tree', 'exact_match_map', 'map') ?? {}) as ConfigObject;
  const chosen = (value: unknown) => at(value as ConfigObject, 'action', 'typed_config', 'value');
  return {
    ...Object.fromEntries(Object.entries(map).map(([input, action]) => [input, chosen(action)])),
    other: chosen(at(entry, 'matcher', 'on_no_match') ?? entry),
  };
}

describe('the guard of tls rules', () => {
  const config = compiled([TLS]);
  const route = routeFor(config, TLS.host, 'tls/');
  const chain = chainOf(config, route);

  test('lets TLS to the chain of the rule and closes the rest', () => {
    expect(choice(config, TLS.host, 'tls/')).toEqual({ tls: facts(route).chain, other: 'refuse.not_tls' });
  });

  test('compares the SNI before anything is sent, resolves, and passes the bytes on', () => {
    expect(names(chain)).toEqual([
      'envoy.filters.network.rbac',
      'envoy.filters.network.sni_dynamic_forward_proxy',
      'envoy.filters.network.tcp_proxy',
    ]);
  });

  test('the SNI must not be empty or begin with "[", and the authority in lower case begins with it and a colon', () => {
    const rules = filter(chain, 'envoy.filters.network.rbac').typed_config.rules as ConfigObject;
    expect(rules.action).toBe('ALLOW');
    expect(Object.keys(rules.policies as ConfigObject)).toEqual(['sni_is_host']);
    const condition = at(rules, 'policies', 'sni_is_host', 'condition');
    expect(valuesOf(condition, 'function')).toEqual([
      '_&&_',
      '_&&_',
      '_!=_',
      '!_',
      'startsWith',
      'startsWith',
      'lowerAscii',
      'string',
      '_[_]',
      '_+_',
    ]);
    expect(valuesOf(condition, 'string_value')).toEqual(['', '[', 'egress.authority', ':']);
    expect(valuesOf(condition, 'field')).toEqual(Array.from({ length: 3 }, () => 'requested_server_name'));
  });

  test('for literals an empty SNI passes as well, with the authority of that literal', () => {
    const literal = compiled([{ hosts: ['10.0.0.7', 'fd12::7', 'x.internal'], private: ['10.0.0.0/8', 'fd12::/16'] }]);
    const policies = at(chainFor(literal, '10.0.0.7', 'tls/')[0], 'typed_config', 'rules', 'policies') as ConfigObject;
    expect(Object.keys(policies)).toEqual(['sni_is_host', 'literal_0', 'literal_1']);
    const texts = Object.values(policies).map((each) => valuesOf(at(each, 'condition'), 'string_value'));
    expect(texts.slice(1)).toEqual([
      ['', 'egress.authority', '10.0.0.7:'],
      ['', 'egress.authority', '[fd12::7]:'],
    ]);
    expect(valuesOf(at(policies, 'literal_1', 'condition'), 'function').slice(0, 3)).toEqual([
      '_&&_',
      '_==_',
      'startsWith',
    ]);
  });

  test('reads a ClientHello for five seconds, then what is there is judged', () => {
    expect(guardOf(config, route)).toMatchObject({
      listener_filters: [{ name: 'envoy.filters.listener.tls_inspector' }],
      listener_filters_timeout: '5s',
      continue_on_listener_filters_timeout: true,
    });
  });

  test('rules of one host that differ in their last day alone share the chain of the one that ends last', () => {
    const allow = [
      { ...TLS, expires: '2030-01-01' },
      { ...TLS, expires: '2031-01-01' },
    ];
    const both = compiled(allow);
    const last = policyOf(allow).workloads[0]?.rules[1];
    expect(facts(routeFor(both, TLS.host, 'tls/')).chain).toMatch(new RegExp(`^${last?.revision}\\.`));
    expect(valuesOf(chainFor(both, TLS.host, 'tls/'), 'rule')).toEqual([last?.id]);
  });
});

describe('the guard of http rules', () => {
  const config = compiled([HTTP]);
  const route = routeFor(config, HTTP.host, 'http/');

  test('lets HTTP/1 to the chain of the rule and closes the rest', () => {
    const { chain } = facts(route);
    const expected = { "'http/1.0'": chain, "'http/1.1'": chain, other: 'refuse.not_http' };
    expect(choice(config, HTTP.host, 'http/')).toEqual(expected);
    expect(guardOf(config, route)).toMatchObject({
      listener_filters: [{ name: 'envoy.filters.listener.http_inspector' }],
      listener_filters_timeout: '2s',
    });
  });

  test('judges each request like one at the edge, and resolves only what it lets pass', () => {
    const manager = filter(chainOf(config, route), MANAGER);
    expect(names(httpFilters(manager))).toEqual([
      'egress.target',
      'egress.shape',
      'egress.host',
      'egress.expiry',
      'egress.resolve',
      'envoy.filters.http.router',
    ]);
    expect(manager.typed_config.request_headers_timeout).toBe('2s');
  });

  test('the Host inside is the host of the CONNECT, or is it with ":80" added', () => {
    const host = filter(httpFilters(filter(chainOf(config, route), MANAGER)), 'egress.host').typed_config;
    const condition = at(host, 'rules', 'policies', 'host_is_host', 'condition');
    expect(at(host, 'rules', 'action')).toBe('ALLOW');
    expect(at(condition, 'call_expr', 'function')).toBe('_||_');
    expect(valuesOf(condition, 'string_value')).toEqual(['egress.authority', 'egress.authority', ':80']);
    expect(valuesOf(condition, 'function').filter((name) => name === 'lowerAscii')).toHaveLength(4);
  });

  test('a CONNECT inside the tunnel is refused', () => {
    const connect = guardRoute(filter(chainOf(config, route), MANAGER), {
      connect: true,
      authority: 'b.example.com:80',
    });
    expect(connect?.name).toBe('denied/method');
  });
});

describe('the guard of forwarded requests', () => {
  const config = compiled([HTTP, TCP]);

  test('judges absolute-form requests, their shape as well, and resolves only what it lets pass', () => {
    const manager = filter(chainFor(config, HTTP.host, 'forward/'), MANAGER);
    expect(names(httpFilters(manager))).toEqual([
      'egress.id',
      'egress.target',
      'egress.shape',
      'egress.expiry',
      'egress.resolve',
      'envoy.filters.http.router',
    ]);
    expect(filter(httpFilters(manager), 'egress.shape')).toEqual(template('request-shape'));
  });

  test('ends a CONNECT to a tcp rule after the name was resolved', () => {
    const manager = filter(chainFor(config, TCP.host, 'forward/'), MANAGER);
    const route = guardRoute(manager, { connect: true, authority: 'c.example.com:5432' });
    expect(route?.route).toMatchObject({ upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] });
    expect(facts(route ?? { name: '', match: {} })).toEqual({
      rule: 'c.example.com:5432',
      decision: 'allowed',
      reason: 'rule',
    });
    expect(names(httpFilters(manager))).toContain('egress.resolve');
    expect(guardRoute(manager, { authority: 'c.example.com:5432' })).toBeUndefined();
  });

  test('neither guard shows our headers to a server, nor a server’s as ours', () => {
    for (const manager of managers(config.listeners.filter(({ name }) => name.startsWith('guard.')))) {
      expect(at(manager, 'route_config', 'request_headers_to_remove')).toEqual(expect.arrayContaining(['x-egress-id']));
      expect(at(manager, 'route_config', 'response_headers_to_remove')).toEqual(['x-egress-reason', 'x-egress-id']);
    }
  });
});

describe('methods and paths', () => {
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT');
  const prefix = fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab');
  const list = <T>(item: fc.Arbitrary<T>) => fc.option(fc.uniqueArray(item, { minLength: 1 }), { nil: undefined });
  const rule = fc
    .record({ methods: list(method), paths: list(prefix) })
    .map((each) => JSON.parse(JSON.stringify(each)) as object);
  const rules = fc.uniqueArray(rule, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(sorted(each)) });
  const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '/a/bc', '/ab', '/abc', '/c');

  function sorted(value: object): object {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, [...(each as string[])].sort()]));
  }

  test.each([
    ['/one', 'allowed'],
    ['/one/', 'allowed'],
    ['/one/x', 'allowed'],
    ['/onetwo', 'denied'],
    ['/two', 'denied'],
    ['/two/', 'allowed'],
    ['/two/x', 'allowed'],
  ])('under the prefixes /one and /two/, %s is %s', (target, expected) => {
    const config = compiled([{ ...HTTP, paths: ['/one', '/two/'] }]);
    for (const kind of ['http/', 'forward/']) {
      const manager = filter(chainFor(config, HTTP.host, kind), MANAGER);
      expect(guardRoute(manager, { authority: HTTP.host, path: target })?.name.split('/')[0]).toBe(expected);
    }
  });

  test('both guards of http rules take the route that decide describes', () => {
    fc.assert(
      fc.property(rules, method, path, (allow, asked, target) => {
        const policy: EgressPolicy = policyOf(allow.map((each) => ({ ...HTTP, ...each })));
        const request = { workload: 'web', form: 'absolute', authority: HTTP.host, now: new Date(0) } as const;
        const { decision, reason, rule: counted } = decide(policy, { ...request, method: asked, path: target });
        const config = compile(policy);
        for (const kind of ['http/', 'forward/']) {
          const manager = filter(chainFor(config, HTTP.host, kind), MANAGER);
          const route = guardRoute(manager, { authority: HTTP.host, method: asked, path: target });
          expect(route?.name).toMatch(decision === 'allowed' ? /^allowed\// : new RegExp(`^denied/${reason}$`));
          if (route && decision !== 'allowed') expect(facts(route).rule).toBe(counted?.id);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a chain that is not there', () => {
  const config = compiled([TLS, HTTP]);
  test.each([
    ['tls/', TLS.host],
    ['http/', HTTP.host],
  ])('closes the tunnel: %s', (kind, host) => {
    const guard = guardOf(config, routeFor(config, host, kind));
    expect(at(guard, 'filter_chain_matcher', 'on_no_match', 'action', 'typed_config', 'value')).toBe('refuse.no_rule');
    const [proxy] = filtersOf(guard, 'refuse.no_rule');
    expect(proxy?.typed_config).toMatchObject({ cluster: 'refuse' });
    expect(config.clusters.find(({ name }) => name === 'refuse')?.load_assignment).toEqual({ cluster_name: 'refuse' });
  });

  test('refuses the forwarded request', () => {
    const [manager] = filtersOf(guardOf(config, routeFor(config, HTTP.host, 'forward/')), 'refuse.no_rule');
    for (const connect of [true, false])
      expect(guardRoute(manager as Filter, { connect, authority: 'x:1' })?.name).toBe('denied/no_rule');
  });
});

test('a workload has only the guards that its rules need', () => {
  const kinds = (allow: readonly object[], mode?: 'observe') =>
    compiled(allow, { mode }).listeners.flatMap(({ name }) => (name.startsWith('guard.') ? [name.split('.')[1]] : []));
  expect(kinds([])).toEqual([]);
  expect(kinds([TLS])).toEqual(['tls']);
  expect(kinds([HTTP])).toEqual(['forward', 'http']);
  expect(kinds([TCP])).toEqual(['forward']);
  expect(kinds([TLS], 'observe')).toEqual(['forward', 'open', 'tls']);
});
