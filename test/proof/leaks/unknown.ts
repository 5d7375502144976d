import type { Stack } from '../support/sealed';
import type { Leak } from './leak';

/** Something that could open a path, which the document does not show. */
export function unknown(name: string, claims: Leak['unproven'], names: string, change: (stack: Stack) => void): Leak {
  return { name, unproven: claims, names, change };
}
