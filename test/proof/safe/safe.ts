import type { Stack } from '../support/sealed';

/** A stack that is written in another way, or does more, and is as sealed as before. */
export interface Safe {
  readonly name: string;
  readonly change: (stack: Stack) => void;
}
