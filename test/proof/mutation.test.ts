import { proveSealed } from '../../lib/proof';
import { APPS, documentsOf, synthesizeApps, type Stacks } from './support/apps';
import { MUTATORS } from './support/mutators';
import { claimOf } from './support/sealed';

describe('a mistake in the stacks of the repository', () => {
  let stacksOf: (app: string) => Stacks;
  /** Apps in which a mistake could be made, by its name. */
  const made = new Map<string, string[]>(MUTATORS.map(({ name }) => [name, []]));

  beforeAll(async () => {
    stacksOf = await synthesizeApps();
  }, 120_000);

  describe.each(APPS)('%s', (app) => {
    it.each(MUTATORS.map((mutator) => [mutator.name, mutator] as const))('%s', (name, { breaks, status, mutate }) => {
      const stacks = stacksOf(app);
      if (!mutate(stacks)) return;
      made.get(name)?.push(app);
      const proof = proveSealed(documentsOf(stacks));
      expect(claimOf(proof, breaks).status).toBe(status ?? 'broken');
      expect(proof.verdict).toBe(status ? 'unproven' : 'leak');
    });
  });

  it('can be made somewhere, and most of them in main.ts', () => {
    const nowhere = [...made].filter(([, apps]) => apps.length === 0).map(([name]) => name);
    expect(nowhere).toEqual([]);
    expect([...made].filter(([, apps]) => apps.includes('main')).length).toBeGreaterThan(MUTATORS.length - 5);
  });
});
