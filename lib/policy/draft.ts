import type { RuleBody } from './rule';
import type { Mode, Source, Workload } from './types';

/** A named list of rule bodies. */
export interface Group {
  readonly name: string;
  /** In the order of the policy. */
  readonly entries: readonly RuleBody[];
  readonly source: Source;
}

/** What one policy says, before it is checked as a whole. */
export interface Draft {
  readonly mode: Mode;
  readonly groups: readonly Group[];
  readonly workloads: readonly Workload[];
  readonly files: readonly string[];
}
