import type { EgressPolicy } from '../../../lib/policy/policy';
import type { Pair } from './compare';
import { DIMENSIONS, dimensionsOf, floorOf } from './dimensions';

/** Counts what a run has reached. */
export class Tally {
  pairs = 0;
  policies = 0;
  private readonly decisions = new Map<string, number>();
  private readonly reached = new Map<string, number>();

  add(policy: EgressPolicy, pairs: readonly Pair[]): void {
    this.policies += 1;
    this.pairs += pairs.length;
    for (const { request, expected } of pairs) {
      count(this.decisions, `${expected.decision} ${expected.reason}`);
      for (const name of dimensionsOf(policy, request, expected)) count(this.reached, name);
    }
  }

  /** The dimensions that too few pairs have reached. */
  get missed(): string[] {
    return Object.keys(DIMENSIONS).filter((name) => (this.reached.get(name) ?? 0) < floorOf(this.pairs));
  }

  /** How many pairs got each decision, and reached each dimension. */
  get summary(): string {
    const decisions = [...this.decisions].sort(([, a], [, b]) => b - a);
    const reached = Object.keys(DIMENSIONS).map((name): [string, number] => [name, this.reached.get(name) ?? 0]);
    const lines = (rows: readonly [string, number][]): string[] =>
      rows.map(
        ([name, pairs]) =>
          `${String(pairs).padStart(9)}  ${((100 * pairs) / this.pairs).toFixed(2).padStart(5)} %  ${name}`,
      );
    return [
      `${this.pairs} pairs of ${this.policies} policies`,
      'decisions:',
      ...lines(decisions),
      `dimensions (at least ${floorOf(this.pairs)} pairs each):`,
      ...lines(reached),
    ].join('\n');
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
