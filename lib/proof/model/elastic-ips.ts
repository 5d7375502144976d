import type { Resource } from '../load/resource';
import type { Value } from '../value/value';
import { walk } from '../value/walk';
import type { Inventory } from './inventory';

/** Types whose own interfaces may have an elastic IP. */
const HOLDERS = ['aws_nat_gateway', 'aws_lb', 'aws_alb', 'aws_vpc_endpoint'] as const;

/**
 * Whether the interface of an elastic IP, which is no resource, is that of a NAT gateway, say: a state shows it at the address, and the
 * allocation or the interface at the gateway.
 */
export function isHeldElsewhere(inventory: Inventory, eip: Resource, networkInterface: Value | undefined): boolean {
  const own = eip.type === 'aws_eip' ? [eip.get('id'), eip.get('allocation_id')] : [];
  const names = new Set([...own, networkInterface].filter((each) => typeof each === 'string' && each !== ''));
  return inventory
    .of(...HOLDERS)
    .some((holder) =>
      holder.keys.some((key) => [...walk(holder.get(key) ?? null)].some(({ value }) => names.has(value))),
    );
}
