import { decide, type EgressPolicy } from '../policy';
import type { Case } from './read-cases';

/** What became of a case. */
export interface CaseResult {
  readonly case: Case;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was decided; absent where it was not asked. */
  readonly decision?: string;
  readonly reason?: string;
  /** Why it failed, or was skipped; and what to do. */
  readonly note?: string;
}

/**
 * Asks the policy.
 * @param now the moment as of which expiry counts, where the case does not say
 */
export function runCase(policy: EgressPolicy, each: Case, now: Date): CaseResult {
  const { workload, request, answers, at } = each;
  if (!policy.workloads.some(({ name }) => name === workload)) {
    const known = policy.workloads.map(({ name }) => name).join(', ') || 'none';
    return {
      case: each,
      outcome: 'failed',
      note: `the policy has no workload ${JSON.stringify(workload)} (it has: ${known})`,
    };
  }
  const { decision, reason, hint } = decide(policy, { ...request, workload, answers, now: at ?? now });
  return judge(each, decision, reason, hint);
}

/** Compares what was decided with what was expected. */
export function judge(each: Case, decision: string, reason: string | undefined, hint?: string): CaseResult {
  const fits =
    decision === each.expect && (each.reason === undefined || reason === undefined || reason === each.reason);
  const result = { case: each, decision, ...(reason !== undefined && { reason }) };
  if (fits) return { ...result, outcome: 'passed' };
  const wanted = `${each.expect}${each.reason === undefined ? '' : ` (${each.reason})`}`;
  const said = `${decision}${reason === undefined ? '' : ` (${reason})`}`;
  const remedy = hint !== undefined && each.expect === 'allowed' ? `; ${hint}` : '';
  return { ...result, outcome: 'failed', note: `expected ${wanted}, got ${said}${remedy}` };
}
