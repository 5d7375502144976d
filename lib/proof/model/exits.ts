import { overlaps } from '../../policy/cidr';
import type { Resource } from '../load/resource';
import { isCidr } from '../value/cidr';
import { list, text } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import type { Hop } from '../proof';
import type { Device } from './devices';
import { gatewayEndpointOf, isEndpoint, tablesOf } from './endpoints';
import type { Model } from './model';
import type { Route, RouteTable } from './routes';
import { vpcOf, type Rule, type SecurityGroup } from './security-groups';

/**
 * A path on which routes and security groups are open together, from a device to another network, directly or by a host that it can reach.
 * Network ACLs and the lack of a public address are not held for a seal.
 */
export function findExit(model: Model, device: Device): readonly Hop[] | undefined {
  return directExit(model, device) ?? pivotExit(model, device);
}

/** The way out of a device's own subnets. */
export function directExit(model: Model, device: Device): readonly Hop[] | undefined {
  for (const subnet of device.subnets) {
    for (const table of model.routing.tablesOf(subnet)) {
      if (table instanceof Unknown) continue;
      const found = openRoute(model, device, table, latticeRoutes(model, subnet)) ?? defaultVpcExit(device, table);
      if (found) return [{ address: subnet.address, words: 'is its subnet' }, ...found];
    }
  }
  return undefined;
}

/** The main route table of a default VPC leads to its Internet gateway (VPC User Guide, "Default VPCs"). */
function defaultVpcExit(device: Device, { resource }: RouteTable): readonly Hop[] | undefined {
  if (resource.type !== 'aws_default_vpc') return undefined;
  const rule = device.groups.flatMap(({ egress }) => egress).find(({ peer }) => peer.kind === 'cidr');
  return (
    rule && [
      { address: rule.resource.address, words: 'lets it out' },
      { address: resource.address, words: 'leads to an Internet gateway' },
    ]
  );
}

/** What VPC Lattice adds to each table of a VPC (claim C1). */
function latticeRoutes(model: Model, subnet: Resource): readonly Route[] {
  const vpc = vpcOf(model.inventory, subnet);
  return model.inventory
    .of('aws_vpclattice_service_network_vpc_association')
    .filter((each) => model.inventory.links.target(each.get('vpc_identifier'), 'aws_vpc', 'aws_default_vpc') === vpc)
    .map((resource) => ({ resource, destination: '169.254.171.0/24', target: undefined }));
}

function openRoute(
  model: Model,
  device: Device,
  table: RouteTable,
  more: readonly Route[],
): readonly Hop[] | undefined {
  for (const route of [...outwardRoutes(model, table), ...more]) {
    for (const group of device.groups) {
      const rule = group.egress.find((each) => leads(model, each, route, table));
      if (!rule) continue;
      const to = route.destination === undefined ? 'another network' : show(route.destination);
      return [
        { address: rule.resource.address, words: 'lets it out' },
        {
          address: route.resource.address,
          words: `sends ${to} to ${route.target ? show(route.target.value) : 'a gateway'}`,
        },
      ];
    }
  }
  return undefined;
}

/** The routes of a table that lead out of the VPC. */
export function outwardRoutes(model: Model, table: RouteTable): readonly Route[] {
  return table.routes.filter(({ target }) => {
    if (!target) return true;
    const endpoint = model.inventory.links.target(target.value, 'aws_vpc_endpoint');
    return (
      endpoint === undefined || endpoint instanceof Unknown || text(endpoint.get('vpc_endpoint_type')) !== 'Gateway'
    );
  });
}

function leads(model: Model, rule: Rule, route: Route, table: RouteTable): boolean {
  const { peer } = rule;
  if (peer.kind === 'cidr') return meet(peer.value, route.destination);
  // A group of another VPC is one of another network, behind a peering connection or a transit gateway.
  if (peer.kind === 'group') return !isPerimeter(peer.group) && !sameVpc(model, peer.group.resource, table.resource);
  if (peer.kind !== 'prefixList') return false;
  const endpoints = gatewayEndpointOf(model.inventory, peer.value);
  if (endpoints === null) return true;
  if (endpoints instanceof Unknown) return false;
  // The route of the endpoint is more specific; without it these addresses take the other one.
  return !endpoints.some((endpoint) => tablesOf(model.inventory, endpoint).includes(table.resource));
}

function sameVpc({ inventory }: Model, group: Resource, table: Resource): boolean {
  const vpc = vpcOf(inventory, group);
  if (table.type === 'aws_default_route_table') return true;
  return vpc === table || vpc === vpcOf(inventory, table);
}

function meet(cidr: Value, destination: Value | undefined): boolean {
  return isCidr(cidr) && isCidr(destination) ? overlaps(cidr, destination) : !(cidr instanceof Unknown);
}

/** The way out by hosts that are no part of the perimeter, one after another: each must let in the one before, and the last can leave. */
function pivotExit(model: Model, device: Device, seen = new Set<Device>()): readonly Hop[] | undefined {
  seen.add(device);
  for (const group of device.groups) {
    for (const rule of group.egress) {
      const target = rule.peer.kind === 'group' ? rule.peer.group.resource.address : show(cidrOf(rule));
      for (const host of hostsBehind(model, rule)) {
        if (seen.has(host) || !admits(host, device)) continue;
        const direct = directExit(model, host) ?? unknownExit(model, host);
        const found = direct ?? pivotExit(model, host, seen);
        const first = host.parts[0] as Resource;
        if (found)
          return [
            { address: rule.resource.address, words: `lets it out to ${target}` },
            { address: first.address, words: direct ? 'admits it, and can leave by itself' : 'admits it' },
            ...found,
          ];
      }
    }
  }
  return undefined;
}

/** No claim judges the subnets of a host that is no workload, so what is not known of them counts as a way. */
function unknownExit(model: Model, host: Device): readonly Hop[] | undefined {
  const unknown = [
    ...host.unknownSubnets,
    ...host.unknownParts,
    ...host.unknownGroups,
    ...host.subnets.flatMap((subnet) => model.routing.tablesOf(subnet).filter((table) => table instanceof Unknown)),
  ];
  const [first] = unknown;
  return first && [{ address: show(first), words: `${first.reason}, and so may lead anywhere` }];
}

/** Hosts to which a rule leads and that are no part of the perimeter, whatever their group says. */
function hostsBehind(model: Model, rule: Rule): readonly Device[] {
  const { peer } = rule;
  if (peer.kind === 'group') {
    const carriers = model.carriers.get(peer.group) ?? [];
    if (peer.group.role !== 'endpoint') return isPerimeter(peer.group) ? [] : carriers;
    return carriers.filter(({ parts }) => !parts.some(isEndpoint));
  }
  const cidr = cidrOf(rule);
  if (cidr === undefined) return [];
  return model.devices.filter(
    ({ groups, subnets }) =>
      !groups.some(isPerimeter) && subnets.some((subnet) => meet(cidr, subnet.get('cidr_block') ?? undefined)),
  );
}

function cidrOf({ peer }: Rule): Value | undefined {
  return peer.kind === 'cidr' ? peer.value : undefined;
}

/** Roles whose members are judged by claims of their own. */
export function isPerimeter({ role }: SecurityGroup): boolean {
  return role === 'gateway' || role === 'workload' || role === 'endpoint' || role === 'host';
}

function admits(host: Device, device: Device): boolean {
  return host.groups.some(({ ingress }) =>
    ingress.some(({ peer }) => (peer.kind === 'group' ? device.groups.includes(peer.group) : true)),
  );
}

/** The IPv4 networks of a VPC. */
export function cidrsOf(model: Model, vpc: Resource): readonly Value[] {
  const more = model.inventory
    .of('aws_vpc_ipv4_cidr_block_association')
    .filter((each) => model.inventory.links.target(each.get('vpc_id'), 'aws_vpc') === vpc)
    .flatMap((each) => list(each.get('cidr_block')));
  return [...list(vpc.get('cidr_block')), ...more];
}
