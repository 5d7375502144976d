/** What the process says to a script; the same numbers in every command. */
export const EXIT = {
  /** Yes: valid, written, allowed, ended as asked. */
  yes: 0,
  /** The answer is no: invalid, denied, or the gateway did not stay up. */
  no: 1,
  /** Wrong usage, or something that cannot be read, found or bound. */
  usage: 2,
  /** Neither yes nor no could be shown. */
  unproven: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
