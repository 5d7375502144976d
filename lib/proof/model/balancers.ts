import type { Resource } from '../load/resource';
import { blocks } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import type { Inventory } from './inventory';

export const TARGET_GROUPS = ['aws_lb_target_group', 'aws_alb_target_group'] as const;
export const BALANCERS = ['aws_lb', 'aws_alb', 'aws_elb'] as const;
export const LISTENERS = ['aws_lb_listener', 'aws_alb_listener'] as const;
export const RULES = ['aws_lb_listener_rule', 'aws_alb_listener_rule'] as const;

/** The load balancer of a listener, or of a rule of one. */
export function balancerOf({ links }: Inventory, value: Value | undefined): Resource | Unknown | undefined {
  const found = links.target(value, ...LISTENERS, ...RULES);
  if (found === undefined || found instanceof Unknown) return found;
  const isRule = RULES.some((type) => type === found.type);
  const listener = isRule ? links.target(found.get('listener_arn'), ...LISTENERS) : found;
  if (listener === undefined || listener instanceof Unknown) return listener ?? missing('listener_arn');
  return links.target(listener.get('load_balancer_arn'), ...BALANCERS) ?? missing('load_balancer_arn');
}

/** What ECS itself leads to the new tasks of a service in turn (`load_balancer.advanced_configuration`). */
export function shiftedBy(inventory: Inventory, service: Resource): readonly (Resource | Unknown)[] {
  const configurations = blocks(service.get('load_balancer')).flatMap((block) =>
    block instanceof Unknown ? [] : blocks(block.advanced_configuration),
  );
  return configurations.flatMap((block) =>
    block instanceof Unknown
      ? [block]
      : [block.production_listener_rule, block.test_listener_rule].flatMap(
          (value) => balancerOf(inventory, value) ?? [],
        ),
  );
}

/** Resources of some types that a value names, by reference, by id, or by their attribute `name`. */
export function byName(
  { inventory, value }: { readonly inventory: Inventory; readonly value: Value },
  ...types: readonly string[]
): readonly (Resource | Unknown)[] {
  const found = inventory.links.target(value, ...types);
  if (!(found instanceof Unknown) || typeof value !== 'string') return found === undefined ? [] : [found];
  const same = inventory.of(...types).filter((each) => each.get('name') === value);
  return same.length > 0 ? same : [new Unknown(show(value), 'is not in the documents')];
}

/** An attribute that has to be written, and is not. */
export function missing(key: string): Unknown {
  return new Unknown(key, 'is not written');
}
