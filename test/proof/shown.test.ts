import { PLANS } from './leaks/plans';
import { STATES } from './leaks/states';
import { SHOWN } from './safe/shown';
import { claimOf, failing, prove } from './support/sealed';
import { planOf, stateOf } from './support/shown';

describe('what terraform show prints', () => {
  it.each([...PLANS, ...STATES].map((each) => [each.name, each] as const))(
    '%s',
    (_, { make, breaks = [], unproven = [], names }) => {
      const proof = prove(make());
      const expected = [...breaks.map((each) => `${each} broken`), ...unproven.map((each) => `${each} unproven`)];
      expect(failing(proof)).toEqual(expected);
      const [main] = [...breaks, ...unproven];
      if (main === undefined) throw new Error('a leak names a claim');
      const said = claimOf(proof, main).findings.flatMap(({ what, path }) => [
        what,
        ...path.map(({ address }) => address),
      ]);
      expect(said.join('\n')).toContain(names);
    },
  );

  it.each(SHOWN.map(({ name, make }) => [name, make] as const))('%s is sealed', (_, make) => {
    const proof = prove(make());
    expect(proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what))).toEqual([]);
    expect(proof.verdict).toBe('sealed');
  });

  it('is trusted to have what a plan leaves out, which a state does not', () => {
    const [plan, state] = [planOf(), stateOf(() => undefined)].map((shown) => prove(shown).trusts.join('\n'));
    expect(plan).toContain('what a plan leaves out');
    expect(state).not.toContain('what a plan leaves out');
  });
});
