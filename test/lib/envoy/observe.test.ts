import type { CompiledConfig, ConfigObject } from '../../../lib/envoy/resources';
import { complete } from './support/policies';
import { compile } from '../../../lib/envoy/compile';
import { template } from '../../../lib/envoy/template';
import {
  at,
  chainOf,
  compiled,
  edgeRoutes,
  everything,
  facts,
  filter,
  guardOf,
  managers,
  named,
  routeFor,
  valuesOf,
  type Filter,
} from './support/reading';
import { edgeRoute, guardRoute } from './support/route-table';

const ALLOW = [
  { host: 'a.example.com' },
  { host: 'b.example.com', protocol: 'http', methods: ['GET'], paths: ['/a/'] },
  { host: 'c.example.com', protocol: 'tcp', ports: [5432], reason: 'test' },
];
const MANAGER = 'envoy.filters.network.http_connection_manager';
const config = compiled(ALLOW, { mode: 'observe' });

/** The decision and reason formats of a chain's log. */
function lines(filters: readonly ConfigObject[]): { decision: string; reason: string }[] {
  return valuesOf(filters as ConfigObject[], 'json_format')
    .map((each) => each as { layer?: string; decision: string; reason: string })
    .filter(({ layer }) => layer !== undefined);
}

function chainFor(target: CompiledConfig, authority: string, connect: boolean): Filter[] {
  const route = edgeRoute(target, { authority, connect });
  if (!route) throw new Error(`no route for ${authority}`);
  return chainOf(target, route);
}

test('no route of the edge refuses', () => {
  for (const route of edgeRoutes(config)) {
    expect(route.direct_response).toBeUndefined();
    expect(route.name).not.toMatch(/^denied/);
  }
});

test.each([
  ['evil.example:443', true, 'no_rule'],
  ['10.0.0.1:443', true, 'ip_literal'],
  ['a.example.com:8443', true, 'port'],
  ['evil.example', false, 'no_rule'],
  ['[::1]', false, 'ip_literal'],
  ['b.example.com:8080', false, 'port'],
  ['a.example.com:443', false, 'not_tls'],
  ['c.example.com:5432', false, 'not_connect'],
])('what would be refused passes and is logged with its reason: %s, CONNECT %s, %s', (authority, connect, reason) => {
  const chain = chainFor(config, authority, connect);
  if (connect)
    expect(lines(chain)).toEqual([expect.objectContaining({ decision: expect.stringContaining('would_deny') })]);
  const facet = connect
    ? lines(chain).map((line) => line.reason)
    : [facts(guardRoute(filter(chain, MANAGER), { authority }) ?? { name: '', match: {} })];
  expect(JSON.stringify(facet)).toContain(reason);
});

test('hosts of no rule are dialled at public addresses alone', () => {
  for (const connect of [true, false]) {
    const filters = valuesOf(
      chainFor(config, 'evil.example:443', connect),
      'resolved_address_filter',
    ) as ConfigObject[];
    expect(filters.length).toBeGreaterThan(0);
    for (const each of filters) {
      expect(each).not.toHaveProperty('invert_match');
      expect(each.ranges).toContainEqual({ address_prefix: '10.0.0.0', prefix_len: 8 });
    }
  }
});

test('a wrong port of a private host does not reach its networks', () => {
  const inside = compiled([{ host: 'a.example.com', private: ['10.0.0.0/8'] }], { mode: 'observe' });
  const [filters] = valuesOf(chainFor(inside, 'a.example.com:8443', true), 'resolved_address_filter');
  expect(filters).not.toHaveProperty('invert_match');
});

test('the guard of such tunnels reads the SNI for the log, and waits shortly for servers that speak first', () => {
  const route = edgeRoute(config, { authority: 'evil.example:443', connect: true });
  expect(route && guardOf(config, route)).toMatchObject({
    listener_filters: [{ name: 'envoy.filters.listener.tls_inspector' }],
    listener_filters_timeout: '0.3s',
    continue_on_listener_filters_timeout: true,
  });
});

describe('the guards of rules', () => {
  test.each([
    ['tls/', 'a.example.com', 'not_tls'],
    ['http/', 'b.example.com', 'not_http'],
  ])('%s let pass what their protocol does not expect, and mark it', (kind, host, other) => {
    const route = routeFor(config, host, kind);
    const guard = guardOf(config, route);
    const open = (guard.filter_chains as ConfigObject[]).find(
      ({ name }) => name === `${facts(route).chain as string}.open`,
    );
    expect(lines(open?.filters as ConfigObject[])[0]?.reason).toContain(other);
    expect(lines(open?.filters as ConfigObject[])[0]?.decision).toContain('would_deny');
  });

  test('a wrong SNI passes with a mark', () => {
    const chain = chainOf(config, routeFor(config, 'a.example.com', 'tls/'));
    const sni = filter(chain, 'envoy.filters.network.rbac').typed_config;
    expect(sni).toMatchObject({ shadow_rules: { action: 'ALLOW' }, shadow_rules_stat_prefix: 'sni_' });
    expect(sni).not.toHaveProperty('rules');
    expect(lines(chain)[0]?.reason).toContain("? 'sni_mismatch'");
    expect(lines(chain)[0]?.decision).toContain("? 'would_deny'");
  });

  test('a wrong Host stays refused: it would be dialled with the addresses of the rule', () => {
    const manager = filter(chainOf(config, routeFor(config, 'b.example.com', 'http/')), MANAGER);
    const host = filter(manager.typed_config.http_filters as Filter[], 'egress.host').typed_config;
    expect(host).toMatchObject({ rules: { action: 'ALLOW' } });
    expect(host).not.toHaveProperty('shadow_rules');
  });

  test.each([
    ['PUT', '/a/x', 'would_deny/method', { decision: 'would_deny', reason: 'method', rule: 'b.example.com:80' }],
    ['GET', '/x', 'would_deny/path', { decision: 'would_deny', reason: 'path', rule: 'b.example.com:80' }],
    ['GET', '/a/x', 'allowed/b.example.com:80', { decision: 'allowed', reason: 'rule', rule: 'b.example.com:80' }],
  ])('%s %s is %s', (method, path, name, expected) => {
    for (const kind of ['http/', 'forward/']) {
      const manager = filter(chainOf(config, routeFor(config, 'b.example.com', kind)), MANAGER);
      const route = guardRoute(manager, { authority: 'b.example.com', method, path });
      expect([route?.name, route && facts(route)]).toEqual([name, expected]);
    }
  });

  test('a CONNECT inside a tunnel is refused all the same', () => {
    const manager = filter(chainOf(config, routeFor(config, 'b.example.com', 'http/')), MANAGER);
    expect(guardRoute(manager, { connect: true, authority: 'b.example.com:80' })?.name).toBe('denied/method');
  });
});

test('TRACE, malformed authorities and left-over dot segments stay refused', () => {
  const all = managers(config.listeners.filter(({ name }) => name !== 'health'));
  expect(all.length).toBeGreaterThan(5); // the edge, and every chain that reads HTTP
  for (const { http_filters } of all) {
    const shapes = (http_filters as Filter[]).filter(({ name }) => name === 'egress.shape');
    expect(shapes).toEqual([template('request-shape')]);
    expect(at(shapes[0]?.typed_config, 'rules', 'action')).toBe('DENY');
    expect(shapes[0]?.typed_config).not.toHaveProperty('shadow_rules');
  }
});

test('the mode is in routes and guards, not in the listener on the port', () => {
  const enforce = compile(complete());
  const observe = compile(complete('observe'));
  expect(named(observe.listeners, 'edge.web')).toEqual(named(enforce.listeners, 'edge.web'));
  expect(observe.hash).not.toBe(enforce.hash);
});

test('mode enforce has no rule in shadow and no would_deny anywhere', () => {
  const enforce = everything(compile(complete()));
  expect(valuesOf(enforce, 'shadow_rules')).toEqual([]);
  expect(JSON.stringify(enforce)).not.toContain('would_deny');
});
