import fc from 'fast-check';
import { compile } from '../../../lib/envoy/compile';
import type { ConfigObject } from '../../../lib/envoy/resources';
import { decide } from '../../../lib/policy/decide';
import { normalisePath } from '../../../lib/policy/paths';
import { policyOf } from './support/policies';
import { at, compiled, edgeRoutes, facts, filter, named, routesFor, valuesOf } from './support/reading';
import { edgeRoute, type Asked } from './support/route-table';

const ALLOW = [
  { hosts: ['api.example.com', '*.example.org'] },
  { host: 'a.example.org', ports: [8443] },
  { host: 'plain.example.net', protocol: 'http', ports: [80, 8080] },
  { host: 'db.example.net', protocol: 'tcp', ports: [5432], reason: 'test' },
  { hosts: ['10.0.0.7', 'fd12::7'], private: ['10.0.0.0/8', 'fd12::/16'] },
];

describe('the route of a request', () => {
  const config = compiled(ALLOW);
  const connect = (authority: string): Asked => ({ connect: true, authority });
  const plain = (authority: string): Asked => ({ authority });

  test.each<[string, Asked, string]>([
    ['CONNECT to a name', connect('api.example.com:443'), 'tls/*.example.org+1:443'],
    ['CONNECT in capitals', connect('API.EXAMPLE.COM:443'), 'tls/*.example.org+1:443'],
    ['CONNECT below a wildcard', connect('x.y.example.org:443'), 'tls/*.example.org+1:443'],
    ['CONNECT to the apex', connect('example.org:443'), 'denied/no_rule'],
    ['CONNECT to a name of two rules, one port', connect('a.example.org:8443'), 'tls/a.example.org:8443'],
    ['CONNECT to a name of two rules, the other port', connect('a.example.org:443'), 'tls/*.example.org+1:443'],
    ['CONNECT to a wrong port', connect('api.example.com:8443'), 'denied/port'],
    ['CONNECT to a port that ends alike', connect('api.example.com:10443'), 'denied/port'],
    ['CONNECT to a port with a zero', connect('api.example.com:0443'), 'denied/port'],
    ['CONNECT to an http rule', connect('plain.example.net:80'), 'http/plain.example.net:80,8080'],
    ['CONNECT to its second port', connect('plain.example.net:8080'), 'http/plain.example.net:80,8080'],
    ['CONNECT to a tcp rule', connect('db.example.net:5432'), 'forward/db.example.net:5432'],
    ['CONNECT to an IPv4 literal', connect('10.0.0.7:443'), 'tls/10.0.0.7+1:443'],
    ['CONNECT to an IPv6 literal', connect('[fd12::7]:443'), 'tls/10.0.0.7+1:443'],
    ['CONNECT to another literal', connect('10.0.0.8:443'), 'denied/ip_literal'],
    ['CONNECT to another IPv6 literal', connect('[fd12::8]:443'), 'denied/ip_literal'],
    ['CONNECT to a number', connect('2130706433:443'), 'denied/ip_literal'],
    ['CONNECT to a trailing dot', connect('api.example.com.:443'), 'denied/no_rule'],
    ['a request without a port', plain('plain.example.net'), 'forward/plain.example.net:80,8080'],
    ['a request with port 80', plain('plain.example.net:80'), 'forward/plain.example.net:80,8080'],
    ['a request with port 8080', plain('plain.example.net:8080'), 'forward/plain.example.net:80,8080'],
    ['a request with port 180', plain('plain.example.net:180'), 'denied/port'],
    ['a request to a tls rule', plain('api.example.com:443'), 'denied/not_tls'],
    ['a request to a tls rule without a port', plain('api.example.com'), 'denied/port'],
    ['a request to a tcp rule', plain('db.example.net:5432'), 'denied/not_connect'],
    ['a request to nobody', plain('evil.example'), 'denied/no_rule'],
    ['a request to a literal', plain('127.0.0.1'), 'denied/ip_literal'],
    ['a request to an IPv6 literal', plain('[::1]'), 'denied/ip_literal'],
  ])('%s', (_, asked, name) => expect(edgeRoute(config, asked)?.name).toBe(name));

  test('names its rule, also where it refuses a port', () => {
    const rule = (asked: Asked) => facts(edgeRoute(config, asked) ?? { name: '', match: {} }).rule;
    expect(rule(connect('api.example.com:443'))).toBe('*.example.org+1:443');
    expect(rule(connect('db.example.net:1'))).toBe('db.example.net:5432');
    expect(rule(plain('api.example.com:443'))).toBe('*.example.org+1:443');
    expect(rule(connect('evil.example:443'))).toBeUndefined();
  });

  test('every route of every host either refuses with 403 or goes to a guard, never on its own way', () => {
    for (const { name, direct_response, route } of edgeRoutes(config)) {
      if (name.startsWith('denied/')) expect([direct_response, route]).toEqual([{ status: 403 }, undefined]);
      else expect([direct_response, route?.cluster]).toEqual([undefined, expect.stringMatching(/^guard\./)]);
    }
  });
});

describe('at the edge Envoy takes the way that decide describes', () => {
  const hosts = ['a.example.com', '*.example.com', '*.b.example.com', 'x.b.example.com'];
  const host = fc.constantFrom(...hosts);
  const protocol = fc.constantFrom('tls', 'http', 'tcp');
  const rule = fc.record({ host, protocol, ports: fc.uniqueArray(fc.constantFrom(80, 443, 8080), { minLength: 1 }) });
  const valid = fc
    .uniqueArray(rule, { selector: (each) => each.host })
    .map((rules) => rules.filter((each) => each.protocol !== 'tcp' || !each.host.startsWith('*')))
    .map((rules) => rules.map((each) => (each.protocol === 'tcp' ? { ...each, reason: 'test' } : each)));
  const name = fc.constantFrom('a.example.com', 'b.example.com', 'x.b.example.com', 'y.x.b.example.com', 'example.com');
  const odd = fc.constantFrom('10.0.0.1', '[::1]', '127.1', 'a.example.com.', 'xa.example.com', '0x7f.1');
  const port = fc.constantFrom('', ':80', ':443', ':8080', ':18080', ':080');
  const KIND = { tls: 'tls', http: 'http', tcp: 'forward' } as const;

  test('for random rules and targets', () => {
    fc.assert(
      fc.property(valid, fc.oneof(name, odd), port, fc.boolean(), (rules, target, suffix, isConnect) => {
        fc.pre(!isConnect || suffix !== '');
        const policy = policyOf(rules);
        const authority = `${target}${suffix}`;
        const decision = decide(policy, {
          workload: 'web',
          form: isConnect ? 'connect' : 'absolute',
          method: isConnect ? 'CONNECT' : 'GET',
          authority,
          now: new Date(0),
        });
        const route = edgeRoute(compile(policy), { connect: isConnect, authority });
        const refusedHere = decision.decision === 'denied' && decision.stage === 'request';
        const kind = isConnect ? KIND[decision.rule?.protocol ?? 'tls'] : 'forward';
        expect(route?.name.split('/')[0]).toBe(refusedHere ? 'denied' : kind);
        if (refusedHere) expect(route?.name).toBe(`denied/${decision.reason}`);
        if (route) expect(facts(route).rule).toBe(decision.rule?.id);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a route does', () => {
  const config = compiled(ALLOW);
  const upgrade = (domain: string, name: string) =>
    routesFor(config, domain).find((route) => route.name.startsWith(name))?.route;

  test('a CONNECT to tls and http rules ends at the edge, one to a tcp rule goes on to be answered by its guard', () => {
    const ends = [{ upgrade_type: 'CONNECT', connect_config: {} }];
    expect(upgrade('api.example.com', 'tls/')?.upgrade_configs).toEqual(ends);
    expect(upgrade('plain.example.net', 'http/')?.upgrade_configs).toEqual(ends);
    expect(upgrade('db.example.net', 'forward/')?.upgrade_configs).toEqual([{ upgrade_type: 'CONNECT' }]);
  });

  test('a plain request may become a WebSocket and nothing else', () => {
    expect(upgrade('plain.example.net', 'forward/')?.upgrade_configs).toEqual([{ upgrade_type: 'websocket' }]);
  });

  test('no route bounds how long an answer takes', () => {
    for (const { route } of edgeRoutes(config)) if (route) expect(route.timeout).toBe('0s');
  });

  test('only a CONNECT that ends at the edge gives its tunnel an id, and it is shared with the guard', () => {
    for (const route of edgeRoutes(config)) {
      const [objects] = valuesOf(route.typed_per_filter_config, 'on_request_headers');
      if (!/^(tls|http)\//.test(route.name)) expect(objects).toBeUndefined();
      else expect(objects).toMatchObject([{ object_key: 'egress.tunnel', shared_with_upstream: 'ONCE' }]);
    }
  });

  test('filter state that is shared separates connection pools: all but the host to dial is hashable', () => {
    const objects = valuesOf(config.listeners, 'on_request_headers').flat() as ConfigObject[];
    const shared = objects.filter(({ shared_with_upstream }) => shared_with_upstream !== undefined);
    const byKey = shared.map((each) => [each.object_key, [each.factory_key, ...valuesOf(each, 'inline_string')]]);
    const hashable = 'envoy.hashable_string';
    expect(Object.fromEntries(byKey)).toEqual({
      'envoy.upstream.dynamic_host': [undefined, '%REQ(:AUTHORITY)%'],
      'egress.authority': [hashable, '%REQ(:AUTHORITY)%'],
      'egress.rule': [hashable, '%METADATA(ROUTE:egress:rule)%'],
      'egress.chain': [hashable, '%METADATA(ROUTE:egress:chain)%'],
    });
  });

  test('the id goes along in requests and answers', () => {
    const header = { header: { key: 'x-egress-id', value: '%FILTER_STATE(egress.id:PLAIN)%' } };
    const id = [{ ...header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }];
    expect(named(config.routes, 'web')).toMatchObject({ request_headers_to_add: id, response_headers_to_add: id });
  });
});

describe('the edge', () => {
  const network = at(named(compiled(ALLOW).listeners, 'edge.web'), 'filter_chains', 0, 'filters') as ConfigObject[];
  const manager = filter(network, 'envoy.filters.network.http_connection_manager').typed_config;

  test('looks at the shape of a request before anything else is decided', () => {
    const filters = (at(manager, 'http_filters') as { name: string }[]).map(({ name }) => name);
    expect(filters).toEqual([
      'egress.target',
      'egress.id',
      'egress.shape',
      'egress.expiry',
      'egress.state',
      'egress.tunnel',
      'envoy.filters.http.router',
    ]);
  });

  describe('refuses by shape, whatever the rules are,', () => {
    const shape = filter(at(manager, 'http_filters') as ConfigObject[], 'egress.shape').typed_config;
    const [left, readable] = at(shape, 'rules', 'policies', 'malformed', 'permissions') as ConfigObject[];
    const whole = (permission: unknown) =>
      new RegExp(`^(?:${valuesOf(permission as ConfigObject, 'regex')[0] as string})$`);
    const authority = whole(readable);
    const dots = whole(left);

    test('a method that sends headers back', () => {
      expect(at(shape, 'rules', 'action')).toBe('DENY');
      expect(at(shape, 'rules', 'policies', 'method', 'permissions', 0, 'header')).toEqual({
        name: ':method',
        string_match: { exact: 'TRACE' },
      });
    });

    test.each(['a.example.com', 'A1-b.example.com:443', '10.0.0.7:1', '[fd12::7]:443', '[::ffff:1.2.3.4]', 'x.:80'])(
      'but not %s',
      (text) => expect(text).toMatch(authority),
    );

    test.each([
      '',
      ':443',
      'a,b:443',
      'a.example.com:',
      'a@b:443',
      'a b',
      'a%2eb',
      '*:443',
      '[a.example.com]',
      '::1',
      'a:1:2',
    ])('and %j', (text) => {
      expect(text).not.toMatch(authority);
      expect(at(readable, 'not_rule', 'header', 'name')).toBe(':authority');
    });

    const LEFT = '/.. /. /a/.. /a/../b /..; /..;x /.;x=1/b /a/..;/b /..;a;b/c /..?q /a/..;x?q /./ /..%3b/b /a/.%3Bx';
    test.each(LEFT.split(' '))('a dot segment that is left over in %s', (path) => {
      expect(path).toMatch(dots);
      expect(at(left, 'header', 'name')).toBe(':path');
    });

    const FINE = '/ /a /... /...;x /..a /a.. /a..;/b /.well-known/x /;.. /a?b=/..;x /?/../ /..%2c/b';
    test.each(FINE.split(' '))('but not %s', (path) => expect(path).not.toMatch(dots));

    test('nothing else of a path than decide: what it compares is not refused here, whatever it is made of', () => {
      const piece = fc.constantFrom(
        '/',
        '.',
        '..',
        '%2e',
        '%2E',
        '\\',
        'a',
        '%61',
        ';',
        '%25',
        '%',
        '%3b',
        '//',
        '...',
      );
      fc.assert(
        fc.property(fc.array(piece), fc.constantFrom('', '?', '?/..;x'), (pieces, query) => {
          const path = normalisePath(`/${pieces.join('')}`);
          fc.pre(path !== undefined);
          expect(`${path}${query}`).not.toMatch(dots);
        }),
      );
    });
  });

  test('speaks HTTP/1 alone, 1.0 as well, compares normalised paths and refuses escaped slashes', () => {
    expect(manager).toMatchObject({
      codec_type: 'HTTP1',
      http_protocol_options: { accept_http_10: true },
      normalize_path: true,
      merge_slashes: true,
      path_with_escaped_slashes_action: 'REJECT_REQUEST',
    });
  });

  test('takes headers off that would steer Envoy, pass for ours or tell the server of the workload', () => {
    const removed = valuesOf(at(manager, 'early_header_mutation_extensions'), 'remove');
    expect(removed).toEqual(expect.arrayContaining(['proxy-authorization', 'proxy-connection', 'x-forwarded-for']));
    const prefixes = valuesOf(at(manager, 'early_header_mutation_extensions'), 'key_matcher');
    expect(prefixes).toEqual([
      { prefix: 'x-envoy-', ignore_case: true },
      { prefix: 'x-egress-', ignore_case: true },
    ]);
  });
});

test('IPv6 hosts stand in brackets', () => {
  expect(at(named(compiled(ALLOW).routes, 'web'), 'virtual_hosts', 1, 'domains')).toEqual(['10.0.0.7', '[fd12::7]']);
});

test('hosts of one rule share one virtual host', () => {
  const many = Array.from({ length: 500 }, (_, index) => `h${index}.example.com`);
  const hosts = named(compiled([{ hosts: many }]).routes, 'web').virtual_hosts as { domains: string[] }[];
  expect(hosts.map(({ domains }) => domains.length)).toEqual([500, 1]);
});
