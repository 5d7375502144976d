import type { ProblemCode } from '../errors';

/** What is wrong with a host, before it is put into a message. */
export interface HostFault {
  readonly code: ProblemCode;
  /** What is wrong, or what is allowed. */
  readonly what: string;
  /** What to write. */
  readonly remedy: string;
}

/** Makes a fault. */
export function fault(code: ProblemCode, what: string, remedy: string): HostFault {
  return { code, what, remedy };
}
