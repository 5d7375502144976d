import { contains, PUBLIC_DENIED_RANGES } from '../../../lib/policy/cidr';
import type { Rule } from '../../../lib/policy/types';

/** Of the answers for a name, those that a guard may dial under a rule; without a rule: the public ones. */
export function dialable(rule: Rule | undefined, answers: readonly string[]): string[] {
  if (rule?.address) return [rule.address.ip];
  const networks = rule?.private;
  return answers.filter((ip) => (networks ? contains(networks, ip) : !contains(PUBLIC_DENIED_RANGES, ip)));
}
