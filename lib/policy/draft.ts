import type { RuleBody } from './rule';
import type { Mode, Source, Workload } from './types';

/** A named list of rule bodies. */
export interface Group {
  readonly name: string;
  /** In the order of the policy. */
  readonly entries: readonly RuleBody[];
  readonly source: Source;
}

/** A comment that accepts warnings: `# egress-ignore: CODE, CODE reason`. It changes nothing of what the policy means. */
export interface Ignore extends Source {
  /** As written; some may be no codes. */
  readonly codes: readonly string[];
  /** Empty where none is given. */
  readonly reason: string;
  /** The places of the rules, workloads and groups that it is about, in its own file. */
  readonly accepts: readonly Pick<Source, 'line' | 'column'>[];
  /** Whether it is about the file as a whole: above its first line, or at `mode`. */
  readonly forFile: boolean;
}

/** What one policy says, before it is checked as a whole. */
export interface Draft {
  readonly mode: Mode;
  readonly groups: readonly Group[];
  readonly workloads: readonly Workload[];
  readonly files: readonly string[];
  readonly ignores: readonly Ignore[];
}
