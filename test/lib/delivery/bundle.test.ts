import { bundle, bundleHash } from '../../../lib/delivery';
import { ChainTimes } from '../../../lib/delivery/chain-times';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig } from '../../../lib/envoy/resources';
import { complete, policyOf } from '../envoy/support/policies';

const seconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;
const HTTP = { host: 'union.example.com', protocol: 'http' };

const lines = (config: CompiledConfig): string[][] =>
  bundle(config)
    .split('\n')
    .map((line) => line.split('\t'));

describe('bundle', () => {
  it('begins with its format and the hash of the policy, and ends with the number of its lines', () => {
    const all = lines(compile(complete()));
    expect(all[0]).toEqual(['mcp-egress-config', '1', complete().hash]);
    expect(all.slice(-2)).toEqual([['end', String(all.length - 1)], ['']]);
  });

  it('is the same for the same policy, and another one for another', () => {
    const one = bundle(compile(complete()));
    expect(bundle(compile(complete()))).toBe(one);
    expect(bundleHash(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(bundleHash(bundle(compile(complete('observe'))))).not.toBe(bundleHash(one));
  });

  it('has names that are safe in paths, and every kind of line', () => {
    const all = lines(compile(complete())).slice(1, -2);
    expect(all.filter(([, name = '']) => !/^[A-Za-z0-9._+-]+$/.test(name) || name.includes('..'))).toEqual([]);
    expect([...new Set(all.map(([kind]) => kind))].sort()).toEqual(
      'bootstrap chain cluster entry fragment head internal leftover listener middle refusing route tail'.split(' '),
    );
  });

  it('grows by little with each rule, since what rules share stands in it once', () => {
    const size = (count: number): number =>
      bundle(compile(policyOf(Array.from({ length: count }, (_, index) => ({ host: `h${index}.example.com` })))))
        .length;
    expect((size(200) - size(100)) / 100).toBeLessThan(5000);
  });

  it('has until when a chain is there, where all of its rules have a last day', () => {
    const config = compile(policyOf([{ host: 'a.example.com', expires: '2026-01-31' }, { host: 'b.example.com' }]));
    const times = lines(config).filter(([kind]) => kind === 'entry' || kind === 'chain');
    const until = String(seconds('2026-02-01'));
    expect(times.filter(([, , , from, end]) => from === '-' && end === until)).toHaveLength(2);
    expect(times.filter(([, , , from, end]) => from !== '-' || (end !== '-' && end !== until))).toEqual([]);
  });

  it('has no times in mode observe', () => {
    const observed = policyOf([{ host: 'a.example.com', expires: '2026-01-31' }], { mode: 'observe' });
    expect(lines(compile(observed)).filter(([, , , from = '-', until = '-']) => `${from}${until}` !== '--')).toEqual(
      [],
    );
  });
});

describe('ChainTimes', () => {
  it('follows a chain of several rules from key to key', () => {
    const policy = policyOf([
      { ...HTTP, paths: ['/a/'], expires: '2026-01-31' },
      { ...HTTP, paths: ['/b/'], expires: '2026-03-31' },
    ]);
    const config = compile(policy);
    const times = new ChainTimes(config);
    expect(times.varying.size).toBe(2);
    const [february, april] = ['2026-02-01', '2026-04-01'].map(seconds);
    for (const all of times.varying.values()) {
      expect(all).toEqual([
        { key: expect.any(String), until: february },
        { key: expect.stringContaining('.over'), from: february, until: april },
        { key: expect.stringMatching(/\.over.*\.over/), from: april },
      ]);
    }
  });

  it('has no bound for what never changes', () => {
    expect(new ChainTimes(compile(complete())).of('guard', 'key')).toEqual([{ key: 'key' }]);
  });
});
