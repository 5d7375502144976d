import { show, Unknown, type Value } from '../value/value';
import { text } from '../value/read';
import type { Resource } from '../load/resource';
import type { Device } from '../model/devices';
import type { Model } from '../model/model';
import type { Route, RouteTable } from '../model/routes';
import type { Hop } from '../proof';
import { Findings, firstPart, hop, MAKE_KNOWN, origin, why, type ClaimDraft } from './claim';

/** What the targets of routes are called (VPC User Guide, "Route table concepts"). */
const TARGET_WORDS: Readonly<Record<string, string>> = {
  carrier_gateway_id: 'a carrier gateway',
  core_network_arn: 'a Cloud WAN core network',
  egress_only_gateway_id: 'an egress-only Internet gateway',
  gateway_id: 'an Internet or virtual private gateway',
  instance_id: 'an instance',
  local_gateway_id: 'a local gateway of an Outpost',
  nat_gateway_id: 'a NAT gateway',
  network_interface_id: 'a network interface',
  odb_network_arn: 'an Oracle Database network',
  transit_gateway_id: 'a transit gateway',
  vpc_endpoint_id: 'a Gateway Load Balancer endpoint',
  vpc_peering_connection_id: 'a peering connection',
  propagating_vgws: 'a virtual private gateway',
};

/** C1: no route leads out of a subnet in which a workload or its host has an interface. */
export function checkRoutes(model: Model): ClaimDraft {
  const findings = new Findings('C1');
  const subnets = new Map<Resource, Device>();
  for (const device of model.governed) {
    for (const subnet of device.subnets) if (!subnets.has(subnet)) subnets.set(subnet, device);
    checkPlace(findings, device);
  }
  for (const [subnet, device] of subnets) checkSubnet(model, findings, subnet, device);
  if (model.governed.length > 0) checkStray(model, findings);
  checkLattice(model, findings);
  return findings.draft();
}

/** Every interface must stand in subnets that are known. */
function checkPlace(findings: Findings, device: Device): void {
  for (const unknown of [...device.unknownSubnets, ...device.unknownParts])
    findings.unproven(
      firstPart(device),
      `the subnet of an interface is not known: ${why(unknown)}`,
      [origin(device)],
      MAKE_KNOWN,
    );
  if (device.subnets.length + device.unknownSubnets.length + device.unknownParts.length > 0) return;
  findings.unproven(
    firstPart(device),
    `nothing says in which subnet ${firstPart(device).address} stands`,
    [origin(device)],
    'name its subnets',
  );
}

function checkSubnet(model: Model, findings: Findings, subnet: Resource, device: Device): void {
  const start = [origin(device), hop(subnet, 'is its subnet')];
  for (const table of model.routing.tablesOf(subnet)) {
    if (table instanceof Unknown) {
      findings.unproven(subnet, `the route table of ${subnet.address} is not known: ${why(table)}`, start, MAKE_KNOWN);
      continue;
    }
    const path = [...start, hop(table.resource, table.isMain ? 'has the main route table' : 'is its route table')];
    if (table.resource.type === 'aws_default_vpc')
      findings.broken(
        table.resource,
        "the main route table of an account's default VPC leads to its Internet gateway",
        path,
        `put ${subnet.address} under a route table of its own (aws_route_table_association)`,
      );
    for (const route of table.routes) checkRoute(model, findings, table, route, path);
    if (table.routes.length === 0)
      findings.evidence(`${subnet.address}: ${table.resource.address} has local routes alone`);
  }
}

function checkRoute(model: Model, findings: Findings, table: RouteTable, route: Route, start: readonly Hop[]): void {
  const { resource, target, destination } = route;
  const to = destination === undefined ? 'addresses that it is told' : show(destination);
  if (route.unknown || (!target && !route.propagated)) {
    const reason = route.unknown ? why(route.unknown) : `${resource.address} has no target that is known`;
    findings.unproven(resource, `a route of ${table.resource.address} is not known: ${reason}`, start, MAKE_KNOWN);
    return;
  }
  if (target && isGatewayEndpoint(model, target.value)) return;
  const words = route.propagated ? 'routes that are propagated' : (TARGET_WORDS[target?.attribute ?? ''] ?? 'a target');
  findings.broken(
    resource,
    `${table.resource.address} sends ${to} to ${words}${target ? ` (${show(target.value)})` : ''}`,
    [...start, hop(resource, `sends ${to} to ${words}`)],
    resource === table.resource ? `take the route out of ${resource.address}` : `remove ${resource.address}`,
  );
}

/** Its routes stand in a state like any other; what it lets through is claim C4's. */
function isGatewayEndpoint(model: Model, value: Value): boolean {
  const target = model.inventory.links.target(value, 'aws_vpc_endpoint');
  return (
    target !== undefined &&
    !(target instanceof Unknown) &&
    (text(target.get('vpc_endpoint_type')) ?? 'Gateway') === 'Gateway'
  );
}

function checkStray(model: Model, findings: Findings): void {
  const { links } = model.inventory;
  for (const { resource, unknown } of model.routing.stray) {
    if (
      !links.couldBe(unknown, 'aws_route_table') &&
      !links.couldBe(unknown, 'aws_subnet') &&
      !links.couldBe(unknown, 'aws_vpc')
    )
      continue;
    findings.unproven(
      resource,
      `${resource.address} may concern a subnet with workloads: ${why(unknown)}`,
      [hop(resource, 'changes a route table that is not known')],
      MAKE_KNOWN,
    );
  }
}

/** VPC Lattice adds a route to every table of the VPC (VPC Lattice User Guide, "VPC to service connectivity": 169.254.171.0/24, fd00:ec2:80::/64). */
function checkLattice(model: Model, findings: Findings): void {
  for (const association of model.inventory.of('aws_vpclattice_service_network_vpc_association')) {
    const value = association.get('vpc_identifier');
    const vpc = model.inventory.links.target(value, 'aws_vpc', 'aws_default_vpc');
    const device = vpc instanceof Unknown || vpc === undefined ? undefined : model.vpcs.get(vpc);
    const path = [
      ...(device ? [origin(device)] : []),
      hop(association, 'routes to the services of a VPC Lattice network'),
    ];
    if (device)
      findings.broken(
        association,
        `${association.address} routes from every subnet of the VPC to a VPC Lattice service network`,
        path,
        `remove ${association.address}`,
      );
    else if (vpc instanceof Unknown)
      findings.unproven(association, `the VPC of ${association.address} is not known: ${why(vpc)}`, path, MAKE_KNOWN);
  }
}
