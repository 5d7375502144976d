import { compile } from '../../../lib/envoy/compile';
import { socketAddress } from '../../../lib/envoy/dns-cache';
import type { CompiledConfig, CompileOptions, ConfigObject } from '../../../lib/envoy/resources';
import { contains, excludeRanges } from '../../../lib/policy/cidr';
import { METADATA_RANGES, PUBLIC_DENIED_RANGES } from '../../../lib/policy/ranges';
import { complete, TLS, WAYS } from './support/policies';
import { at, chainOf, compiled, everything, named, routeFor, valuesOf } from './support/reading';

interface AddressFilter {
  readonly ranges: readonly { readonly address_prefix: string; readonly prefix_len: number }[];
  readonly invert_match?: boolean;
}

/** The address filter of the cache that a rule's chain asks. */
function filterOf(config: CompiledConfig, host: string, kind: string): AddressFilter | undefined {
  const chain = chainOf(config, routeFor(config, host, kind));
  const [filter, ...others] = valuesOf(chain, 'resolved_address_filter') as unknown as AddressFilter[];
  for (const other of others) expect(other).toEqual(filter);
  return filter;
}

const cidrs = ({ ranges }: AddressFilter) => ranges.map((each) => `${each.address_prefix}/${each.prefix_len}`);

/** Whether the filter leaves an address, as Envoy reads it. */
function reaches(filter: AddressFilter, ip: string): boolean {
  return contains(cidrs(filter), ip) === (filter.invert_match ?? false);
}

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fd00:42::42',
  'fd00:100::100:200',
  'fd00:a9fe:a9fe::1',
  'fe80::1',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
];
const NOT_PUBLIC =
  `10.1.2.3 172.16.0.1 192.168.1.1 127.0.0.1 127.1.2.3 0.0.0.0 100.64.0.1 198.18.0.1 192.0.2.1 224.0.0.1 240.0.0.1
  255.255.255.255 ::1 :: fc00::1 fd12::1 ff02::1 fec0::1 ::ffff:10.0.0.1 ::ffff:1.1.1.1 ::10.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1
  ::ffff:0:a00:1 2002:a00:1:: 2001::1 2001:db8::1 3fff::1 5f00::1`.split(/\s+/);

describe.each(WAYS)('a rule without `private`: %s', (_way, kind, rule) => {
  const filter = filterOf(compiled([rule]), rule.host, kind) as AddressFilter;

  test('reaches everything but the ranges that are not public', () => {
    expect(cidrs(filter)).toEqual(PUBLIC_DENIED_RANGES);
    expect(filter.invert_match ?? false).toBe(false);
  });

  test.each([...NOT_PUBLIC, ...METADATA])('never reaches %s', (ip) => expect(reaches(filter, ip)).toBe(false));
  test.each(['1.1.1.1', '93.184.215.14', '2606:2800:220:1::1'])('reaches %s', (ip) => {
    expect(reaches(filter, ip)).toBe(true);
  });
});

describe.each(WAYS)('a rule with `private`: %s', (_way, kind, rule) => {
  const filterFor = (networks: readonly string[]) =>
    filterOf(compiled([{ ...rule, private: networks }]), rule.host, kind) as AddressFilter;

  test.each([
    [['10.0.0.0/8'], ['10.0.0.0/8']],
    [
      ['192.168.1.0/24', '10.0.0.0/8', 'fd12::/16'],
      ['10.0.0.0/8', '192.168.1.0/24', 'fd12::/16'],
    ],
    [
      ['127.0.0.1/32', '::1/128'],
      ['127.0.0.1/32', '::1/128'],
    ],
    [['169.254.0.0/15'], ['169.255.0.0/16']],
  ])('%j reaches exactly %j', (networks, expected) => {
    expect(filterFor(networks)).toEqual({
      ranges: expected.map((cidr) => ({ address_prefix: cidr.split('/')[0], prefix_len: Number(cidr.split('/')[1]) })),
      invert_match: true,
    });
  });

  test('never reaches metadata, however wide it is, and no public address', () => {
    const filter = filterFor(['100.64.0.0/10', '160.0.0.0/4', '192.0.0.0/8', 'fc00::/7', 'fe00::/7']);
    expect(cidrs(filter)).toEqual(excludeRanges(cidrs(filter), METADATA_RANGES));
    for (const ip of [...METADATA, '1.1.1.1', '2606:2800:220:1::1']) expect(reaches(filter, ip)).toBe(false);
    for (const ip of ['100.64.0.1', 'fd12::1', '192.0.0.193']) expect(reaches(filter, ip)).toBe(true);
  });
});

test.each(['enforce', 'observe'] as const)('no DNS cache of a policy is without a filter, mode %s', (mode) => {
  const caches = valuesOf(everything(compile(complete(mode))), 'dns_cache_config') as ConfigObject[];
  expect(caches.length).toBeGreaterThan(10);
  for (const cache of caches) {
    const filter = cache.resolved_address_filter as unknown as AddressFilter;
    for (const ip of METADATA) expect(reaches(filter, ip)).toBe(false);
  }
});

test('rules with the same networks share a cache, whatever their order; others have their own', () => {
  const config = compiled([
    { host: 'a.example.com', private: ['10.0.0.0/8', 'fd12::/16'] },
    { host: 'b.example.com', private: ['fd12::/16', '10.0.0.0/9', '10.128.0.0/9'] },
    { host: 'c.example.com', private: ['10.0.0.0/9'] },
    { host: 'd.example.com' },
  ]);
  const names = config.clusters.filter(({ name }) => name.startsWith('dynamic.')).map(({ name }) => name);
  expect(names.map((name) => name.split('.').slice(0, 3).join('.'))).toEqual([
    'dynamic.web.private',
    'dynamic.web.private',
    'dynamic.web.public',
  ]);
});

test('two workloads never share a cache', () => {
  const of = (name: string) => named(compiled([TLS], { name }).clusters, `dynamic.${name}.public.`);
  const names = ['web', 'other'].map((name) => valuesOf(of(name), 'dns_cache_config')[0] as ConfigObject);
  expect(names[0]?.name).not.toBe(names[1]?.name);
  expect({ ...names[0], name: '' }).toEqual({ ...names[1], name: '' });
});

describe.each(WAYS)('a rule with `address`: %s', (_way, kind, rule) => {
  test.each([
    ['93.184.215.14:8443', {}, { address: '93.184.215.14', port_value: 8443 }],
    ['[2606:2800:220:1::1]:443', {}, { address: '2606:2800:220:1::1', port_value: 443 }],
    ['10.0.3.7:8443', { private: ['10.0.0.0/8'] }, { address: '10.0.3.7', port_value: 8443 }],
  ])('dials %s and resolves nothing', (address, more, expected) => {
    const config = compiled([{ ...rule, address, ...more }]);
    const chain = chainOf(config, routeFor(config, rule.host, kind));
    expect(valuesOf(chain, 'dns_cache_config')).toEqual([]);
    const [name] = valuesOf(chain, 'cluster').filter((each) => typeof each === 'string');
    const cluster = named(config.clusters, name as string);
    expect(cluster.type).toBe('STATIC');
    expect(valuesOf(cluster, 'socket_address')).toEqual([expected]);
    expect(at(cluster, 'load_assignment', 'cluster_name')).toBe(name);
  });
});

test('one address of one workload is one cluster; two workloads share no connections', () => {
  const fixed = (name: string, ...addresses: string[]) => {
    const rules = addresses.map((address, index) => ({ host: `${index}.example.com`, address }));
    return compiled(rules, { name }).clusters.flatMap((each) => (each.name.startsWith('fixed.') ? [each.name] : []));
  };
  const [web] = fixed('web', '93.184.215.14:1');
  expect(web).toMatch(/^fixed\.web\.[0-9a-f]{12}$/);
  expect(fixed('web', '93.184.215.14:1', '93.184.215.14:1')).toEqual([web]);
  expect(fixed('web', '93.184.215.14:11', '93.184.215.14:1')).toHaveLength(2);
  const [other] = fixed('other', '93.184.215.14:1');
  expect(other).toMatch(/^fixed\.other\./);
  expect(other?.split('.').at(-1)).not.toBe(web?.split('.').at(-1));
});

describe.each(WAYS)("the gateway's own addresses: %s", (_way, kind, rule) => {
  const gatewayAddresses = ['93.184.215.20', '2606:2800:220:1::20'];
  const filterFor = (more: object, options: CompileOptions) =>
    filterOf(compiled([{ ...rule, ...more }], {}, options), rule.host, kind) as AddressFilter;

  test('are no answer to a public name; their neighbours are', () => {
    const filter = filterFor({}, { gatewayAddresses });
    expect(cidrs(filter)).toEqual([...PUBLIC_DENIED_RANGES, '93.184.215.20/32', '2606:2800:220:1::20/128']);
    expect(filter).not.toHaveProperty('invert_match');
    for (const ip of gatewayAddresses) expect([ip, reaches(filter, ip)]).toEqual([ip, false]);
    for (const ip of ['93.184.215.21', '2606:2800:220:1::21']) expect([ip, reaches(filter, ip)]).toEqual([ip, true]);
    for (const ip of gatewayAddresses) expect(reaches(filterFor({}, {}), ip)).toBe(true);
  });

  test('leave the networks of `private` alone: ports are checked there', () => {
    const more = { private: ['10.0.0.0/8'] };
    expect(filterFor(more, { gatewayAddresses: ['10.0.0.9'] })).toEqual(filterFor(more, {}));
  });
});

test('in mode observe hosts of no rule do not lead to the gateway either', () => {
  const config = compiled([], { mode: 'observe' }, { gatewayAddresses: ['93.184.215.20'] });
  const filters = valuesOf(everything(config), 'resolved_address_filter') as unknown as AddressFilter[];
  expect(filters.length).toBeGreaterThan(0);
  for (const filter of filters) expect(reaches(filter, '93.184.215.20')).toBe(false);
});

test('names are asked as they are: no search list, soon forgotten, and a bounded number of them', () => {
  const caches = valuesOf(everything(compile(complete())), 'dns_cache_config') as ConfigObject[];
  for (const cache of caches) {
    expect(cache).toMatchObject({ dns_min_refresh_rate: '3s', host_ttl: '60s', max_hosts: 4096 });
    expect(at(cache, 'typed_dns_resolver_config', 'typed_config', 'dns_resolver_options')).toEqual({
      no_default_search_domain: true,
    });
  }
});

describe('socketAddress', () => {
  test.each([
    ['127.0.0.1:53', '127.0.0.1', 53],
    ['[::1]:5353', '::1', 5353],
    ['[fd00:ec2::253]:53', 'fd00:ec2::253', 53],
  ])('%s', (text, address, port) => expect(socketAddress(text)).toEqual({ address, port_value: port }));
});
