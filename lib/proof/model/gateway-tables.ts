import type { Resource } from '../load/resource';
import type { Target } from '../value/links';
import { list } from '../value/read';
import { Unknown, type Value } from '../value/value';
import type { Device } from './devices';
import type { Inventory } from './inventory';
import type { Model } from './model';
import type { RouteTable } from './routes';
import { vpcOf } from './security-groups';

const ASSOCIATION = 'aws_vpc_endpoint_route_table_association';
const VPC_TYPES = ['aws_vpc', 'aws_default_vpc'] as const;
const TYPES = ['aws_route_table', 'aws_default_route_table', ...VPC_TYPES] as const;

/** Whether a gateway endpoint is on a route table of a device's subnets; unknown where it may be. */
export function servesDevice(model: Model, endpoint: Resource, device: Device): boolean | Unknown {
  const { inventory } = model;
  const associated = inventory
    .of(ASSOCIATION)
    .filter((each) => inventory.links.target(each.get('vpc_endpoint_id'), 'aws_vpc_endpoint') === endpoint)
    .map((each) => each.get('route_table_id'));
  return areTablesOf(model, [endpoint.get('route_table_ids'), ...associated], device);
}

/** An association that puts an endpoint which is not known on a route table. */
export interface StrayEndpoint {
  readonly association: Resource;
  readonly unknown: Unknown;
}

/** Associations of which nobody knows which endpoint they put on a route table of a device, and so under which policy. */
export function strayEndpoints(model: Model, device: Device): readonly StrayEndpoint[] {
  const { inventory } = model;
  return inventory.of(ASSOCIATION).flatMap((association) => {
    const endpoint = inventory.links.target(association.get('vpc_endpoint_id'), 'aws_vpc_endpoint');
    if (endpoint !== undefined && !(endpoint instanceof Unknown)) return [];
    if (areTablesOf(model, [association.get('route_table_id')], device) === false) return [];
    return [{ association, unknown: endpoint ?? new Unknown('vpc_endpoint_id', 'is not written') }];
  });
}

function areTablesOf(model: Model, values: readonly (Value | undefined)[], device: Device): boolean | Unknown {
  const targets = values.flatMap((value) => list(value)).flatMap((value) => tablesNamed(model.inventory, value));
  const isServed = device.subnets.some((subnet) =>
    model.routing
      .tablesOf(subnet)
      .some((table) => !(table instanceof Unknown) && targets.some((each) => isTable(model, each, table, subnet))),
  );
  if (isServed) return true;
  const unknown = targets.find(
    (each) => each instanceof Unknown && TYPES.some((type) => model.inventory.links.couldBe(each, type)),
  );
  return unknown instanceof Unknown ? unknown : false;
}

/** The main table may be in the documents twice: as the table and as an attribute of its VPC. */
function tablesNamed({ links }: Inventory, value: Value): readonly Target[] {
  const literal = typeof value === 'string' ? links.candidates(value, ...TYPES) : [];
  return literal.length > 0 ? literal : links.targets(value, ...TYPES);
}

function isTable({ inventory }: Model, target: Target, table: RouteTable, subnet: Resource): boolean {
  if (target === table.resource) return true;
  if (target instanceof Unknown || !VPC_TYPES.some((type) => type === target.type)) return false;
  const vpc = vpcOf(inventory, subnet);
  if (vpc !== undefined && vpc !== target) return false;
  const isMain = inventory
    .of('aws_main_route_table_association')
    .some((each) => tablesNamed(inventory, each.get('route_table_id') ?? null).includes(table.resource));
  return table.isMain || isMain;
}
