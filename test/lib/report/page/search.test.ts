import type { RuleRow } from '../../../../lib/report/model';
import { find, hostsFor, searchable } from '../../../../lib/report/page/search';

const rule = (id: string, hosts: readonly string[], more: Partial<RuleRow> = {}): RuleRow => ({
  id,
  workload: 'web-search',
  hosts,
  ports: [443],
  protocol: 'tls',
  narrowed: [],
  place: 'egress.yaml:1',
  ...more,
});

const RULES = searchable([
  rule('exact', ['api.example.com'], { owner: 'Search-Team', reason: 'The index' }),
  rule('wild', ['*.example.org', 'example.org']),
  rule('notes', ['notes.example.net'], { workload: 'notes', ports: [8443], expires: '2030-06-30' }),
]);
const ids = (query: string, workload = ''): string[] => find(RULES, query, workload).map(({ id }) => id);

describe('find', () => {
  it.each([
    ['', ['exact', 'wild', 'notes']],
    ['api.example', ['exact']],
    ['API.EXAMPLE.COM', ['exact']],
    ['search-team index', ['exact']],
    ['search-team notes', []],
    ['de.example.org', ['wild']],
    ['a.b.example.org', ['wild']],
    ['example.org', ['wild']],
    ['evilexample.org', []],
    ['.example.org', ['wild']],
    ['https://api.example.com/v1?x=1', ['exact']],
    ['https://de.example.org:443/wiki', ['wild']],
    ['notes.example.net:8443', ['notes']],
    ['notes.example.net:443', []],
    ['2030-06', ['notes']],
    ['(', []],
    ['.*', []],
  ])('%j', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('takes the rules of one workload alone', () => {
    expect(ids('', 'notes')).toEqual(['notes']);
    expect(ids('api', 'notes')).toEqual([]);
  });
});

describe('hostsFor', () => {
  it('puts those first that the query means', () => {
    const many = rule('many', ['a.test', '*.example.org', 'b.test']);
    expect(hostsFor(many, 'x.example.org')).toEqual(['*.example.org', 'a.test', 'b.test']);
    expect(hostsFor(many, 'b.te')).toEqual(['b.test', 'a.test', '*.example.org']);
    expect(hostsFor(many, '')).toEqual(many.hosts);
  });
});
