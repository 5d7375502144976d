import { expiryOf } from '../policy/expiry';
import type { EgressPolicy } from '../policy/policy';

/** The first moment after `after` at which a rule of the policy expires (00:00 UTC of the day after `expires`). */
export function nextExpiry(policy: EgressPolicy, after: Date): Date | undefined {
  const moments = policy.workloads
    .flatMap(({ rules }) => rules)
    .flatMap(({ expires }) => (expires === undefined ? [] : expiryOf(expires).getTime()))
    .filter((moment) => moment > after.getTime());
  return moments.length > 0 ? new Date(Math.min(...moments)) : undefined;
}
