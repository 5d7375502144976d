import { proveSealed } from '../../lib/proof';
import { APPS, documentsOf, synthesizeApps, type Stacks } from './support/apps';
import { failing } from './support/sealed';

describe('the stacks of the repository', () => {
  let stacksOf: (app: string) => Stacks;

  beforeAll(async () => {
    stacksOf = await synthesizeApps();
  }, 120_000);

  it.each(APPS)('%s is sealed', (app) => {
    const proof = proveSealed(documentsOf(stacksOf(app)));
    expect(proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what))).toEqual([]);
    expect(proof.verdict).toBe('sealed');
    expect(proof.completePath).toBeUndefined();
    expect(proof.reach.length).toBeGreaterThan(0);
    for (const { own } of proof.reach) expect(own.filter((each) => each.startsWith('gateway:'))).toHaveLength(1);
  });

  it('gives the same proof twice', () => {
    for (const app of APPS)
      expect(JSON.stringify(proveSealed(documentsOf(stacksOf(app))))).toBe(
        JSON.stringify(proveSealed(documentsOf(stacksOf(app)))),
      );
  });

  describe('in an existing VPC', () => {
    const [vpc, tenant] = ['platform-vpc', 'reports'] as const;

    it('is proven with the stack of the VPC, in either order', () => {
      const documents = documentsOf(stacksOf('existing-vpc'));
      expect(documents.map(({ name }) => name).sort()).toEqual([vpc, tenant]);
      for (const order of [documents, [...documents].reverse()]) expect(proveSealed(order).verdict).toBe('sealed');
    });

    it('is unproven without it, and says what comes from elsewhere', () => {
      const { [tenant]: alone } = stacksOf('existing-vpc');
      const proof = proveSealed([{ name: tenant, json: alone }]);
      expect(proof.verdict).toBe('unproven');
      expect(failing(proof)).toContain('C1 unproven');
      const said = proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what)).join('\n');
      expect(said).toContain('comes from a stack that is not among the documents');
    });

    it('is unproven where the VPC stands alone: nothing in it is a workload', () => {
      const { [vpc]: alone } = stacksOf('existing-vpc');
      const proof = proveSealed([{ name: vpc, json: alone }]);
      expect(proof.verdict).toBe('unproven');
      expect(failing(proof)).toContain('C8 unproven');
    });
  });
});
