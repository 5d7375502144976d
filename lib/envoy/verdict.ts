import type { Reason } from '../policy/reasons';

/** One way in which a request or connection can have ended. */
export interface Outcome {
  /** CEL over the finished stream; absent: whatever is left. */
  readonly when?: string;
  readonly decision: 'allowed' | 'denied' | 'would_deny' | 'pending';
  readonly reason: Reason;
}

/** The decision and the reason of a log line, as format strings that go by what happened: the first outcome that fits. */
export function verdict(outcomes: readonly Outcome[]): { decision: string; reason: string } {
  return { decision: chain(outcomes, 'decision'), reason: chain(outcomes, 'reason') };
}

function chain(outcomes: readonly Outcome[], field: 'decision' | 'reason'): string {
  const expression = outcomes
    .map((outcome) => (outcome.when ? `(${outcome.when}) ? '${outcome[field]}' : ` : `'${outcome[field]}'`))
    .join('');
  return format(expression);
}

/** A CEL expression as a format string. */
export function format(expression: string): string {
  return `%CEL(${expression})%`;
}

/** CEL: an RBAC filter closed the connection. */
export const CLOSED_BY_RBAC =
  "has(connection.termination_details) && connection.termination_details.startsWith('rbac_access_denied')";

/** CEL: there was nothing to dial (response flag UH, bit 1): the name has no address, or none that the filter leaves. */
export const NO_ADDRESS = 'response.flags == 2';

/** CEL: an address was chosen, and it did not take the connection. */
export const UNREACHABLE = "has(upstream.address) && upstream.transport_failure_reason != ''";

/** CEL: an address was dialled. */
export const DIALLED = 'has(upstream.address)';

/** CEL: what an RBAC filter in shadow left behind says that it would have refused. */
export function shadowDenied(namespace: string, prefix: string): string {
  const results = `metadata.filter_metadata['${namespace}']`;
  return `'${namespace}' in metadata.filter_metadata && '${prefix}shadow_engine_result' in ${results} && ${results}['${prefix}shadow_engine_result'] == 'denied'`;
}

/** The name has no address that the guard may dial. */
export const UNRESOLVED: Outcome = { when: NO_ADDRESS, decision: 'denied', reason: 'no_address' };

/** The server did not take the connection. */
export const UNANSWERED: Outcome = { when: UNREACHABLE, decision: 'allowed', reason: 'unreachable' };

/** Ends a list of outcomes: dialled, or left before. */
export function otherwise(decision: Outcome['decision'], reason: Reason): Outcome[] {
  return [
    { when: DIALLED, decision, reason },
    { decision: 'pending', reason },
  ];
}
