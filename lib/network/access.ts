import type { PolicyCondition } from './policy-document';

/**
 * Actions on resources: what a statement allows, before it is said to whom. Endpoint policies and the policies of task
 * roles are made from the same ones ({@link endpointStatements}, {@link identityStatements}), so that the two never
 * differ.
 */
export interface Access {
  /** The statement's `Sid`: letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  /** Full ARNs; `*` alone where the action has no resource (Service Authorization Reference). */
  readonly resources: readonly string[];
  /** What the resource must be beside its ARN. */
  readonly condition?: PolicyCondition;
}
