import { compile } from '../../../lib/envoy/compile';
import { allowUntil, denyAfter, EXPIRY_FILTER, lastDay } from '../../../lib/envoy/expiry';
import type { CompiledConfig, ConfigObject } from '../../../lib/envoy/resources';
import type { Rule } from '../../../lib/policy/types';
import * as policies from './support/policies';
import { policyOf, WAYS } from './support/policies';
import { at, chainOf, compiled, entries, facts, filter, guardOf, routeFor, valuesOf } from './support/reading';
import { guardRoute } from './support/route-table';

const DAY = '2030-06-30';
const END = '2030-07-01T00:00:00Z';
const MANAGER = 'envoy.filters.network.http_connection_manager';
const EXPIRING = WAYS.map(([way, kind, rule]) => [way, kind, { ...rule, expires: DAY }] as const);
const TLS = { ...policies.TLS, expires: DAY };
const HTTP = { ...policies.HTTP, expires: DAY };
const TCP = { ...policies.TCP, expires: DAY };

describe('the condition', () => {
  test.each([
    ['2030-06-30', '2030-07-01T00:00:00Z'],
    ['2030-12-31', '2031-01-01T00:00:00Z'],
    ['2028-02-28', '2028-02-29T00:00:00Z'],
    ['2028-02-29', '2028-03-01T00:00:00Z'],
  ])('of %s turns at %s, UTC', (day, end) => {
    for (const each of [allowUntil(day, false), denyAfter(day, false), allowUntil(day, true)])
      expect(valuesOf(each, 'string_value')).toEqual([end]);
  });

  test('passes before the end, and refuses what cannot be evaluated', () => {
    const rules = at(allowUntil(DAY, false), EXPIRY_FILTER, 'rbac', 'rules');
    expect(rules).toMatchObject({ action: 'ALLOW', policies: { in_time: { permissions: [{ any: true }] } } });
    expect(valuesOf(rules, 'function')).toEqual(['_<_', 'timestamp']);
    expect(at(valuesOf(rules, 'args')[0], 0)).toEqual({
      select_expr: { operand: { ident_expr: { name: 'request' } }, field: 'time' },
    });
  });

  test('is turned round where another rule speaks for the refusal', () => {
    const rules = at(denyAfter(DAY, false), EXPIRY_FILTER, 'rbac', 'rules');
    expect(rules).toMatchObject({ action: 'DENY', policies: { expired: {} } });
    expect(valuesOf(rules, 'function')).toEqual(['_>=_', 'timestamp']);
  });

  test.each([allowUntil, denyAfter])('only leaves a mark in mode observe', (condition) => {
    const rbac = at(condition(DAY, true), EXPIRY_FILTER, 'rbac');
    expect(rbac).toMatchObject({ shadow_rules: {}, shadow_rules_stat_prefix: 'expiry_' });
    expect(rbac).not.toHaveProperty('rules');
  });
});

describe('lastDay', () => {
  const rule = (expires?: string) => ({ expires }) as Rule;
  test.each([
    [['2030-01-01', '2031-01-01', '2030-12-31'], '2031-01-01'],
    [['2030-01-01'], '2030-01-01'],
    [['2030-01-01', undefined], undefined],
    [[], undefined],
  ])('of %j is %s', (days, expected) => expect(lastDay(days.map(rule))).toBe(expected));
});

describe('at the edge', () => {
  test.each(EXPIRING)('the route of an expiring rule has the condition: %s', (_way, kind, rule) => {
    const route = routeFor(compiled([rule]), rule.host, kind);
    expect(at(route.typed_per_filter_config, EXPIRY_FILTER)).toEqual(allowUntil(DAY, false)[EXPIRY_FILTER]);
  });

  test.each(WAYS)('the route of a rule that never ends has none: %s', (_way, kind, rule) => {
    const route = routeFor(compiled([rule]), rule.host, kind);
    expect(at(route.typed_per_filter_config, EXPIRY_FILTER)).toBeUndefined();
  });

  test.each([
    ['the last day of all', '2031-01-01', ['2031-01-02T00:00:00Z']],
    ['no end if one rule has none', undefined, []],
  ])('rules on one host have %s', (_, expires, ends) => {
    const allow = [HTTP, { ...HTTP, methods: ['GET'], expires }].map(withoutUndefined);
    for (const kind of ['http/', 'forward/']) {
      const route = routeFor(compiled(allow), HTTP.host, kind);
      expect(valuesOf(at(route.typed_per_filter_config, EXPIRY_FILTER), 'string_value')).toEqual(ends);
    }
  });
});

describe('in the guards of http rules', () => {
  const allow = [
    { ...HTTP, methods: ['GET'], expires: '2030-01-01' },
    { ...HTTP, methods: ['PUT'], expires: '2031-01-01' },
  ];
  test.each(['http/', 'forward/'])('each rule has its own day, %s', (kind) => {
    const config = compiled(allow);
    const manager = filter(chainOf(config, routeFor(config, HTTP.host, kind)), MANAGER);
    const dayOf = (method: string) => {
      const route = guardRoute(manager, { authority: HTTP.host, method });
      return at(route?.typed_per_filter_config, EXPIRY_FILTER);
    };
    expect(dayOf('GET')).toEqual(denyAfter('2030-01-01', false)[EXPIRY_FILTER]);
    expect(dayOf('PUT')).toEqual(denyAfter('2031-01-01', false)[EXPIRY_FILTER]);
    expect(dayOf('POST')).toBeUndefined();
  });
});

describe('in mode observe the edge marks requests after the last day, and the guard writes it down', () => {
  const reads = "'egress.expired' in filter_state";

  test.each(EXPIRING)('%s', (_way, kind, rule) => {
    const config = compiled([rule], { mode: 'observe' });
    const route = routeFor(config, rule.host, kind);
    expect(at(route.typed_per_filter_config, EXPIRY_FILTER)).toEqual(allowUntil(DAY, true)[EXPIRY_FILTER]);
    const states = valuesOf(route.typed_per_filter_config, 'on_request_headers').flat() as ConfigObject[];
    const mark = states.find(({ object_key }) => object_key === 'egress.expired');
    expect(mark).toMatchObject({ shared_with_upstream: 'ONCE', skip_if_empty: true });
    expect(valuesOf(mark, 'inline_string')).toEqual([expect.stringContaining('expiry_shadow_engine_result')]);
    const [line] = valuesOf(chainOf(config, route), 'json_format').filter((each) =>
      at(each, 'layer'),
    ) as ConfigObject[];
    expect([line?.decision, line?.reason]).toEqual([expect.stringContaining(reads), expect.stringContaining(reads)]);
  });

  test.each(WAYS)('rules that never end have no mark: %s', (_way, kind, rule) => {
    const route = routeFor(compiled([rule], { mode: 'observe' }), rule.host, kind);
    expect(JSON.stringify(route)).not.toContain('egress.expired');
  });
});

describe('closeExpiredAt', () => {
  const before = new Date(Date.parse(END) - 1);
  const after = new Date(END);
  const listed = (config: CompiledConfig, host: string, kind: string): boolean => {
    const route = routeFor(config, host, kind);
    const guard = config.listeners.find(({ name }) => name === route.route?.cluster);
    return guard !== undefined && Object.keys(entries(guard)).includes(facts(route).chain as string);
  };
  /** Another rule of the same kind, so that the guard stays. */
  const others = [{ host: 'z.example.com' }, { host: 'y.example.com', protocol: 'http' }];

  test.each(EXPIRING)('ends the chain at the first moment after the last day, not before: %s', (_way, kind, rule) => {
    const allow = [rule, ...others];
    expect(listed(compiled(allow, {}, { closeExpiredAt: before }), rule.host, kind)).toBe(true);
    expect(listed(compiled(allow, {}, { closeExpiredAt: after }), rule.host, kind)).toBe(false);
    expect(listed(compiled(allow), rule.host, kind)).toBe(true);
  });

  test.each(EXPIRING)('leaves the routes and all other chains as they are: %s', (_way, kind, rule) => {
    const allow = [rule, ...others];
    const closed = compiled(allow, {}, { closeExpiredAt: after });
    expect(closed.routes).toEqual(compiled(allow).routes);
    expect(guardOf(closed, routeFor(closed, 'z.example.com', 'tls/')).name).toMatch(/^guard\.tls\./);
    expect(listed(closed, 'z.example.com', 'tls/') && listed(closed, 'y.example.com', 'forward/')).toBe(true);
    expect(routeFor(closed, rule.host, kind).route).toEqual(routeFor(compiled(allow), rule.host, kind).route);
  });

  test('removes a guard without chains; the cluster that leads to it stays, for the routes that name it', () => {
    const closed = compiled([TLS], {}, { closeExpiredAt: after });
    expect(closed.listeners.map(({ name }) => name)).toEqual(['edge.web.10000', 'health']);
    const { cluster } = routeFor(closed, TLS.host, 'tls/').route as { cluster: string };
    expect(closed.clusters.map(({ name }) => name)).toContain(cluster);
  });

  test('keeps a chain as long as one of its rules counts', () => {
    const allow = [
      { ...HTTP, methods: ['GET'] },
      { ...HTTP, methods: ['PUT'], expires: '2031-01-01' },
    ];
    expect(listed(compiled(allow, {}, { closeExpiredAt: after }), HTTP.host, 'http/')).toBe(true);
  });

  describe('of rules that share a chain', () => {
    const union = [
      { ...policies.HTTP, methods: ['GET'] },
      { ...HTTP, methods: ['PUT'] },
    ];
    const key = (config: CompiledConfig, kind: string) => facts(routeFor(config, HTTP.host, kind)).chain as string;
    const closed = (allow: readonly object[], closeExpiredAt: Date) => compiled(allow, {}, { closeExpiredAt });
    const [early, late] = [before, after].map((time) => closed([...union, ...others], time)) as [
      CompiledConfig,
      CompiledConfig,
    ];

    test.each(['http/', 'forward/'])(
      'one that is over changes the key, so that its tunnels end and new ones find the new key: %s',
      (kind) => {
        const { rules = [] } = policyOf(union).workloads[0] ?? {};
        const [ending] = rules.filter((rule) => rule.expires).map((rule) => rule.revision);
        const [lasting] = rules.filter((rule) => !rule.expires).map((rule) => rule.revision);
        expect(key(early, kind)).toBe(key(compiled(union), kind));
        const content = key(early, kind).split('.').at(-1);
        expect(key(early, kind)).toBe(`${lasting}+${ending}.${content}`);
        expect(key(late, kind)).toBe(`${lasting}+${ending}.over.${content}`);
        expect(listed(early, HTTP.host, kind) && listed(late, HTTP.host, kind)).toBe(true);
        const chains = Object.keys(entries(guardOf(late, routeFor(late, HTTP.host, kind))));
        expect(chains).not.toContain(key(early, kind));
      },
    );

    test('its chain and everything else stay as they are', () => {
      for (const kind of ['http/', 'forward/']) {
        const chain = (config: CompiledConfig) => chainOf(config, routeFor(config, HTTP.host, kind));
        expect(chain(late)).toEqual(chain(early));
        expect(routeFor(late, 'y.example.com', kind)).toEqual(routeFor(early, 'y.example.com', kind));
      }
      expect(routeFor(late, 'z.example.com', 'tls/')).toEqual(routeFor(early, 'z.example.com', 'tls/'));
      expect(late.clusters).toEqual(early.clusters);
    });

    test('the chain goes once all are over', () => {
      const over = closed([HTTP, ...union.slice(1), ...others], after);
      for (const kind of ['http/', 'forward/']) expect(listed(over, HTTP.host, kind)).toBe(false);
    });

    test.each([
      ['tls/', policies.TLS],
      ['forward/', policies.TCP],
    ])('a rule that counts keeps its key when one that means the same is over: %s', (kind, rule) => {
      const both = [{ ...rule, expires: DAY }, rule];
      expect(closed(both, after)).toEqual(closed(both, before));
      expect(listed(closed(both, after), rule.host, kind)).toBe(true);
    });
  });

  test('closes nothing and renames nothing in mode observe', () => {
    const union = [HTTP, { ...policies.HTTP, methods: ['PUT'] }];
    for (const allow of [[TLS, HTTP, TCP], union]) {
      const policy = policyOf(allow, { mode: 'observe' });
      expect(compile(policy, { closeExpiredAt: after })).toEqual(compile(policy));
    }
  });
});

function withoutUndefined(rule: object): object {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
}
