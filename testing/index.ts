/** For tests of a policy: `assertAllowed` and `assertRefused`. Needs no test framework; both throw Node's AssertionError. */
export { assertAllowed, assertRefused, type PolicyQuestion } from './assert-policy';
