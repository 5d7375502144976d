import { list } from '../value/read';
import { show, Unknown } from '../value/value';
import type { Resource } from '../load/resource';
import { hasRole, type Device } from '../model/devices';
import type { Model } from '../model/model';
import type { Rule, SecurityGroup } from '../model/security-groups';
import type { Hop } from '../proof';
import { Findings, firstPart, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';
import { portWords } from './identity';

/** C6: the gateway lets each workload's group in on that workload's port, and nobody else; and it enforces its policy. */
export function checkGateway(model: Model): ClaimDraft {
  const findings = new Findings('C6');
  const gateways = model.groups.all.filter(({ role }) => role === 'gateway');
  /** Which workload a port belongs to, for each gateway. */
  for (const gateway of gateways) {
    checkMode(findings, gateway);
    const owners = new Map<number, SecurityGroup>();
    // In an order of their own, so that the proof does not depend on that of the document.
    const rules = [...gateway.ingress].sort((a, b) => compare(a.resource.address, b.resource.address));
    for (const rule of rules) checkRule(findings, gateway, rule, owners);
    for (const [port, { name }] of [...owners].sort(([a], [b]) => a - b))
      findings.evidence(`${gateway.resource.address}: TCP port ${port} is the port of ${name}`);
  }
  for (const device of model.devices) if (hasRole(device, 'gateway')) checkDevice(model, findings, device);
  if (gateways.length > 0) checkStray(model, findings);
  else findings.evidence('no security group has the role gateway');
  return findings.draft();
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function checkMode(findings: Findings, { resource, mode }: SecurityGroup): void {
  if (mode === undefined || mode === 'enforce')
    return findings.evidence(`${resource.address}: the gateway enforces its policy`);
  const path = [hop(resource, `is the gateway, in mode ${show(mode)}`)];
  if (mode === 'observe')
    findings.broken(
      resource,
      `the gateway of ${resource.address} only observes: it lets everything pass and logs it`,
      path,
      'set mode: enforce in the policy',
    );
  else
    findings.unproven(
      resource,
      `the mode of ${resource.address} is not known: ${show(mode)}`,
      path,
      'set the tag mcp-egress:mode to enforce or observe',
    );
}

/** What carries the gateway's group may carry others, whose rules let in as well. */
function checkDevice(model: Model, findings: Findings, device: Device): void {
  for (const unknown of [...device.unknownGroups, ...device.unknownParts])
    findings.unproven(
      firstPart(device),
      `one of the groups of ${firstPart(device).address} is not known: ${why(unknown)}`,
      [hop(firstPart(device), 'carries the group of the gateway')],
      MAKE_KNOWN,
    );
  for (const group of device.groups)
    if (group.role !== 'gateway') for (const rule of group.ingress) checkRule(findings, group, rule, new Map());
  checkPrivateLink(model, findings, device);
}

/** PrivateLink brings clients of other networks to a load balancer, whose groups may not be asked. */
function checkPrivateLink(model: Model, findings: Findings, device: Device): void {
  for (const service of model.inventory.of('aws_vpc_endpoint_service')) {
    const balancers = model.inventory.links.targets(
      list(service.get('network_load_balancer_arns')),
      'aws_lb',
      'aws_alb',
    );
    if (balancers.some((each) => !(each instanceof Unknown) && device.parts.includes(each)))
      findings.unproven(
        service,
        `${service.address} lets other networks reach the gateway, and who they are is not shown by security groups`,
        [hop(service, 'leads to the gateway'), hop(firstPart(device), 'carries the group of the gateway')],
        `remove ${service.address}`,
      );
  }
}

function checkRule(findings: Findings, gateway: SecurityGroup, rule: Rule, owners: Map<number, SecurityGroup>): void {
  const { peer, resource } = rule;
  const say = (status: 'broken' | 'unproven', what: string): void => {
    const path: Hop[] = [hop(gateway.resource, 'is a group of the gateway'), hop(resource, what)];
    const change =
      resource === gateway.resource
        ? `take this rule out of ${resource.address}`
        : `remove or narrow ${resource.address}`;
    findings[status](resource, `${resource.address} ${what}`, path, status === 'broken' ? change : MAKE_KNOWN);
  };
  if (peer.kind === 'unknown') return say('unproven', `lets in a peer that is not known: ${why(peer.unknown)}`);
  if (peer.kind !== 'group') {
    if (peer.value instanceof Unknown)
      return say('unproven', `lets in addresses that are not known: ${why(peer.value)}`);
    return say('broken', `lets ${show(peer.value)} use the gateway on ${portWords(rule)}: an open relay`);
  }
  const { role } = peer.group;
  if (role instanceof Unknown)
    return say('unproven', `lets in ${peer.group.resource.address}, whose role is not known: ${why(role)}`);
  // A load balancer in front of the gateway is part of it.
  if (role === 'gateway') return undefined;
  if (role !== 'workload') return say('broken', `lets ${peer.group.resource.address} in, which is no workload`);
  return checkWorkload(rule, peer.group, owners, say);
}

function checkWorkload(
  rule: Rule,
  workload: SecurityGroup,
  owners: Map<number, SecurityGroup>,
  say: (status: 'broken' | 'unproven', what: string) => void,
): void {
  const { protocol, from, to } = rule;
  const unknown = [protocol, from, to, workload.port].find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown)
    return say('unproven', `lets ${workload.name} in on ports that are not known: ${why(unknown)}`);
  if (protocol !== 'tcp' || typeof from !== 'number' || from !== to)
    return say('broken', `lets ${workload.name} in on ${portWords(rule)}, and a workload has one port`);
  const own = workload.port ?? outwardPort(workload);
  if (own === undefined)
    return say(
      'unproven',
      `lets ${workload.name} in on TCP port ${from}, and nothing says that this is its port (tag mcp-egress:port)`,
    );
  if (own !== from) return say('broken', `lets ${workload.name} in on TCP port ${from}, and its port is ${show(own)}`);
  const owner = owners.get(from);
  if (owner && owner.name !== workload.name)
    return say('broken', `lets ${workload.name} in on TCP port ${from}, which is the port of ${owner.name}`);
  owners.set(from, workload);
  return undefined;
}

/** Without a tag: the one port on which the workload's own rules lead to gateways. */
function outwardPort({ egress }: SecurityGroup): number | undefined {
  const ports = new Set(
    egress.flatMap(({ peer, from, to }) =>
      peer.kind === 'group' && peer.group.role === 'gateway' && typeof from === 'number' && from === to ? [from] : [],
    ),
  );
  return ports.size === 1 ? [...ports][0] : undefined;
}

function checkStray(model: Model, findings: Findings): void {
  for (const { direction, resource, unknown } of model.groups.stray) {
    if (direction === 'egress' || !model.inventory.links.couldBe(unknown, 'aws_security_group')) continue;
    if (isHarmless(model, resource)) continue;
    findings.unproven(
      resource,
      `${resource.address} may let somebody use the gateway: ${why(unknown)}`,
      [hop(resource, 'lets somebody into a group that is not known')],
      MAKE_KNOWN,
    );
  }
}

/** A rule that lets workloads or the gateway into a group that is not known opens nothing on the gateway's side, unless it is on a wrong port. */
function isHarmless(model: Model, rule: Resource): boolean {
  const peer = model.groups.find(rule.get('referenced_security_group_id') ?? rule.get('source_security_group_id'));
  return peer !== undefined && !(peer instanceof Unknown) && peer.role === 'gateway';
}
