import { AssertionError } from 'node:assert';
import { decide, type Decision, type EgressRequest } from '../lib/policy/decide';
import type { EgressPolicy } from '../lib/policy/policy';
import type { Reason } from '../lib/policy/reasons';

/** A request, and the moment at which it is made. */
export type PolicyQuestion = Omit<EgressRequest, 'now'> & {
  /** Decides on `expires`. @default the present moment */
  readonly now?: Date;
};

/**
 * Asserts that the policy lets a request pass; in mode `observe` a request that is only logged as `would_deny` does not count.
 *
 * ```ts
 * assertAllowed(policy, { workload: 'web-search', form: 'connect', method: 'CONNECT', authority: 'api.example.com:443', sni: 'api.example.com' });
 * ```
 * @throws {AssertionError} with the reason, the rule in question and what to write
 */
export function assertAllowed(policy: EgressPolicy, question: PolicyQuestion): void {
  const answer = ask(policy, question);
  if (answer.decision !== 'allowed') fail(question, answer, 'allowed', assertAllowed);
}

/**
 * Asserts that the policy refuses a request (or, in mode `observe`, would).
 * @param reason the one word why that is expected. @default any
 * @throws {AssertionError} with what was decided instead
 */
export function assertRefused(policy: EgressPolicy, question: PolicyQuestion, reason?: Reason): void {
  const answer = ask(policy, question);
  const refused = answer.decision !== 'allowed';
  if (!refused || (reason !== undefined && answer.reason !== reason)) {
    fail(question, answer, reason === undefined ? 'refused' : `refused (${reason})`, assertRefused);
  }
}

function ask(policy: EgressPolicy, question: PolicyQuestion): Decision {
  return decide(policy, { ...question, now: question.now ?? new Date() });
}

function fail(
  question: PolicyQuestion,
  answer: Decision,
  expected: string,
  stackStartFn: typeof fail | typeof assertAllowed,
): never {
  const { workload, method, authority, path = '' } = question;
  const actual = `${answer.decision} (${answer.reason})`;
  const lines = [`${workload}: ${method} ${authority}${path} is ${actual}, not ${expected}.`];
  if (answer.rule) {
    const { id, source } = answer.rule;
    lines.push(`rule ${id}, ${source.file}:${source.line}:${source.column}`);
  }
  if (answer.hint !== undefined) lines.push(answer.hint);
  throw new AssertionError({ message: lines.join('\n'), actual, expected, operator: stackStartFn.name, stackStartFn });
}
