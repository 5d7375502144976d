import type { Resource } from '../load/resource';
import { Unknown, type Value } from '../value/value';
import { isKnown } from '../value/links';
import { blocks } from '../value/read';
import { attachmentOf, type Attachment } from './attachments';
import type { Inventory } from './inventory';
import { vpcOf, type SecurityGroup, type SecurityGroups } from './security-groups';

export const SUBNET_TYPES = ['aws_subnet', 'aws_default_subnet'] as const;
const INTERFACE_TYPES = ['aws_network_interface', 'aws_instance'] as const;
const TEMPLATE_TYPES = ['aws_launch_template', 'aws_launch_configuration'] as const;

/** Types that put a group on something: the attribute that names it, and what it can be. */
export const GROUP_ATTACHMENTS = [
  ['aws_network_interface_sg_attachment', 'network_interface_id', INTERFACE_TYPES],
  ['aws_vpc_endpoint_security_group_association', 'vpc_endpoint_id', ['aws_vpc_endpoint']],
] as const;

/** Types whose interface gets the VPC's default group where no group is named. */
const DEFAULTS =
  /^aws_(instance|network_interface|ecs_service|ecs_task_set|lambda_function|vpc_endpoint|launch_template)$/;

/**
 * What stands in the network as one: a service, a function, an instance with all of its interfaces, an auto-scaling group with its launch
 * template. Who holds one of its interfaces holds them all.
 */
export interface Device {
  /** The first is the one that messages name. */
  readonly parts: readonly Resource[];
  readonly groups: readonly SecurityGroup[];
  readonly subnets: readonly Resource[];
  readonly unknownGroups: readonly Unknown[];
  readonly unknownSubnets: readonly Unknown[];
  /** Interfaces and launch templates that are not known, and so their groups and subnets. */
  readonly unknownParts: readonly Unknown[];
}

/** Whether a device carries a group with one of these roles. */
export function hasRole(device: Device, ...roles: readonly string[]): boolean {
  return device.groups.some(({ role }) => typeof role === 'string' && roles.includes(role));
}

/** Finds the devices of the documents, in their order. */
export function findDevices(inventory: Inventory, groups: SecurityGroups): readonly Device[] {
  const attachments = inventory.resources.flatMap((resource) => attachmentOf(resource) ?? []);
  const sets = new DisjointSets(attachments.map(({ resource }) => resource));
  const unknown = joinParts(inventory, attachments, sets);
  const extra = extraGroups(inventory);
  const members = new Map<Resource, Attachment[]>();
  for (const attachment of attachments) {
    const root = sets.find(attachment.resource);
    const same = members.get(root);
    if (same) same.push(attachment);
    else members.set(root, [attachment]);
  }
  return [...members.values()].map((parts) => makeDevice(parts, { inventory, groups, unknown, extra }));
}

interface Context {
  readonly inventory: Inventory;
  readonly groups: SecurityGroups;
  readonly unknown: ReadonlyMap<Resource, readonly Unknown[]>;
  readonly extra: ReadonlyMap<Resource, readonly Value[]>;
}

function makeDevice(parts: readonly Attachment[], context: Context): Device {
  const { inventory, groups, unknown, extra } = context;
  // The same one is named in whatever order the documents have them.
  const resources = parts.map(({ resource }) => resource).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const named = parts.flatMap((part) => [...part.groups, ...(extra.get(part.resource) ?? [])]);
  const found = named.map((value) => groups.find(value));
  const subnets = inventory.links.targets(
    parts.flatMap((part) => [...part.subnets]),
    ...SUBNET_TYPES,
  );
  const known = subnets.filter(isKnown);
  const written = found.filter((each): each is SecurityGroup => each !== undefined && !(each instanceof Unknown));
  const defaults = parts.flatMap((part) => defaultGroups(part, { parts, known, context }));
  // Nobody writes rules or roles of a default group that the documents do not have, but it lets everything out.
  const isGoverned = written.some(({ role }) => role === 'workload' || role === 'host');
  const open = isGoverned ? defaults.filter((each) => each instanceof Unknown) : [];
  return {
    parts: resources,
    groups: unique([...written, ...defaults.filter((each): each is SecurityGroup => !(each instanceof Unknown))]),
    subnets: unique(known),
    unknownGroups: [...found.filter((each) => each instanceof Unknown), ...open],
    unknownSubnets: [
      ...subnets.filter((each) => each instanceof Unknown),
      ...(known.length > 0 ? parts.flatMap((part) => misplaced(part)) : []),
    ],
    unknownParts: resources.flatMap((resource) => unknown.get(resource) ?? []),
  };
}

/** The default group of its VPC where a part names none. */
function defaultGroups(
  part: Attachment,
  device: { readonly parts: readonly Attachment[]; readonly known: readonly Resource[]; readonly context: Context },
): (SecurityGroup | Unknown)[] {
  const { inventory, groups } = device.context;
  if (!DEFAULTS.test(part.resource.type) || !isBare(part, device.parts)) return [];
  const own = inventory.links.targets([...part.subnets], ...SUBNET_TYPES).filter(isKnown);
  const subnets = part.resource.type === 'aws_launch_template' ? device.known : own;
  // An endpoint may get its subnets by resources of their own, but it names its VPC.
  const vpcs = new Set([part.resource, ...subnets].map((each) => vpcOf(inventory, each)));
  return [...vpcs].flatMap((vpc) => {
    if (vpc === undefined || vpc instanceof Unknown) return [];
    const unknown = new Unknown(part.resource.address, 'names no group and has the default one, which is not written');
    return [groups.defaultOf(vpc) ?? unknown];
  });
}

/** Whether an interface of a part has no group of its own; an instance may say it in the place of its launch template. */
function isBare({ resource, groups }: Attachment, parts: readonly Attachment[]): boolean {
  if (resource.type !== 'aws_launch_template') return groups.length === 0;
  const interfaces = blocks(resource.get('network_interfaces'));
  return (
    parts.every((part) => part.groups.length === 0) ||
    interfaces.some((each) => !(each instanceof Unknown) && !each.security_groups && !each.network_interface_id)
  );
}

/** An instance that names neither subnet nor interface stands in the default VPC of the account, and so does a group of instances by zones. */
function misplaced({ resource, subnets, interfaces, templates }: Attachment): Unknown[] {
  const isInstance = /^aws_(instance|spot_instance_request)$/.test(resource.type);
  const isPlaced = subnets.length + interfaces.length + (isInstance ? templates.length : 0) > 0;
  if (isPlaced || !(isInstance || resource.type === 'aws_autoscaling_group')) return [];
  return [new Unknown(resource.address, 'names no subnet, and so stands in the default VPC')];
}

/** Joins what belongs together; what cannot be found is remembered for the one that names it. */
function joinParts(
  { links }: Inventory,
  attachments: readonly Attachment[],
  sets: DisjointSets,
): ReadonlyMap<Resource, readonly Unknown[]> {
  const unknown = new Map<Resource, Unknown[]>();
  for (const { resource, interfaces, templates } of attachments) {
    const targets = [
      ...interfaces.flatMap((value) => links.target(value, ...INTERFACE_TYPES) ?? []),
      ...templates.flatMap((value) => links.target(value, ...TEMPLATE_TYPES) ?? []),
    ];
    if (resource.type === 'aws_network_interface_attachment')
      targets.push(...links.targets(resource.get('instance_id'), 'aws_instance'));
    if (resource.type === 'aws_network_interface')
      for (const block of blocks(resource.get('attachment')))
        targets.push(...links.targets(block instanceof Unknown ? block : block.instance, 'aws_instance'));
    for (const target of targets) {
      if (target instanceof Unknown) unknown.set(resource, [...(unknown.get(resource) ?? []), target]);
      else sets.join(resource, target);
    }
  }
  return unknown;
}

/** Groups that are put on an interface or an endpoint by a resource of their own. */
function extraGroups(inventory: Inventory): ReadonlyMap<Resource, readonly Value[]> {
  const extra = new Map<Resource, Value[]>();
  for (const [type, key, targets] of GROUP_ATTACHMENTS) {
    for (const resource of inventory.of(type)) {
      const target = inventory.links.target(resource.get(key), ...targets);
      const group = resource.get('security_group_id');
      if (target === undefined || target instanceof Unknown || group === undefined) continue;
      extra.set(target, [...(extra.get(target) ?? []), group]);
    }
  }
  return extra;
}

function nameOf({ address, document }: Resource): string {
  return `${address} ${document}`;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** Union-find; the root of a set is its first member. */
class DisjointSets {
  private readonly parents = new Map<Resource, Resource>();
  private readonly order: ReadonlyMap<Resource, number>;

  constructor(members: readonly Resource[]) {
    this.order = new Map(members.map((member, index) => [member, index]));
  }

  find(member: Resource): Resource {
    let at = member;
    for (let next = this.parents.get(at); next !== undefined; next = this.parents.get(at)) at = next;
    if (at !== member) this.parents.set(member, at);
    return at;
  }

  join(a: Resource, b: Resource): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return;
    const isOrdered = (this.order.get(first) ?? Infinity) <= (this.order.get(second) ?? Infinity);
    if (isOrdered) this.parents.set(second, first);
    else this.parents.set(first, second);
  }
}
