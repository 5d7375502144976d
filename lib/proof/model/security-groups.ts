import type { Resource } from '../load/resource';
import { blocks, bool, list, number, text } from '../value/read';
import { Ref, show, Unknown, type Value } from '../value/value';
import type { Inventory } from './inventory';
import { tag, TAGS } from './tags';

export const GROUP_TYPES = ['aws_security_group', 'aws_default_security_group'] as const;

/** Where a rule leads to, or whom it lets in. */
export type Peer =
  | { readonly kind: 'cidr'; readonly value: Value }
  | { readonly kind: 'prefixList'; readonly value: Value }
  | { readonly kind: 'group'; readonly group: SecurityGroup }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** One rule with one peer, wherever it is written. */
export interface Rule {
  readonly direction: 'ingress' | 'egress';
  /** `tcp`, `udp`, `-1`, …, lower case; numbers as IANA gives them, but for TCP and UDP. */
  readonly protocol: string | Unknown;
  /** Undefined where the rule is for every port. */
  readonly from: number | Unknown | undefined;
  readonly to: number | Unknown | undefined;
  readonly peer: Peer;
  /** Where it is written. */
  readonly resource: Resource;
}

/** A security group with what its tags say and with all of its rules. */
export interface SecurityGroup {
  readonly resource: Resource;
  readonly role: string | Unknown | undefined;
  /** What messages call it: the workload's name, or the address. */
  readonly name: string;
  readonly workload: string | Unknown | undefined;
  readonly port: number | Unknown | undefined;
  readonly calls: string | Unknown | undefined;
  readonly mode: string | Unknown | undefined;
  readonly ingress: Rule[];
  readonly egress: Rule[];
}

/** A rule of which nobody knows whose it is. */
export interface StrayRule {
  readonly direction: 'ingress' | 'egress';
  readonly resource: Resource;
  readonly unknown: Unknown;
}

/** All security groups of the documents. */
export class SecurityGroups {
  readonly all: readonly SecurityGroup[];
  readonly stray: StrayRule[] = [];
  private readonly byResource: ReadonlyMap<Resource, SecurityGroup>;

  constructor(private readonly inventory: Inventory) {
    this.all = inventory.of(...GROUP_TYPES).map(read);
    this.byResource = new Map(this.all.map((group) => [group.resource, group]));
    for (const group of this.all) this.readInline(group);
    for (const direction of ['ingress', 'egress'] as const)
      for (const rule of inventory.of(`aws_vpc_security_group_${direction}_rule`)) this.readStandalone(rule, direction);
    for (const rule of inventory.of('aws_security_group_rule')) this.readLegacy(rule);
  }

  of(resource: Resource): SecurityGroup | undefined {
    return this.byResource.get(resource);
  }

  /** The group that a value names. */
  find(value: Value | undefined): SecurityGroup | Unknown | undefined {
    const { links } = this.inventory;
    // `vpc.default_security_group_id`: the group that aws_default_security_group takes over.
    if (value instanceof Ref && value.attribute === 'default_security_group_id')
      return (
        this.defaultOf(value.resource) ??
        new Unknown(show(value), 'is the default group, which is not in the documents')
      );
    const target = links.target(value, ...GROUP_TYPES);
    return target === undefined || target instanceof Unknown ? target : this.byResource.get(target);
  }

  /** The default group of a VPC, if the documents have it. */
  defaultOf(vpc: Resource | undefined): SecurityGroup | undefined {
    return this.all.find(
      ({ resource }) => resource.type === 'aws_default_security_group' && vpcOf(this.inventory, resource) === vpc,
    );
  }

  private readInline(group: SecurityGroup): void {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const block of blocks(group.resource.get(direction)))
        this.add(group, direction, block instanceof Unknown ? block : legacy(block), group.resource);
    }
  }

  private readStandalone(resource: Resource, direction: 'ingress' | 'egress'): void {
    this.addTo(resource, direction, {
      protocol: resource.get('ip_protocol'),
      from: resource.get('from_port'),
      to: resource.get('to_port'),
      cidrs: [...list(resource.get('cidr_ipv4')), ...list(resource.get('cidr_ipv6'))],
      prefixLists: list(resource.get('prefix_list_id')),
      groups: list(resource.get('referenced_security_group_id')),
    });
  }

  private readLegacy(resource: Resource): void {
    const type = text(resource.get('type'));
    const fields = legacy(Object.fromEntries(resource.keys.map((key) => [key, resource.get(key) ?? null])));
    for (const direction of ['ingress', 'egress'] as const)
      if (type === direction || type instanceof Unknown) this.addTo(resource, direction, fields);
  }

  private addTo(resource: Resource, direction: 'ingress' | 'egress', fields: Fields): void {
    const group = this.find(resource.get('security_group_id'));
    if (group === undefined || group instanceof Unknown) {
      const unknown = group ?? new Unknown('security_group_id', 'is not written');
      this.stray.push({ direction, resource, unknown });
    } else {
      const before = group[direction].length;
      this.add(group, direction, fields, resource);
      const none: Peer = { kind: 'unknown', unknown: new Unknown(resource.address, 'names no peer') };
      if (group[direction].length === before) this.addPeers(group, direction, fields, resource, [none]);
    }
  }

  private add(
    group: SecurityGroup,
    direction: 'ingress' | 'egress',
    fields: Fields | Unknown,
    resource: Resource,
  ): void {
    const rules = group[direction];
    if (fields instanceof Unknown) {
      const peer: Peer = { kind: 'unknown', unknown: fields };
      rules.push({ direction, protocol: '-1', from: undefined, to: undefined, peer, resource });
      return;
    }
    this.addPeers(group, direction, fields, resource, this.peersOf(group, fields));
  }

  private addPeers(
    group: SecurityGroup,
    direction: 'ingress' | 'egress',
    fields: Fields,
    resource: Resource,
    peers: readonly Peer[],
  ): void {
    const common = {
      direction,
      protocol: protocolOf(fields.protocol),
      from: number(fields.from),
      to: number(fields.to),
      resource,
    };
    for (const peer of peers) group[direction].push({ ...common, peer });
  }

  private peersOf(group: SecurityGroup, fields: Fields): Peer[] {
    const peers: Peer[] = [
      ...fields.cidrs.map((value) => ({ kind: 'cidr', value }) as const),
      ...fields.prefixLists.map((value) => ({ kind: 'prefixList', value }) as const),
      ...fields.groups.map((value): Peer => {
        const found = this.find(value);
        if (found === undefined || found instanceof Unknown)
          return { kind: 'unknown', unknown: found ?? new Unknown(show(value), 'names no group') };
        return { kind: 'group', group: found };
      }),
    ];
    if (fields.self === true) peers.push({ kind: 'group', group });
    if (fields.self instanceof Unknown) peers.push({ kind: 'unknown', unknown: fields.self });
    return peers;
  }
}

/** The VPC of a resource with `vpc_id`. */
export function vpcOf(inventory: Inventory, resource: Resource): Resource | Unknown | undefined {
  return inventory.links.target(resource.get('vpc_id'), 'aws_vpc', 'aws_default_vpc');
}

interface Fields {
  readonly protocol: Value | undefined;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
  readonly cidrs: readonly Value[];
  readonly prefixLists: readonly Value[];
  readonly groups: readonly Value[];
  readonly self?: boolean | Unknown;
}

/** The attributes of an inline rule and of aws_security_group_rule. */
function legacy(block: Readonly<Record<string, Value>>): Fields {
  return {
    protocol: block.protocol,
    from: block.from_port,
    to: block.to_port,
    cidrs: [...list(block.cidr_blocks), ...list(block.ipv6_cidr_blocks)],
    prefixLists: list(block.prefix_list_ids),
    groups: [...list(block.security_groups), ...list(block.source_security_group_id)],
    self: bool(block.self),
  };
}

const PROTOCOLS = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
  ['all', '-1'],
]);

function protocolOf(value: Value | undefined): string | Unknown {
  const protocol = text(value);
  if (protocol === undefined) return new Unknown('protocol', 'is not written');
  if (protocol instanceof Unknown) return protocol;
  const lower = protocol.toLowerCase();
  return PROTOCOLS.get(lower) ?? lower;
}

function read(resource: Resource): SecurityGroup {
  const workload = tag(resource, TAGS.workload);
  return {
    resource,
    role: tag(resource, TAGS.role),
    name: typeof workload === 'string' ? workload : resource.address,
    workload,
    port: number(tag(resource, TAGS.port)),
    calls: tag(resource, TAGS.calls),
    mode: tag(resource, TAGS.mode),
    ingress: [],
    egress: [],
  };
}
