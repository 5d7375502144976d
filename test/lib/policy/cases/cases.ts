import type { ProblemCode } from '../../../../lib/policy';

/** A policy with mistakes, and every line that the error has to say. */
export type ProblemCase = (
  | { /** One entry of `allow`, at line 6, column 9. */ readonly rule: string }
  | { /** A whole file. */ readonly text: string }
  | { /** Two files, a.yaml and b.yaml. */ readonly files: readonly string[] }
) & { /** `line:column: message`, with the file in front where there are two. */ readonly says: readonly string[] };

/** Cases by the code that all their problems have. */
export type ProblemCases = Partial<Record<ProblemCode, readonly ProblemCase[]>>;
