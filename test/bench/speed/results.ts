import type { Operation } from './operations';
import { median, spread, type Spread } from './statistics';

/** One round of one cell. */
export interface Sample {
  readonly peer: string;
  readonly operation: Operation;
  readonly clients: number;
  readonly hosts: number;
  readonly round: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly error?: string;
}

/** What is measured of a proxy at one size, beside the load. */
export interface Footprint {
  readonly peer: string;
  readonly hosts: number;
  /** Milliseconds. */
  readonly start: readonly number[];
  /** Mebibytes, PSS. */
  readonly memory: readonly number[];
  readonly reload: readonly number[];
}

/** Everything that one run found out. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly measureMs: number;
  readonly peers: readonly { readonly name: string; readonly version: string; readonly how: string }[];
  /** Peers and cells that were not measured, and why. */
  readonly leftOut: readonly string[];
  readonly samples: readonly Sample[];
  readonly footprints: readonly Footprint[];
  /** Milliseconds of this gateway's compiler, from the file's text to the files of Envoy, by number of hosts. */
  readonly compile: readonly { readonly hosts: number; readonly ms: readonly number[] }[];
}

/** Which cell is meant. */
export type CellKey = Pick<Sample, 'operation' | 'clients' | 'hosts'>;

export function samplesOf({ samples }: Results, peer: string, { operation, clients, hosts }: CellKey): Sample[] {
  return samples.filter(
    (each) =>
      each.peer === peer &&
      each.operation === operation &&
      each.clients === clients &&
      each.hosts === hosts &&
      each.count > 0,
  );
}

/** Median over the rounds of a figure; NaN where there is none. */
export function figure(results: Results, peer: string, key: CellKey, of: (sample: Sample) => number): number {
  return median(samplesOf(results, peer, key).map(of));
}

/** Ratio of a figure to that of another proxy, round by round. */
export function ratio(
  results: Results,
  peer: string,
  other: string,
  key: CellKey,
  of: (sample: Sample) => number = ({ p50 }) => p50,
): Spread | undefined {
  const base = new Map(samplesOf(results, other, key).map((sample) => [sample.round, of(sample)]));
  const ratios = samplesOf(results, peer, key).flatMap((sample) => {
    const below = base.get(sample.round);
    return below === undefined ? [] : [of(sample) / below];
  });
  return ratios.length === 0 ? undefined : spread(ratios);
}
