import { overlaps } from '../../policy/cidr';
import type { Resource } from '../load/resource';
import type { Device } from '../model/devices';
import type { Model } from '../model/model';
import { vpcOf, type Rule } from '../model/security-groups';
import { isCidr, networkOf } from '../value/cidr';
import { list } from '../value/read';
import { Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { type Findings, hop, MAKE_KNOWN, origin } from './claim';

/**
 * A resource gateway of VPC Lattice brings others to any address that its groups may reach, and a resource need not name whose address it is
 * (VPC Lattice User Guide, "Resource gateways"). So what a workload's groups let in from it is a way in.
 */
export function checkResourceGateways(model: Model, findings: Findings): void {
  for (const gateway of model.inventory.of('aws_vpclattice_resource_gateway'))
    for (const device of model.governed) {
      if (isElsewhere(model, gateway, device)) continue;
      const rule = device.groups.flatMap(({ ingress }) => ingress).find((each) => mayAdmit(model, each, gateway));
      if (rule) tell(model, findings, { device, gateway, rule });
    }
}

/** In another VPC, to which claim C1 lets nothing lead. */
function isElsewhere({ inventory }: Model, gateway: Resource, { subnets }: Device): boolean {
  const own = vpcOf(inventory, gateway);
  const vpcs = subnets.map((subnet) => vpcOf(inventory, subnet));
  const isKnown = [own, ...vpcs].every((vpc) => vpc !== undefined && !(vpc instanceof Unknown));
  return isKnown && vpcs.length > 0 && !vpcs.includes(own);
}

interface Way {
  readonly device: Device;
  readonly gateway: Resource;
  readonly rule: Rule;
}

function tell(model: Model, findings: Findings, { device, gateway, rule }: Way): void {
  const start = origin(device);
  const path = [start, hop(rule.resource, 'lets it in'), hop(gateway, 'is a resource gateway of VPC Lattice')];
  const leading = resourcesOf(model, gateway).find((each) => leadsTo(each, device));
  if (leading)
    findings.broken(
      leading,
      `${leading.address} is a VPC Lattice resource and leads to the ${start.words}`,
      [...path, hop(leading, 'leads to its addresses')],
      `remove ${leading.address}, or take the group of ${gateway.address} out of ${rule.resource.address}`,
    );
  else
    findings.unproven(
      gateway,
      `${gateway.address} may bring others to the ${start.words}, whom ${rule.resource.address} lets in`,
      path,
      `take the group of ${gateway.address} out of ${rule.resource.address}, or ${MAKE_KNOWN}`,
    );
}

/** Whether a rule may let a resource gateway in: by its group, by its subnets, or because one of both is not known. */
function mayAdmit(model: Model, { peer }: Rule, gateway: Resource): boolean {
  const device = model.deviceOf.get(gateway);
  if (peer.kind === 'group') {
    // Without a group it has the default one of its VPC.
    const isBare = device === undefined || device.groups.length + device.unknownGroups.length === 0;
    if (isBare) return peer.group.resource.type === 'aws_default_security_group';
    return device.unknownGroups.length > 0 || device.groups.includes(peer.group);
  }
  if (peer.kind !== 'cidr') return true;
  const isKnown = device !== undefined && device.subnets.length > 0 && device.unknownSubnets.length === 0;
  return !isKnown || device.subnets.some((subnet) => meets(peer.value, subnet));
}

function resourcesOf({ inventory }: Model, gateway: Resource): readonly Resource[] {
  return inventory.of('aws_vpclattice_resource_configuration').filter((each) => {
    const target = inventory.links.target(each.get('resource_gateway_identifier'), gateway.type);
    // One without a gateway of its own takes that of its group.
    return target === gateway || target === undefined || target instanceof Unknown;
  });
}

/** Whether an address of a resource is in a subnet of a device. */
function leadsTo(resource: Resource, { subnets }: Device): boolean {
  const definition = [...walk(resource.get('resource_configuration_definition') ?? null)];
  const addresses = definition.flatMap(({ path, value }) => (path.at(-1) === 'ip_address' ? list(value) : []));
  return addresses.some(
    (address) => typeof address === 'string' && subnets.some((subnet) => meets(networkOf(address), subnet)),
  );
}

/** Whether addresses are among those of a subnet; so it is where one of both cannot be read. */
function meets(cidr: Value, subnet: Resource): boolean {
  const key = typeof cidr === 'string' && cidr.includes(':') ? 'ipv6_cidr_block' : 'cidr_block';
  const own = subnet.get(key);
  if (key === 'ipv6_cidr_block' && (own === undefined || own === null || own === '')) return false;
  return isCidr(cidr) && isCidr(own) ? overlaps(cidr, own) : true;
}
