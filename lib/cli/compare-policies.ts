import { diffPolicies, type DiffOptions } from '../policy/diff/diff';
import type { EgressPolicy } from '../policy/policy';
import type { DiffReport } from './diff-report';

/** A policy, and how reports name where it came from. */
export interface NamedPolicy {
  readonly policy: EgressPolicy;
  readonly file: string;
}

/** What a policy changes against another one, with what a report says of both. */
export function comparePolicies(before: NamedPolicy, after: NamedPolicy, options?: DiffOptions): DiffReport {
  const side = ({ policy: { hash, mode }, file }: NamedPolicy) => ({ file, hash, mode });
  return { ...diffPolicies(before.policy, after.policy, options), before: side(before), after: side(after) };
}
