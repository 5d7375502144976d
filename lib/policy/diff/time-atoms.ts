import { expiryOf } from '../expiry';
import type { Rule } from '../types';
import type { Region } from './change';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The days that rules tell apart: from each last day to the next. */
export class TimeAtoms {
  /** A moment of each atom. */
  readonly samples: readonly Date[];
  /** The last days, in their order. */
  private readonly lastDays: readonly string[];

  /** @param from What is over before this moment is left out. @default nothing is */
  constructor(rules: readonly Rule[], from: Date = new Date(-8.64e15)) {
    const days = new Set(rules.flatMap(({ expires }) => (expires === undefined ? [] : [expires])));
    this.lastDays = [...days].sort().filter((day) => expiryOf(day) > from);
    const last = this.lastDays.at(-1);
    const ends = this.lastDays.map((day) => new Date(expiryOf(day).getTime() - DAY_MS));
    this.samples = [...ends, last === undefined ? new Date(8.64e15) : expiryOf(last)];
  }

  /** The atom of a moment. */
  indexOf(now: Date): number {
    const index = this.lastDays.findIndex((day) => now < expiryOf(day));
    return index === -1 ? this.lastDays.length : index;
  }

  /** Some of the atoms, neighbours together; undefined for all. */
  days(some: ReadonlySet<number>): Region['days'] {
    if (some.size === this.samples.length) return undefined;
    const runs: { first: number; last: number }[] = [];
    for (const index of [...some].sort((a, b) => a - b)) {
      const run = runs.at(-1);
      if (run?.last === index - 1) run.last = index;
      else runs.push({ first: index, last: index });
    }
    return runs.map(({ first, last }) => {
      const [from, through] = [this.dayAfter(first - 1), this.lastDays[last]];
      return { ...(from !== undefined && { from }), ...(through !== undefined && { through }) };
    });
  }

  private dayAfter(index: number): string | undefined {
    const day = this.lastDays[index];
    return day === undefined ? undefined : expiryOf(day).toISOString().slice(0, 10);
  }
}
