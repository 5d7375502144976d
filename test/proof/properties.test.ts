import fc from 'fast-check';
import { proveSealed, type Proof } from '../../lib/proof';
import { LEAKS } from './leaks';
import { SAFE } from './safe';
import { addAll, renamed, restriction, route, rule, shuffled } from './support/additions';
import { base } from './support/base';
import { claimOf, failing, prove, type Stack } from './support/sealed';

const OPEN = Object.values(LEAKS).flatMap((leaks) => leaks.filter(({ breaks }) => breaks));
const leak = fc.constantFrom(...OPEN);
const any = fc.constantFrom(...Object.values(LEAKS).flat(), ...Object.values(SAFE).flat(), {
  name: 'nothing',
  change: () => undefined,
});

function made(...changes: readonly { change: (stack: Stack) => void }[]): Stack {
  const stack = base();
  for (const { change } of changes) change(stack);
  return stack;
}

/** What a proof says, without the order in which it says it. */
function said(proof: Proof): unknown {
  return {
    verdict: proof.verdict,
    failing: failing(proof),
    complete: proof.completePath !== undefined,
    reach: proof.reach.map(({ workload, own, viaCalls }) => ({ workload, own: [...own], viaCalls: [...viaCalls] })),
    findings: proof.claims.map(({ findings }) => findings.map(({ what }) => what).sort()),
  };
}

describe('a proof', () => {
  it('stays sealed when what only restricts is added', () => {
    const safe = fc.constantFrom(...Object.values(SAFE).flat());
    fc.assert(
      fc.property(safe, fc.array(restriction, { minLength: 1, maxLength: 5 }), (variant, additions) => {
        const defaults = additions.filter(({ type }) => type === 'aws_default_security_group');
        fc.pre(defaults.length === 0 || !JSON.stringify(made(variant)).includes('aws_default_security_group'));
        const stack = made(variant);
        addAll(stack, additions.filter((each) => each !== defaults[1]).slice(0, 5));
        expect(prove(stack).verdict).toBe('sealed');
      }),
      { numRuns: 100 },
    );
  });

  it('stays a leak when a route or a rule is added', () => {
    fc.assert(
      fc.property(leak, fc.array(fc.oneof(route, rule), { minLength: 1, maxLength: 6 }), (start, additions) => {
        const stack = made(start);
        addAll(stack, additions);
        const proof = prove(stack);
        expect(proof.verdict).toBe('leak');
        for (const claim of start.breaks ?? [])
          expect([claim, claimOf(proof, claim).status]).toEqual([claim, 'broken']);
      }),
      { numRuns: 150 },
    );
  });

  it('does not forget findings when a route or a rule is added', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(route, rule), { maxLength: 4 }), fc.oneof(route, rule), (some, one) => {
        const stack = base();
        addAll(stack, some);
        const before = prove(stack).claims.flatMap(({ findings }) => findings);
        addAll(stack, [...some, one]);
        const after = prove(stack).claims.flatMap(({ findings }) => findings);
        // A pair of workloads on one port is told of the second that is met, so that what broke may move, but not go.
        const broken = (findings: typeof before) => findings.filter(({ status }) => status === 'broken').length;
        expect(broken(after)).toBeGreaterThanOrEqual(broken(before));
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on the order of resources and attributes', () => {
    fc.assert(
      fc.property(any, fc.array(fc.nat(), { minLength: 1, maxLength: 50 }), (change, order) => {
        const stack = made(change);
        fc.pre(!Array.isArray(stack.resource));
        expect(said(prove(shuffled(stack, order)))).toEqual(said(prove(stack)));
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of files', () => {
    fc.assert(
      fc.property(any, any, (one, other) => {
        const documents = [one, other].map((change, index) => ({ name: `${index}`, json: made(change) }));
        expect(said(proveSealed([...documents].reverse()))).toEqual(said(proveSealed(documents)));
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on the names of resources', () => {
    fc.assert(
      fc.property(
        any,
        fc.array(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/), { minLength: 1 }),
        (change, names) => {
          const stack = made(change);
          fc.pre(!Array.isArray(stack.resource));
          const other = renamed(stack, (_, index) => `${names[index % names.length] ?? ''}_${index}`);
          const [before, after] = [prove(stack), prove(other)];
          expect([after.verdict, failing(after)]).toEqual([before.verdict, failing(before)]);
          expect(after.completePath === undefined).toBe(before.completePath === undefined);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('names a complete path wherever routes and rules are open together', () => {
    const isPublic = (cidr: unknown): boolean => cidr === '0.0.0.0/0' || cidr === '203.0.113.7/32';
    const overlap = (a: unknown, b: unknown): boolean => isPublic(a) && isPublic(b);
    fc.assert(
      fc.property(fc.array(fc.oneof(route, rule), { minLength: 2, maxLength: 12 }), (additions) => {
        const stack = base();
        addAll(stack, additions);
        const blocks = additions.map(({ type, block }) => ({ type, ...block }) as Record<string, unknown>);
        const out = blocks.filter(
          ({ type, security_group_id }) =>
            type === 'aws_vpc_security_group_egress_rule' &&
            /search|notes|mailer|crawler/.test(String(security_group_id)),
        );
        const routes = blocks.filter(({ route_table_id }) => String(route_table_id).includes('.isolated.'));
        const isOpen = out.some(({ cidr_ipv4 }) =>
          routes.some(({ destination_cidr_block }) => overlap(cidr_ipv4, destination_cidr_block)),
        );
        const proof = prove(stack);
        if (isOpen) expect(proof.completePath).toBeDefined();
        if (out.length === 0 && routes.length === 0) expect(proof.completePath).toBeUndefined();
        expect(claimOf(proof, 'C1').status).toBe(routes.length > 0 ? 'broken' : 'holds');
      }),
      { numRuns: 150 },
    );
  });

  it('accepts what somebody answers for only while no complete path is open', () => {
    fc.assert(
      fc.property(leak, fc.array(fc.oneof(route, rule), { maxLength: 4 }), (start, additions) => {
        const stack = made(start);
        fc.pre(!Array.isArray(stack.resource));
        addAll(stack, additions);
        const accept = prove(stack)
          .claims.filter(({ status }) => status === 'broken')
          .map(({ claim }) => ({ claim, reason: 'SEC-1' }));
        const { verdict, completePath, claims, accepted } = prove(stack, { accept });
        if (completePath) expect([verdict, accepted]).toEqual(['leak', []]);
        else {
          const isKnown = claims.every(({ findings }) => findings.every(({ status }) => status === 'broken'));
          expect([verdict, accepted]).toEqual([isKnown ? 'sealed' : 'unproven', accept]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
