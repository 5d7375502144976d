import type { Resource } from '../load/resource';
import { blocks } from '../value/read';
import { isObject, Ref, show, Unknown, type Value } from '../value/value';
import type { Inventory } from './inventory';
import { vpcOf } from './security-groups';

const TABLE_TYPES = ['aws_route_table', 'aws_default_route_table'] as const;
const VPC_TYPES = ['aws_vpc', 'aws_default_vpc'] as const;

/** Where the traffic of a route goes. */
export interface RouteTarget {
  /** The attribute that names it: `nat_gateway_id`. */
  readonly attribute: string;
  readonly value: Value;
}

/** One route that somebody wrote; `local` ones and those of gateway endpoints are not among them. */
export interface Route {
  /** Where it is written. */
  readonly resource: Resource;
  readonly destination: Value | undefined;
  /** Undefined where none is written. */
  readonly target: RouteTarget | undefined;
  /** What brings routes of its own: propagation. */
  readonly propagated?: boolean;
  /** The whole block is not known. */
  readonly unknown?: Unknown;
}

/** A route table: one of the documents, or the main one of a VPC that the documents do not take over. */
export interface RouteTable {
  /** The table, or the VPC whose main table it is. */
  readonly resource: Resource;
  readonly isMain: boolean;
  readonly routes: readonly Route[];
}

/** A route, an association or a propagation of which nobody knows where it belongs. */
export interface StrayRoute {
  readonly resource: Resource;
  readonly unknown: Unknown;
}

const DESTINATIONS = [
  'destination_cidr_block',
  'destination_ipv6_cidr_block',
  'destination_prefix_list_id',
  'cidr_block',
  'ipv6_cidr_block',
];

/** Targets of a route in the AWS provider (`aws_route`, "Argument Reference"). */
const TARGETS = [
  'carrier_gateway_id',
  'core_network_arn',
  'egress_only_gateway_id',
  'gateway_id',
  'instance_id',
  'local_gateway_id',
  'nat_gateway_id',
  'network_interface_id',
  'odb_network_arn',
  'transit_gateway_id',
  'vpc_endpoint_id',
  'vpc_peering_connection_id',
];

/** The route tables of the documents and which subnet uses which. */
export class Routing {
  readonly stray: StrayRoute[] = [];
  private readonly tables = new Map<Resource, Route[]>();
  /** By subnet; several where the documents contradict themselves. */
  private readonly associations = new Map<Resource, Resource[]>();
  private readonly unknownAssociations = new Map<Resource, Unknown[]>();
  private readonly mainTables = new Map<Resource, Resource[]>();
  private readonly adopted = new Map<Resource, Resource>();

  constructor(private readonly inventory: Inventory) {
    for (const table of inventory.of('aws_default_route_table')) this.adopt(table);
    for (const table of inventory.of(...TABLE_TYPES)) this.readTable(table);
    for (const route of inventory.of('aws_route')) this.readRoute(route);
    for (const each of inventory.of('aws_vpn_gateway_route_propagation', 'aws_vpc_route_server_propagation'))
      this.addTo(each, each.get('route_table_id'), {
        resource: each,
        destination: undefined,
        target: undefined,
        propagated: true,
      });
    for (const each of inventory.of('aws_main_route_table_association')) this.readMain(each);
    for (const each of inventory.of('aws_route_table_association')) this.readAssociation(each);
  }

  /** The tables that a subnet uses: one, unless the documents contradict themselves. */
  tablesOf(subnet: Resource): readonly (RouteTable | Unknown)[] {
    const unknown = this.unknownAssociations.get(subnet) ?? [];
    const explicit = this.associations.get(subnet) ?? [];
    if (explicit.length + unknown.length > 0) return [...explicit.map((each) => this.table(each)), ...unknown];
    const vpc = vpcOf(this.inventory, subnet) ?? this.vpcOfDefault(subnet);
    if (vpc instanceof Unknown) return [vpc];
    const main = this.mainTables.get(vpc);
    return main ? main.map((each) => this.table(each)) : [this.table(this.adopted.get(vpc) ?? vpc)];
  }

  private vpcOfDefault(subnet: Resource): Resource | Unknown {
    const [vpc] = subnet.type === 'aws_default_subnet' ? this.inventory.of('aws_default_vpc') : [];
    return vpc ?? new Unknown(`${subnet.address}.vpc_id`, 'is not in the documents');
  }

  private table(resource: Resource): RouteTable {
    const isVpc = VPC_TYPES.some((type) => type === resource.type);
    return {
      resource,
      isMain: isVpc || resource.type === 'aws_default_route_table',
      routes: this.tables.get(resource) ?? [],
    };
  }

  private adopt(table: Resource): void {
    const value = table.get('default_route_table_id');
    const vpc = this.inventory.links.target(value, ...VPC_TYPES);
    if (vpc === undefined || vpc instanceof Unknown) {
      this.stray.push({ resource: table, unknown: vpc ?? new Unknown('default_route_table_id', 'is not written') });
    } else this.adopted.set(vpc, table);
  }

  private readTable(table: Resource): void {
    for (const block of blocks(table.get('route'))) this.add(table, routeOf(table, block));
    for (const gateway of blocksOrValues(table.get('propagating_vgws')))
      this.add(table, {
        resource: table,
        destination: undefined,
        target: { attribute: 'propagating_vgws', value: gateway },
        propagated: true,
      });
  }

  private readRoute(resource: Resource): void {
    const block = Object.fromEntries(resource.keys.map((key) => [key, resource.get(key) ?? null]));
    this.addTo(resource, resource.get('route_table_id'), routeOf(resource, block));
  }

  /** `vpc.main_route_table_id` is the table that is main in the end, or was so in the beginning: the route counts for both. */
  private addTo(resource: Resource, value: Value | undefined, route: Route): void {
    const target = this.inventory.links.target(value, ...TABLE_TYPES, ...VPC_TYPES);
    if (target === undefined || target instanceof Unknown) {
      this.stray.push({ resource, unknown: target ?? new Unknown('route_table_id', 'is not written') });
    } else if (TABLE_TYPES.some((type) => type === target.type)) this.add(target, route);
    else {
      this.add(this.adopted.get(target) ?? target, route);
      if (!(value instanceof Ref) || value.attribute === 'main_route_table_id')
        this.mainRoutes.push({ vpc: target, route });
    }
  }

  private readonly mainRoutes: { readonly vpc: Resource; readonly route: Route }[] = [];

  private readMain(association: Resource): void {
    const vpc = vpcOf(this.inventory, association);
    const table = this.inventory.links.target(association.get('route_table_id'), ...TABLE_TYPES);
    if (vpc === undefined || vpc instanceof Unknown || table === undefined || table instanceof Unknown) {
      const unknown = [vpc, table].find((each) => each instanceof Unknown);
      this.stray.push({
        resource: association,
        unknown: unknown ?? new Unknown(association.address, 'is not complete'),
      });
      return;
    }
    push(this.mainTables, vpc, table);
    for (const each of this.mainRoutes) if (each.vpc === vpc) this.add(table, each.route);
  }

  private readAssociation(association: Resource): void {
    const subnetId = association.get('subnet_id');
    if ((subnetId === undefined || subnetId === null) && association.keys.includes('gateway_id')) return; // of a gateway's own table
    const subnet = this.inventory.links.target(subnetId, 'aws_subnet', 'aws_default_subnet');
    const table = this.tableOf(association.get('route_table_id'));
    if (subnet === undefined || subnet instanceof Unknown)
      this.stray.push({ resource: association, unknown: subnet ?? new Unknown('subnet_id', 'is not written') });
    else if (table instanceof Unknown) push(this.unknownAssociations, subnet, table);
    else push(this.associations, subnet, table);
  }

  private tableOf(value: Value | undefined): Resource | Unknown {
    const target = this.inventory.links.target(value, ...TABLE_TYPES, ...VPC_TYPES);
    if (target === undefined) return new Unknown(show(value), 'names no route table');
    if (target instanceof Unknown) return target;
    return this.adopted.get(target) ?? target;
  }

  private add(table: Resource, route: Route): void {
    if (route.target?.value !== 'local') push(this.tables, table, route);
  }
}

function routeOf(resource: Resource, block: Value): Route {
  if (!isObject(block)) {
    const unknown = block instanceof Unknown ? block : new Unknown(show(block), 'is not a route');
    return { resource, destination: undefined, target: undefined, unknown };
  }
  const written = (key: string): boolean => block[key] !== undefined && block[key] !== null && block[key] !== '';
  const destination = DESTINATIONS.find(written);
  const targets = TARGETS.filter(written);
  // Beside another target `local` must not hide it.
  const attribute = targets.find((key) => block[key] !== 'local') ?? targets[0];
  return {
    resource,
    destination: destination === undefined ? undefined : block[destination],
    target: attribute === undefined ? undefined : { attribute, value: block[attribute] ?? null },
  };
}

function blocksOrValues(value: Value | undefined): readonly Value[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as Value[]) : [value];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
