import { parse } from 'tldts';
import { diffPolicies, EgressPolicy, isIpHost, normaliseHost, PRESETS, review, toObject } from '../../../../lib/policy';
import { findPreset } from '../../../../lib/policy/presets/presets';

jest.mock('../../../../lib/policy/presets/presets', () => {
  const actual = jest.requireActual<{ findPreset: typeof findPreset }>('../../../../lib/policy/presets/presets');
  return { ...actual, findPreset: jest.fn(actual.findPreset) };
});

/** A policy whose only workload has these entries of `allow`. */
function allowing(...allow: object[]): EgressPolicy {
  const workloads = { a: { port: 10000, allow, limits: { connections: 5 } } };
  return EgressPolicy.fromObject({ version: 1, workloads });
}

const hosts = PRESETS.flatMap((preset) => preset.hosts.map((each) => ({ preset: preset.name, ...each })));

describe('the presets', () => {
  it('are at most 15, with names in their order', () => {
    const names = PRESETS.map(({ name }) => name);
    expect(names.length).toBeLessThanOrEqual(15);
    expect(names).toEqual([...new Set(names)].sort());
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
  });

  it('have no host twice', () => {
    expect(new Set(hosts.map(({ host }) => host)).size).toBe(hosts.length);
  });

  it.each(hosts)('$preset: $host is an exact host with a source and a day', ({ host, source, date }) => {
    expect(normaliseHost(host)).toEqual({ host, kind: 'name' });
    expect(isIpHost(host)).toBe(false);
    expect(parse(host).isIcann).toBe(true);
    expect(new URL(source).protocol).toBe('https:');
    expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
  });

  it.each(PRESETS.map(({ name }) => name))('%s passes check without a warning, and none is accepted', (name) => {
    const policy = allowing({ preset: name, owner: 'me', reason: 'why' });
    expect(review(policy, { at: new Date('2026-01-01') })).toEqual({ warnings: [], accepted: [] });
  });

  it('are in force only where a policy names them', () => {
    expect(allowing({ host: 'a.example.com' }).workloads[0]?.rules).toHaveLength(1);
    expect(allowing({ host: 'a.example.com' }).workloads[0]?.rules[0]?.hosts).toEqual(['a.example.com']);
  });
});

describe('preset: NAME', () => {
  it('stands for one rule of its hosts, with the notes beside it', () => {
    const policy = allowing({ preset: 'pypi', owner: 'me', reason: 'why', expires: '2030-01-01' });
    expect(policy.workloads[0]?.rules).toEqual([
      {
        id: 'files.pythonhosted.org+1:443',
        revision: expect.stringMatching(/^[0-9a-f]{16}$/),
        workload: 'a',
        hosts: ['files.pythonhosted.org', 'pypi.org'],
        ports: [443],
        protocol: 'tls',
        owner: 'me',
        reason: 'why',
        expires: '2030-01-01',
        preset: 'pypi',
        source: { file: 'policy.workloads.a.allow[0]', line: 0, column: 0 },
      },
    ]);
  });

  it('means what its hosts mean, not its name', () => {
    const [named, written] = [
      allowing({ preset: 'pypi' }),
      allowing({ hosts: ['pypi.org', 'files.pythonhosted.org'] }),
    ];
    expect(named.hash).toBe(written.hash);
    expect(EgressPolicy.fromObject(toObject(named)).hash).toBe(named.hash);
    expect(diffPolicies(named, written).changes).toEqual([]);
    expect(EgressPolicy.merge(named, written).workloads[0]?.rules).toHaveLength(1);
    expect(() => allowing({ preset: 'pypi' }, { preset: 'pypi' })).toThrow('remove one of them');
  });

  it('does not clash with a group of the same name', () => {
    const workloads = { a: { port: 10000, allow: [{ preset: 'npm' }, { group: 'npm' }] } };
    const policy = EgressPolicy.fromObject({ version: 1, groups: { npm: [{ host: 'npm.example.com' }] }, workloads });
    expect(policy.workloads[0]?.rules.map(({ hosts, group, preset }) => ({ hosts, group, preset }))).toEqual([
      { hosts: ['registry.npmjs.org'], preset: 'npm' },
      { hosts: ['npm.example.com'], group: 'npm' },
    ]);
  });

  it('has no place in a group', () => {
    expect(() => EgressPolicy.fromObject({ version: 1, groups: { g: [{ preset: 'npm' }] } })).toThrow(
      'the key "preset" is not known in an entry of a group',
    );
  });

  it('means something else where the preset has changed', () => {
    const before = allowing({ preset: 'npm' });
    const source = { source: 'https://docs.example.com', date: '2027-01-01' };
    const changed = { name: 'npm', kind: 'chat' as const, what: '', hosts: [{ host: 'new.npmjs.example', ...source }] };
    jest.mocked(findPreset).mockReturnValueOnce(changed);
    const after = allowing({ preset: 'npm' });
    expect(after.hash).not.toBe(before.hash);
    expect(diffPolicies(before, after).changes.map(({ effect, text }) => `${effect} ${text}`)).toEqual([
      'widened tls',
      'narrowed tls',
    ]);
  });
});
