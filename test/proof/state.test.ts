import { LEAKS } from './leaks';
import { SAFE } from './safe';
import { base } from './support/base';
import { failing, prove, type Stack } from './support/sealed';
import { asState, hasState } from './support/state';

const changes = (lists: Readonly<Record<string, readonly { name: string; change: (stack: Stack) => void }[]>>) =>
  Object.values(lists)
    .flat()
    .map(({ name, change }) => {
      const stack = base();
      change(stack);
      return [name, stack] as const;
    })
    .filter(([, stack]) => hasState(stack));

describe('a state that terraform show prints', () => {
  it('is sealed as its configuration is', () => {
    expect(failing(prove(asState(base())))).toEqual([]);
  });

  it.each([
    ['failed', { errored: true }],
    ['is of some resources alone', { complete: false }],
    ['puts something off', { deferred_changes: [{ reason: 'provider_config_unknown' }] }],
  ])('is unproven where the plan %s', (_, more) => {
    const proof = prove({ ...asState(base()), ...more });
    expect([proof.verdict, failing(proof)]).toEqual(['unproven', ['C8 unproven']]);
  });

  describe('has the leaks of its configuration', () => {
    it.each(changes(LEAKS))('%s', (_, stack) => {
      const [state, configuration] = [prove(asState(stack)), prove(stack)];
      expect([state.verdict, failing(state)]).toEqual([configuration.verdict, failing(configuration)]);
    });
  });

  describe('is as safe as its configuration', () => {
    it.each(changes(SAFE))('%s', (_, stack) => {
      expect(failing(prove(asState(stack)))).toEqual([]);
    });
  });
});
