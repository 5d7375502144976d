import type { NamedResource } from '../../../lib/envoy/resources';
import { isGuard, isInternal, mergeGuards, refusingOnly } from '../../../lib/gateway/merge-guards';
import { action, edge, guard } from './support/configs';

function chainNames(listener: NamedResource): string[] {
  return (listener.filter_chains as { name: string }[]).map(({ name }) => name);
}

function mapKeys(listener: NamedResource): string[] {
  const matcher = listener.filter_chain_matcher as { matcher_tree: { exact_match_map: { map: object } } };
  return Object.keys(matcher.matcher_tree.exact_match_map.map);
}

describe('isInternal and isGuard', () => {
  const gate: NamedResource = { '@type': 'l', name: 'gate', internal_listener: {}, filter_chains: [{}] };
  it.each([
    ['a guard', guard('g', ['a']), true, true],
    ['an internal listener that only passes on', gate, true, false],
    ["a workload's listener", edge('w', 10000), false, false],
  ])('%s', (_, listener, internal, judges) => {
    expect(isInternal(listener)).toBe(internal);
    expect(isGuard(listener)).toBe(judges);
  });
});

describe('mergeGuards', () => {
  it('has the chains and the entries of both', () => {
    const merged = mergeGuards(guard('g', ['a', 'b']), guard('g', ['b', 'c']));
    expect(chainNames(merged).sort()).toEqual(['a', 'b', 'c', 'refuse.no_rule']);
    expect(mapKeys(merged).sort()).toEqual(['a', 'b', 'c']);
    expect(merged.filter_chain_matcher).toMatchObject({
      matcher_tree: { input: { name: 'input' } },
      on_no_match: action('refuse.no_rule'),
    });
  });

  it('keeps the old entries where the new guard has none, and refuses as the new one does', () => {
    const next = { ...guard('g', []), filter_chain_matcher: { on_no_match: action('refuse.other') } };
    const merged = mergeGuards(guard('g', ['a']), next);
    expect(mapKeys(merged)).toEqual(['a']);
    expect(merged.filter_chain_matcher).toMatchObject({ on_no_match: action('refuse.other') });
  });

  it('changes neither of the two', () => {
    const [old, next] = [guard('g', ['a']), guard('g', ['b'])];
    mergeGuards(old, next);
    expect(old).toEqual(guard('g', ['a']));
    expect(next).toEqual(guard('g', ['b']));
  });

  it('refuses two chains of one name and different content', () => {
    const next = { ...guard('g', ['a']), filter_chains: [{ name: 'a', filters: [] }] };
    expect(() => mergeGuards(guard('g', ['a']), next)).toThrow(
      'internal listener "g": filter chain "a" has two contents under one name; this is a bug in the compiler, nothing was published',
    );
  });

  it('refuses two entries of one key that lead to different chains', () => {
    const map = { a: action('b') };
    const next = { ...guard('g', ['a']), filter_chain_matcher: { matcher_tree: { exact_match_map: { map } } } };
    expect(() => mergeGuards(guard('g', ['a']), next)).toThrow(
      'internal listener "g": entry "a" has two contents under one name',
    );
  });
});

describe('refusingOnly', () => {
  it('leaves the chains that refuse and the way to them', () => {
    const rest = refusingOnly(guard('g', ['a', 'b']));
    expect(rest).toMatchObject({ name: 'g', internal_listener: {} });
    expect(rest && chainNames(rest)).toEqual(['refuse.no_rule']);
    expect(rest?.filter_chain_matcher).toEqual({ on_no_match: action('refuse.no_rule') });
  });

  it('leaves nothing where no chain refuses', () => {
    expect(refusingOnly({ ...guard('g', ['a']), filter_chains: [{ name: 'a' }] })).toBeUndefined();
  });
});
