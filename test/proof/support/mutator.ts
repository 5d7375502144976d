import type { ClaimId } from '../../../lib/proof';
import { all, follow, groupsOf, servicesOf, subnetsOf, type Found, type Stacks } from './apps';
import type { Block } from './sealed';

/** A mistake that can be made in any stack. */
export interface Mutator {
  readonly name: string;
  readonly breaks: ClaimId;
  /** `unproven`. @default `broken` */
  readonly status?: 'unproven';
  /** Makes it; false where the stacks have nothing to make it with. */
  readonly mutate: (stacks: Stacks) => boolean;
}

/** Changes the first of what is found, if there is one. */
export function first(found: readonly Found[], change: (found: Found) => void): boolean {
  const [one] = found;
  if (one) change(one);
  return one !== undefined;
}

/** Changes all of what is found. */
export function each(found: readonly Found[], change: (found: Found) => void): boolean {
  for (const one of found) change(one);
  return found.length > 0;
}

export const workloads = (stacks: Stacks): Found[] => groupsOf(stacks, 'workload');
export const services = (stacks: Stacks): Found[] => servicesOf(stacks, workloads(stacks));
export const subnets = (stacks: Stacks): Found[] => subnetsOf(stacks, services(stacks));
export const functions = (stacks: Stacks): Found[] =>
  all(stacks, 'aws_lambda_function').filter(({ block }) =>
    workloads(stacks).some(({ name }) => JSON.stringify(block).includes(`aws_security_group.${name}.id`)),
  );
export const tasks = (stacks: Stacks): Found[] =>
  services(stacks).flatMap(({ stack, block }) => follow(stacks, stack, block.task_definition) ?? []);

/** A rule of a group on every port. */
export const rule = (group: string, more: Block): Block => ({
  security_group_id: `\${aws_security_group.${group}.id}`,
  ip_protocol: '-1',
  ...more,
});
