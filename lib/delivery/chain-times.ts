import type { CompiledConfig } from '../envoy/resources';

/** A time in which a chain has a key: from `from` until just before `until`, in seconds since 1970; absent where there is no bound. */
export interface KeyTime {
  readonly key: string;
  readonly from?: number;
  readonly until?: number;
}

/** Answers when which guard chain has which key. */
export class ChainTimes {
  /** Keys that change, each with all it is called over time: routes name it so, also when the chain is gone. */
  readonly varying: ReadonlyMap<string, readonly KeyTime[]>;
  private readonly times = new Map<string, readonly KeyTime[]>();

  constructor({ expiries = [] }: CompiledConfig) {
    const varying = new Map<string, readonly KeyTime[]>();
    for (const { guard, chain, changes } of expiries) {
      const states = [{ chain, open: true, at: undefined }, ...changes].map(
        ({ chain: key, open, at: from }, index) => ({
          open,
          time: { key, from, until: changes[index]?.at },
        }),
      );
      this.times.set(
        `${guard} ${chain}`,
        states.filter(({ open }) => open).map(({ time }) => time),
      );
      if (changes.some((change) => change.chain !== chain)) {
        varying.set(
          chain,
          states.map(({ time }) => time),
        );
      }
    }
    this.varying = varying;
  }

  /** The times in which a chain is there, by its key at the beginning; of one that never changes, all of time. */
  of(guard: string, key: string): readonly KeyTime[] {
    return this.times.get(`${guard} ${key}`) ?? [{ key }];
  }
}
