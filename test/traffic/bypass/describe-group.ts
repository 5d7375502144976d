import { describeInNamespace } from '../support/namespace';
import type { Case } from './case';
import { loadCorpus } from './corpus';
import { Arena, type Outcome } from './run-corpus';

/** Room for the slowest group on a busy machine. */
const GROUP_MS = 180_000;

/** A test for each case of a group, and one more for each that must escape from the open Envoy. */
export function describeGroup(name: string): void {
  const group = loadCorpus([name])[0];
  if (group === undefined) throw new Error(`no group ${name}`);
  const { cases } = group;
  const sure = cases.filter(({ openEscapes }) => openEscapes === true);

  describeInNamespace(`${name}, against the gateway`, () => {
    const outcomes = outcomesOf((arena) => arena.run('gateway', group));

    it.each(titled(cases))('%s', (title) => {
      const { escapes, mismatch } = outcomes.get(title) as Outcome;
      expect({ escapes, mismatch }).toEqual({ escapes: [], mismatch: undefined });
    });
  });

  describeInNamespace(`${name}, against an Envoy that is open on purpose`, () => {
    const outcomes = outcomesOf((arena) => arena.run('open', { ...group, cases: sure }));

    it.each(titled(sure))('%s: escapes, so the test can fail', (title) => {
      expect(outcomes.get(title)?.escapes).not.toEqual([]);
    });
  });
}

/** What became of the cases, by their names; it is there when the tests begin. */
function outcomesOf(run: (arena: Arena) => Promise<Outcome[]>): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const arena = new Arena();
  beforeAll(async () => {
    await arena.open();
    for (const outcome of await run(arena)) outcomes.set(outcome.name, outcome);
  }, GROUP_MS);
  afterAll(() => arena.close(), 15_000);
  return outcomes;
}

function titled(cases: readonly Case[]): [string][] {
  return cases.map(({ name }) => [name]);
}
