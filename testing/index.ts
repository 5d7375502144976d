/** For tests: `assertAllowed` and `assertRefused` for a policy, which need no test framework, and `toBeSealed` for stacks, a matcher. */
export { assertAllowed, assertRefused, type PolicyQuestion } from './assert-policy';
export { toBeSealed, type MatcherResult, type SealedSubject } from './to-be-sealed';
