import type { Proof } from '../../lib/proof';
import { LEAKS } from './leaks';
import type { Leak } from './leaks/leak';
import { SAFE } from './safe';
import { base } from './support/base';
import { claimOf, failing, prove } from './support/sealed';

/** The claims that must fail, as `failing` says them. */
function expected({ breaks = [], unproven = [] }: Leak): string[] {
  const open = unproven.filter((claim) => !breaks.includes(claim));
  return [...breaks.map((claim) => `${claim} broken`), ...open.map((claim) => `${claim} unproven`)].sort();
}

/** What the findings of a claim say and name, in one text. */
function text(proof: Proof, claim: Parameters<typeof claimOf>[1]): string {
  return claimOf(proof, claim)
    .findings.flatMap(({ what, path }) => [what, ...path.map(({ address, words }) => `${address} ${words}`)])
    .join('\n');
}

describe('leaks', () => {
  it('come from a stack that is sealed', () => {
    const proof = prove(base());
    expect(failing(proof)).toEqual([]);
    expect(proof.verdict).toBe('sealed');
  });

  it('have names of their own', () => {
    const names = Object.values(LEAKS).flatMap((leaks) => leaks.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
  });

  for (const [claim, leaks] of Object.entries(LEAKS))
    describe(claim, () => {
      it.each(leaks.map((leak) => [leak.name, leak] as const))('%s', (_, leak) => {
        const stack = base();
        leak.change(stack);
        const proof = prove(stack);
        expect(failing(proof)).toEqual(expected(leak));
        expect(proof.verdict).toBe(leak.breaks ? 'leak' : 'unproven');
        const [main] = [...(leak.breaks ?? []), ...(leak.unproven ?? [])];
        if (main === undefined) throw new Error('a leak names a claim');
        expect(text(proof, main)).toContain(leak.names);
      });
    });
});

describe('stacks that are written in another way', () => {
  it('have names of their own', () => {
    const names = Object.values(SAFE).flatMap((stacks) => stacks.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(50);
  });

  for (const [subject, stacks] of Object.entries(SAFE))
    describe(subject, () => {
      it.each(stacks.map((safe) => [safe.name, safe] as const))('%s', (_, safe) => {
        const stack = base();
        safe.change(stack);
        const proof = prove(stack);
        expect(proof.claims.flatMap(({ findings }) => findings.map(({ what }) => what))).toEqual([]);
        expect(proof.verdict).toBe('sealed');
      });
    });
});
