import type { Resource } from '../load/resource';
import { isObject, Ref, show, Template, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import type { Inventory } from './inventory';

/** Services of Cloud Map, also ones that are looked up. */
export const REGISTRIES = ['aws_service_discovery_service', 'data.aws_service_discovery_service'] as const;

/** An address that stands in a registry of Cloud Map, by hand. */
export interface Registered {
  readonly entry: Resource;
  /** The service of Cloud Map, as it is written. */
  readonly registry: Value;
  /** Whose address it is. */
  readonly target: Resource | Unknown;
}

/** All that is written into registries, but for what ECS writes itself. */
export function findRegistered(inventory: Inventory): readonly Registered[] {
  return inventory.of('aws_service_discovery_instance').flatMap((entry) => {
    const registry = entry.get('service_id') ?? null;
    return targetsOf(inventory, entry).map((target) => ({ entry, registry, target }));
  });
}

/** The id of a registry in its ARN, or in itself. */
export function registryId(text: string): string {
  return text.split('/').at(-1) ?? text;
}

/** The ids of registries whose ARNs stand in a resource. */
export function registryIds(resource: Resource): readonly string[] {
  const values = resource.keys.flatMap((key) => [...walk(resource.get(key) ?? null)]);
  return values.flatMap(({ value }) =>
    typeof value === 'string' && /^arn:[^:]*:servicediscovery:.*:service\//.test(value) ? [registryId(value)] : [],
  );
}

function targetsOf(inventory: Inventory, entry: Resource): readonly (Resource | Unknown)[] {
  const attributes = entry.get('attributes') ?? null;
  return [...walk(attributes)].flatMap(({ path, value }): readonly (Resource | Unknown)[] => {
    if (isObject(value)) return [];
    const parts = value instanceof Template ? value.parts : [value];
    const known = parts.flatMap((part) => (part instanceof Ref ? [part.resource] : addressed(inventory, part)));
    const isAddress = /^AWS_(INSTANCE_(IPV[46]|CNAME)|EC2_INSTANCE_ID|ALIAS_DNS_NAME)$/.test(path.at(-1) ?? '');
    if (known.length > 0 || !(isAddress || value instanceof Unknown)) return known;
    return value === null ? [] : [new Unknown(show(value), 'may be the address of a workload')];
  });
}

/** Who has an address, an id or a name, as a plan or a state holds it. */
function addressed(inventory: Inventory, value: Value): readonly Resource[] {
  if (typeof value !== 'string') return [];
  return inventory
    .of('aws_instance', 'aws_network_interface', 'aws_lb', 'aws_alb', 'aws_elb')
    .filter((each) =>
      ['id', 'private_ip', 'private_ips', 'ipv6_addresses', 'private_dns', 'private_dns_name', 'dns_name'].some(
        (key) =>
          each.keys.includes(key) ? [...walk(each.get(key) ?? null)].some((visited) => visited.value === value) : false,
      ),
    );
}
