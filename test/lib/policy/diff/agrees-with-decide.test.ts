import fc from 'fast-check';
import { decide, EgressPolicy, toObject, type EgressRequest } from '../../../../lib/policy';
import { diffPolicies, type Change } from '../../../../lib/policy/diff/diff';
import { policyArbitrary, requestArbitrary } from '../../../traffic/support/arbitraries';

const RANKS = { denied: 0, would_deny: 1, allowed: 2 } as const;
const MOMENTS = [
  '2019-12-31T23:59:59Z',
  '2020-01-01T23:59:59Z',
  '2020-01-02T00:00:00Z',
  '2026-06-15T12:00:00Z',
  '3000-01-01T00:00:00Z',
];

/** How a policy answers: a workload that it lacks reaches nothing. */
function rankOf(policy: EgressPolicy, request: EgressRequest): number {
  if (!policy.workloads.some(({ name }) => name === request.workload)) return 0;
  return RANKS[decide(policy, request).decision];
}

function read(value: unknown): EgressPolicy | undefined {
  try {
    return EgressPolicy.fromObject(value);
  } catch {
    return undefined;
  }
}

/** Two policies that share some of their rules, and perhaps not all of their workloads. */
const pairArbitrary = fc
  .tuple(
    policyArbitrary,
    policyArbitrary,
    fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([one, other, dice, gone]) => {
    const next = () => Number(dice.next().value);
    const mixed: Record<string, { port: number; allow: object[] }> = {};
    for (const name of ['web', 'other'] as const) {
      if (gone === (name === 'web' ? 0 : 1)) continue;
      mixed[name] = { port: one.workloads[name].port, allow: [] };
      for (const rule of [...one.workloads[name].allow, ...other.workloads[name].allow]) {
        const fromOne = one.workloads[name].allow.includes(rule);
        if (next() > (fromOne ? 4 : 2)) continue;
        const allow = [...mixed[name].allow, rule];
        if (read({ version: 1, workloads: { ...mixed, [name]: { ...mixed[name], allow } } })) mixed[name].allow = allow;
      }
    }
    const mode = next() === 0 ? other.mode : one.mode;
    const pair = [EgressPolicy.fromObject(one), EgressPolicy.fromObject({ version: 1, mode, workloads: mixed })];
    return next() < 3 ? pair : pair.reverse();
  });

/** The same meaning in other words: each rule split by hosts and by ports, methods written out, in the other order. */
function rewritten(policy: EgressPolicy): EgressPolicy | undefined {
  const plain = toObject(policy);
  const workloads = Object.fromEntries(
    Object.entries(plain.workloads ?? {}).map(([name, workload]) => {
      const allow = (workload.allow ?? []).flatMap((rule) => {
        const { hosts = [], ports = [], ...rest } = rule as { hosts?: string[]; ports?: number[] };
        return hosts.flatMap((host) => ports.map((port) => ({ ...rest, hosts: [host], ports: [port] })));
      });
      const unique = new Map(allow.map((rule) => [JSON.stringify(rule), rule]));
      return [name, { ...workload, allow: [...unique.values()].reverse() }];
    }),
  );
  return read({ ...plain, workloads });
}

const words = (changes: readonly Change[]) => changes.map(({ effect, about, text }) => `${effect} ${about} ${text}`);

describe('diffPolicies', () => {
  it('names a change of the right direction for every request that is answered otherwise', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        pairArbitrary.chain((pair) => {
          const [before, after] = pair as [EgressPolicy, EgressPolicy];
          const requests = fc.array(fc.oneof(requestArbitrary(before), requestArbitrary(after)), {
            minLength: 30,
            maxLength: 30,
          });
          return fc.tuple(fc.constant({ before, after }), requests, fc.constantFrom(...MOMENTS), fc.boolean());
        }),
        ([{ before, after }, requests, moment, known]) => {
          const { changes } = diffPolicies(before, after);
          for (const each of requests) {
            const { answers, ...rest } = each;
            const request = { ...rest, now: new Date(moment), ...(known && answers && { answers }) };
            const [old, now] = [rankOf(before, request), rankOf(after, request)];
            if (old === now) continue;
            changed += 1;
            const effect = now > old ? 'widened' : 'narrowed';
            const covering = changes.filter((change) => change.covers(request));
            expect(covering.map((change) => change.effect)).toContain(effect);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(150);
  });

  it('finds nothing between a policy and the same meaning in other words', () => {
    let rewrites = 0;
    fc.assert(
      fc.property(policyArbitrary, (plain) => {
        const policy = EgressPolicy.fromObject(plain);
        const other = rewritten(policy);
        if (!other) return;
        rewrites += 1;
        expect(words(diffPolicies(policy, other).changes)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(rewrites).toBeGreaterThan(50);
  });

  it('finds the reverse of what it finds the other way round', () => {
    const turned = { widened: 'narrowed', narrowed: 'widened', moved: 'moved' } as const;
    const facts = (changes: readonly Change[], turn: boolean) =>
      changes
        .flatMap((change) => (change.about === 'hosts' ? [change] : []))
        .map(({ effect, hosts, ports, regions }) =>
          JSON.stringify([turn ? turned[effect] : effect, hosts, ports, regions]),
        )
        .sort();
    fc.assert(
      fc.property(pairArbitrary, ([before, after]) => {
        const [one, other] = [before as EgressPolicy, after as EgressPolicy];
        expect(facts(diffPolicies(one, other).changes, false)).toEqual(facts(diffPolicies(other, one).changes, true));
      }),
      { numRuns: 50 },
    );
  });
});
