import type { ClaimId } from '../../../lib/proof';
import type { Stack } from '../support/sealed';

/** A change to the sealed stack that somebody could make by hand, and what the proof must say of it. */
export interface Leak {
  /** What somebody did. */
  readonly name: string;
  /** The claims that it breaks; all others hold, but for `unproven`. The first is the one that must name the resource. */
  readonly breaks?: readonly ClaimId[];
  /** The claims that it leaves unproven. */
  readonly unproven?: readonly ClaimId[];
  /** What a finding of the first claim names: the address of a resource, or what stands in it. */
  readonly names: string;
  readonly change: (stack: Stack) => void;
}
