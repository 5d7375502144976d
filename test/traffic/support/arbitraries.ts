/** Random policies, and requests that most of their rules have something to say about. */
import type fc from 'fast-check';
import type { EgressRequest } from '../../../lib/policy/decide';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { plainPolicy, policyDraft, type PlainPolicy } from '../agree/policy-draft';
import { requestOf } from '../agree/request-draft';
import { FittingRequest } from '../agree/scenario';

export type { PlainPolicy };
export { answersOf, PORTS } from '../agree/world';

/** Policies of three workloads, as they stand in a file. */
export const policyArbitrary: fc.Arbitrary<PlainPolicy> = policyDraft.map(plainPolicy);

/** Requests to the gateway under a policy. */
export const requestArbitrary = (policy: EgressPolicy, now = new Date()): fc.Arbitrary<EgressRequest> =>
  new FittingRequest(policy).map((draft) => requestOf(draft, now));
