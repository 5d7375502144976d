import type { Resource } from '../load/resource';
import { bool } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { hasRole, type Device } from '../model/devices';
import { isHeldElsewhere } from '../model/elastic-ips';
import { Fronts, type Front } from '../model/fronts';
import type { Model } from '../model/model';
import { checkInvocations } from './c3-invocations';
import { checkResourceGateways } from './c3-lattice';
import { Findings, firstPart, hop, MAKE_KNOWN, origin, why, type ClaimDraft } from './claim';

/** Attributes that give an interface an address of its own on another network, at any depth, with what they give. */
const ADDRESSES: Readonly<Record<string, string>> = {
  assign_public_ip: 'a public address',
  associate_public_ip_address: 'a public address',
  associate_carrier_ip_address: 'a carrier address',
  ipv6_address_count: 'IPv6 addresses',
  ipv6_addresses: 'IPv6 addresses',
  ipv6_prefix_count: 'IPv6 prefixes',
  ipv6_prefixes: 'IPv6 prefixes',
  enable_primary_ipv6: 'an IPv6 address',
};

/** Attributes of subnets that do so for whatever is launched there. */
const ON_LAUNCH: Readonly<Record<string, string>> = {
  map_public_ip_on_launch: 'a public address',
  assign_ipv6_address_on_creation: 'an IPv6 address',
  map_customer_owned_ip_on_launch: 'an address of the customer-owned pool',
};

const BALANCER = /^aws_(lb|alb|elb)$/;

/** C3: no workload has an address that others reach it by, and nobody else's service leads to one. */
export function checkWaysIn(model: Model): ClaimDraft {
  const findings = new Findings('C3');
  const fronts = new Fronts(model.inventory);
  const subnets = new Map<Resource, Device>();
  for (const device of model.governed) {
    for (const part of device.parts) {
      checkAddresses(findings, device, part);
      if (BALANCER.test(part.type)) checkFront(findings, device, { chain: [part], words: 'a load balancer' });
    }
    for (const subnet of device.subnets) if (!subnets.has(subnet)) subnets.set(subnet, device);
    const ways = fronts.of(device);
    for (const front of ways) checkFront(findings, device, front);
    if (ways.length === 0) findings.evidence(`${firstPart(device).address}: nothing leads to it`);
  }
  for (const [subnet, device] of subnets) checkSubnet(findings, device, subnet);
  checkElasticIps(model, findings);
  if (model.governed.length > 0) checkStray(model, findings, fronts);
  checkInvocations(model, findings);
  checkResourceGateways(model, findings);
  return findings.draft();
}

function checkAddresses(findings: Findings, device: Device, part: Resource): void {
  for (const key of part.keys) {
    if (key === 'tags' || key === 'container_definitions' || key === 'user_data') continue;
    for (const { path, value } of walk(part.get(key) ?? null, [key])) {
      const name = path.at(-1) ?? '';
      const words = Object.hasOwn(ADDRESSES, name) ? ADDRESSES[name] : undefined;
      if (words !== undefined)
        judge(findings, [origin(device), hop(part, `gets ${words}`)], part, path.join('.'), value, words);
      if (key === 'vpc_lattice_configurations')
        findings.broken(
          part,
          `${part.address} is a target of VPC Lattice`,
          [origin(device), hop(part, 'can be reached through VPC Lattice')],
          `take vpc_lattice_configurations out of ${part.address}`,
        );
    }
  }
}

function checkSubnet(findings: Findings, device: Device, subnet: Resource): void {
  for (const [key, words] of Object.entries(ON_LAUNCH)) {
    // A default subnet gives public addresses unless told otherwise (VPC User Guide, "Default subnets").
    const byDefault = subnet.type === 'aws_default_subnet' && key === 'map_public_ip_on_launch' ? true : undefined;
    const path = [origin(device), hop(subnet, `gives ${words} to what is launched in it`)];
    judge(findings, path, subnet, key, subnet.get(key) ?? byDefault, words);
  }
}

function judge(
  findings: Findings,
  path: Parameters<Findings['broken']>[2],
  resource: Resource,
  key: string,
  value: Value | undefined,
  words: string,
): void {
  const given = isGiven(value);
  if (given instanceof Unknown) {
    findings.unproven(
      resource,
      `whether ${resource.address} gives ${words} is not known: ${key}: ${why(given)}`,
      path,
      MAKE_KNOWN,
    );
  } else if (given) {
    findings.broken(
      resource,
      `${resource.address} gives ${words}: ${key} is ${show(value)}`,
      path,
      `set ${key} to false, or leave it out`,
    );
  }
}

function isGiven(value: Value | undefined): boolean | Unknown {
  if (value === undefined || value === null || value === 0 || value === '0' || value === '' || value === 'DISABLED')
    return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'number' || value === 'ENABLED') return true;
  if (typeof value === 'string' && value !== 'true' && value !== 'false') return true;
  return bool(value) ?? false;
}

function checkElasticIps(model: Model, findings: Findings): void {
  const types = ['aws_instance', 'aws_network_interface'] as const;
  for (const eip of model.inventory.of('aws_eip', 'aws_eip_association')) {
    for (const key of ['instance', 'instance_id', 'network_interface', 'network_interface_id']) {
      const target = model.inventory.links.target(eip.get(key), ...types);
      if (target === undefined) continue;
      if (target instanceof Unknown) {
        const could =
          model.governed.length > 0 &&
          types.some((type) => model.inventory.links.couldBe(target, type)) &&
          !(key.startsWith('network_interface') && isHeldElsewhere(model.inventory, eip, eip.get(key)));
        if (could)
          findings.unproven(
            eip,
            `what ${eip.address} belongs to is not known: ${why(target)}`,
            [hop(eip, 'is a public address')],
            MAKE_KNOWN,
          );
        continue;
      }
      const device = model.deviceOf.get(target);
      if (device && hasRole(device, 'workload', 'host'))
        findings.broken(
          eip,
          `${eip.address} gives ${target.address} a public address`,
          [origin(device), hop(target, 'has an elastic IP'), hop(eip, 'is a public address')],
          `remove ${eip.address}`,
        );
    }
  }
}

function checkFront(findings: Findings, device: Device, { chain, words, unknown }: Front): void {
  const last = chain.at(-1) ?? firstPart(device);
  const target = (chain[0] ?? last).address;
  const path = [
    origin(device),
    ...chain.map((each) => hop(each, each === last ? `is ${words} in front of it` : 'is in front of it')),
  ];
  if (unknown) {
    findings.unproven(last, `what is in front of ${target} is not known: ${why(unknown)}`, path, MAKE_KNOWN);
    return;
  }
  const isBalancer = BALANCER.test(last.type);
  const internal = isBalancer ? bool(last.get('internal')) : false;
  if (internal === true) return;
  if (internal instanceof Unknown)
    findings.unproven(
      last,
      `whether ${last.address} faces the Internet is not known: ${why(internal)}`,
      path,
      MAKE_KNOWN,
    );
  else
    findings.broken(
      last,
      isBalancer
        ? `${last.address} faces the Internet and leads to ${target}`
        : `${last.address} is ${words} and leads to ${target}`,
      path,
      isBalancer ? `set internal to true on ${last.address}` : `remove ${last.address}`,
    );
}

/** Something that leads to targets which are not known; only where it is open to others. */
function checkStray(model: Model, findings: Findings, fronts: Fronts): void {
  for (const { resource, unknown, types } of fronts.stray) {
    const could = types.some((type) => model.inventory.links.couldBe(unknown, type));
    if (could)
      findings.unproven(
        resource,
        `${resource.address} may lead to a workload: ${why(unknown)}`,
        [hop(resource, 'leads to a target that is not known')],
        MAKE_KNOWN,
      );
  }
}
