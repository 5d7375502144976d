import type { Model } from '../model/model';
import { hop, type Findings } from './claim';

/**
 * A plan of a new group shows the same where no rules are written in it as where they are dynamic blocks whose number is not known yet. Beside rules
 * that are resources of their own nobody writes such blocks, but a group without any rule would be of no use.
 */
export function checkLeftOut(model: Model, findings: Findings): void {
  for (const { resource, role, egress, ingress } of model.groups.all) {
    const key = role === 'gateway' ? 'ingress' : 'egress';
    const rules = role === 'gateway' ? ingress : egress;
    if (role !== 'workload' && role !== 'host' && role !== 'gateway') continue;
    const isOpen = resource.keys.includes(key) && resource.get(key) === undefined;
    if (!isOpen || rules.length > 0) continue;
    findings.unproven(
      resource,
      `${resource.address} has no rule in the plan, which leaves out dynamic blocks of ${key} that are known only after apply`,
      [hop(resource, 'has rules that are not known')],
      'write its rules as resources of their own, or prove the state after apply',
    );
  }
}
