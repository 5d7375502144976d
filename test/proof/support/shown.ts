import { asPlan } from './as-shown';
import { base } from './base';
import type { Block, Stack } from './sealed';
import { asState } from './state';

/** A resource of `terraform show -json`, open to changes. */
export interface Shown {
  readonly address: string;
  readonly values: Block;
}

/** One entry of `resource_changes`. */
export interface Change {
  readonly address: string;
  readonly deposed?: string;
  readonly change: { actions: string[]; after_unknown: Block; importing?: Block };
}

/** What `terraform show -json` prints of a plan, open to changes. */
export interface Plan {
  readonly planned_values: { readonly root_module: { readonly resources: Shown[] } };
  readonly resource_changes: Change[];
  readonly configuration: { readonly root_module: { readonly resources: { address: string; expressions: Block }[] } };
}

/** The plan that makes a changed stack. */
export function planOf(change: (stack: Stack) => void = () => undefined): Plan {
  const stack = base();
  change(stack);
  return asPlan(stack) as Plan;
}

/** The state of a changed stack. */
export function stateOf(change: (stack: Stack) => void): object {
  const stack = base();
  change(stack);
  return asState(stack);
}

/** Entry of a list, by its address. */
export function at<T extends { readonly address: string }>(list: readonly T[], address: string): T {
  const found = list.find((each) => each.address === address);
  if (!found) throw new Error(`nothing has the address ${address}`);
  return found;
}

/** Shows an attribute as a plan does that does not know it yet, and of which the configuration shows nothing. */
export function leaveOut(plan: Plan, address: string, key: string): void {
  delete at(plan.planned_values.root_module.resources, address).values[key];
  at(plan.resource_changes, address).change.after_unknown[key] = true;
  delete at(plan.configuration.root_module.resources, address).expressions[key];
}
