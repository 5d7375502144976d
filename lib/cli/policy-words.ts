import { type EgressPolicy } from '../policy/policy';

/** `1 rule`, `2 rules`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `enforce, 2 workloads, 5 rules`. */
export function policyWords({ mode, workloads }: EgressPolicy): string {
  const rules = workloads.reduce((sum, workload) => sum + workload.rules.length, 0);
  return `${mode}, ${counted(workloads.length, 'workload')}, ${counted(rules, 'rule')}`;
}
