import { diffPolicies, type EgressPolicy } from '../../../../lib/policy';
import { allowing, between, HOST, HTTP, withWorkloads } from './support';

describe('diffPolicies', () => {
  it.each([
    [
      'the order of rules and hosts',
      [{ hosts: ['b.example.com', 'a.example.com'] }, { host: 'c.example.com' }],
      [{ host: 'c.example.com' }, { hosts: ['a.example.com', 'b.example.com'] }],
    ],
    [
      'one rule in two',
      [{ host: 'a.example.com', ports: [443, 8443] }],
      [HOST, { host: 'a.example.com', ports: [8443] }],
    ],
    ['owners and reasons', [HOST], [{ ...HOST, owner: 'me', reason: 'why' }]],
    ['a rule that a wider one covers', [{ host: '*.example.com' }, HOST], [{ host: '*.example.com' }]],
    [
      'a rule that a later one covers',
      [
        { ...HOST, expires: '2027-01-01' },
        { ...HOST, expires: '2028-01-01' },
      ],
      [{ ...HOST, expires: '2028-01-01' }],
    ],
    ['paths that others cover', [{ ...HTTP, paths: ['/a', '/a/b/'] }], [{ ...HTTP, paths: ['/a'] }]],
    [
      'all methods written out',
      [{ ...HTTP, methods: ['GET', 'HEAD'] }],
      [
        { ...HTTP, methods: ['GET'] },
        { ...HTTP, methods: ['HEAD', 'GET'], paths: ['/x'] },
        { ...HTTP, methods: ['HEAD'] },
      ],
    ],
    [
      'one network in two',
      [{ ...HOST, private: ['10.0.0.0/8'] }],
      [{ ...HOST, private: ['10.0.0.0/9', '10.128.0.0/9'] }],
    ],
  ])('takes %s for no change', (_, before, after) => {
    expect(between(allowing(...before), allowing(...after))).toEqual([]);
  });

  it('takes a group for the rules it holds', () => {
    const grouped = withWorkloads({ a: { port: 10000, allow: [{ group: 'g' }] } }, { groups: { g: [HOST] } });
    expect(between(allowing(HOST), grouped)).toEqual([]);
    expect(diffPolicies(allowing(HOST), grouped)).toEqual({ changes: [], widened: false });
  });

  it.each<[string, object[], object[], string[]]>([
    ['a new host', [], [HOST], ['widened + a.example.com:443 tls']],
    ['a host that is gone', [HOST], [], ['narrowed - a.example.com:443 tls']],
    [
      'several hosts and ports',
      [],
      [{ hosts: ['a.example.com', 'b.example.com'], ports: [443, 8443] }],
      ['widened + a.example.com,b.example.com:443,8443 tls'],
    ],
    [
      'another port',
      [HOST],
      [{ ...HOST, ports: [8443] }],
      ['widened + a.example.com:8443 tls', 'narrowed - a.example.com:443 tls'],
    ],
    [
      'a wildcard over a host',
      [HOST],
      [HOST, { host: '*.example.com' }],
      ['widened + *.example.com:443 tls except a.example.com'],
    ],
    [
      'a host in place of a wildcard',
      [{ host: '*.example.com' }],
      [HOST],
      ['narrowed - *.example.com:443 tls except a.example.com'],
    ],
    [
      'a wildcard over wildcards',
      [],
      [{ host: '*.example.com' }, { host: '*.a.example.com' }, HOST],
      ['widened + *.example.com:443 tls'],
    ],
    [
      'a rule of another kind below a wildcard',
      [{ host: '*.example.com' }],
      [{ host: '*.example.com' }, { ...HOST, private: ['10.0.0.0/8'] }],
      [
        'widened ~ a.example.com:443 now also tls, to 10.0.0.0/8',
        'narrowed ~ a.example.com:443 no longer tls, to public addresses',
      ],
    ],
    [
      'a private network',
      [{ ...HOST, private: ['10.0.0.0/16'] }],
      [{ ...HOST, private: ['10.0.0.0/15'] }],
      ['widened ~ a.example.com:443 now also tls, to 10.1.0.0/16'],
    ],
    [
      'part of the public addresses',
      [HOST],
      [{ ...HOST, private: ['93.184.0.0/16'] }],
      ['narrowed ~ a.example.com:443 no longer tls, to public addresses but not 93.184.0.0/16'],
    ],
    [
      'a new private host',
      [],
      [{ ...HOST, private: ['10.0.0.0/16'] }],
      ['widened + a.example.com:443 tls, to 10.0.0.0/16'],
    ],
    [
      'tls to http',
      [{ ...HOST, ports: [80] }],
      [HTTP],
      ['widened ~ a.example.com:80 now also http', 'narrowed ~ a.example.com:80 no longer tls'],
    ],
    [
      'tls to tcp',
      [HOST],
      [{ ...HOST, protocol: 'tcp', ports: [443], reason: 'x' }],
      ['widened ~ a.example.com:443 now also tcp other than tls'],
    ],
    [
      'a new tcp rule',
      [],
      [{ ...HOST, protocol: 'tcp', ports: [5432], reason: 'x' }],
      ['widened + a.example.com:5432 tcp'],
    ],
    [
      'http to tcp',
      [HTTP],
      [{ ...HOST, protocol: 'tcp', ports: [80], reason: 'x' }],
      [
        'widened ~ a.example.com:80 now also tcp other than http in a tunnel',
        'narrowed ~ a.example.com:80 no longer http in absolute form',
      ],
    ],
    [
      'a method',
      [{ ...HTTP, methods: ['GET'] }],
      [{ ...HTTP, methods: ['GET', 'POST'] }],
      ['widened ~ a.example.com:80 now also http, POST'],
    ],
    [
      'all methods',
      [{ ...HTTP, methods: ['GET'] }],
      [HTTP],
      ['widened ~ a.example.com:80 now also http, methods other than GET'],
    ],
    [
      'a method on one path',
      [{ ...HTTP, methods: ['GET'] }],
      [
        { ...HTTP, methods: ['GET'] },
        { ...HTTP, methods: ['POST'], paths: ['/in'] },
      ],
      ['widened ~ a.example.com:80 now also http, POST, on /in'],
    ],
    [
      'a path',
      [{ ...HTTP, paths: ['/a/'] }],
      [{ ...HTTP, paths: ['/a/b/', '/c'] }],
      [
        'widened ~ a.example.com:80 now also http, on /c',
        'narrowed ~ a.example.com:80 no longer http, on /a/ but not /a/b/',
      ],
    ],
    [
      'a later end',
      [{ ...HOST, expires: '2027-01-01' }],
      [{ ...HOST, expires: '2028-01-01' }],
      ['widened ~ a.example.com:443 now also tls, from 2027-01-02 through 2028-01-01'],
    ],
    [
      'an end',
      [HOST],
      [{ ...HOST, expires: '2028-01-01' }],
      ['narrowed ~ a.example.com:443 no longer tls, from 2028-01-02'],
    ],
    [
      'a new host with an end',
      [],
      [{ ...HOST, expires: '2028-01-01' }],
      ['widened + a.example.com:443 tls, through 2028-01-01'],
    ],
    [
      'a fixed address',
      [HOST],
      [{ ...HOST, address: '93.184.215.14:443' }],
      [
        'widened ~ a.example.com:443 now also tls, dialled at 93.184.215.14:443',
        'narrowed ~ a.example.com:443 no longer tls, to public addresses, dialled at what the name resolves to',
      ],
    ],
    [
      'another fixed address',
      [{ ...HOST, address: '93.184.215.14:443' }],
      [{ ...HOST, address: '93.184.215.15:443' }],
      [
        'widened ~ a.example.com:443 now also tls, dialled at 93.184.215.15:443',
        'narrowed ~ a.example.com:443 no longer tls, dialled at 93.184.215.14:443',
      ],
    ],
    [
      'an address in place of a name',
      [],
      [{ host: 'fd00::9', private: ['fd00::/64'] }],
      ['widened + fd00::9:443 tls, to fd00::/64'],
    ],
  ])('tells %s', (_, before, after, expected) => {
    expect(between(allowing(...before), allowing(...after))).toEqual(expected);
  });

  it('covers the requests whose answer changes, to the second', () => {
    const [before, after] = ['2026-01-01', '2026-01-03'].map((expires) => allowing({ ...HOST, expires }));
    const { changes } = diffPolicies(before as EgressPolicy, after as EgressPolicy);
    const covered = (now: string, authority = 'a.example.com:443') =>
      changes[0]?.covers({
        workload: 'a',
        form: 'connect',
        method: 'CONNECT',
        authority,
        sni: 'a.example.com',
        now: new Date(now),
      });
    expect(covered('2026-01-01T23:59:59.999Z')).toBe(false);
    expect(covered('2026-01-02T00:00:00Z')).toBe(true);
    expect(covered('2026-01-03T23:59:59.999Z')).toBe(true);
    expect(covered('2026-01-04T00:00:00Z')).toBe(false);
    expect(covered('2026-01-02T00:00:00Z', 'a.example.com:0443')).toBe(false);
    expect(covered('2026-01-02T00:00:00Z', 'b.example.com:443')).toBe(false);
  });

  it('leaves out what is over at a moment', () => {
    const [before, after] = [allowing({ ...HOST, expires: '2026-01-01' }), allowing()];
    expect(between(before, after)).toEqual(['narrowed - a.example.com:443 tls, through 2026-01-01']);
    expect(between(before, after, new Date('2026-01-01T23:59:59Z'))).toHaveLength(1);
    expect(between(before, after, new Date('2026-01-02T00:00:00Z'))).toEqual([]);
  });

  it('puts hosts that change in one way into one change, also many', () => {
    const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}.example.com`);
    const { changes } = diffPolicies(allowing(), allowing(...hosts.map((host) => ({ host }))));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ about: 'hosts', hosts: [...hosts].sort(), ports: [443], text: 'tls' });
  });
});
