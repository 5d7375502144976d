import { overlaps, parseCidr } from '../../policy/cidr';
import type { Resource } from '../load/resource';
import { list, text } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import type { Hop } from '../proof';
import type { Device } from './devices';
import { gatewayEndpointOf, tablesOf } from './endpoints';
import type { Model } from './model';
import type { Route, RouteTable } from './routes';
import type { Rule, SecurityGroup } from './security-groups';

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
      const found = openRoute(model, device, table);
      if (found) return [{ address: subnet.address, words: 'is its subnet' }, ...found];
    }
  }
  return undefined;
}

function openRoute(model: Model, device: Device, table: RouteTable): readonly Hop[] | undefined {
  for (const route of outwardRoutes(model, table)) {
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
  if (peer.kind !== 'prefixList') return false;
  const endpoints = gatewayEndpointOf(model.inventory, peer.value);
  if (endpoints === null) return true;
  if (endpoints instanceof Unknown) return false;
  // The route of the endpoint is more specific; without it these addresses take the other one.
  return !endpoints.some((endpoint) => tablesOf(model.inventory, endpoint).includes(table.resource));
}

function meet(cidr: Value, destination: Value | undefined): boolean {
  const isNetwork = (value: Value | undefined): value is string =>
    typeof value === 'string' && !('code' in parseCidr(value));
  return isNetwork(cidr) && isNetwork(destination) ? overlaps(cidr, destination) : !(cidr instanceof Unknown);
}

/** The way out by a host that is no part of the perimeter: it must be let in there, and it can leave by itself. */
function pivotExit(model: Model, device: Device): readonly Hop[] | undefined {
  for (const group of device.groups) {
    for (const rule of group.egress) {
      const target = rule.peer.kind === 'group' ? rule.peer.group : undefined;
      if (!target || isPerimeter(target)) continue;
      for (const host of model.carriers.get(target) ?? []) {
        const found = admits(host, device) ? directExit(model, host) : undefined;
        const first = host.parts[0] as Resource;
        if (found)
          return [
            { address: rule.resource.address, words: `lets it out to ${target.resource.address}` },
            { address: first.address, words: 'admits it, and can leave by itself' },
            ...found,
          ];
      }
    }
  }
  return undefined;
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
