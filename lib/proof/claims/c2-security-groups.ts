import type { Resource } from '../load/resource';
import { list } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import { directExit, cidrsOf } from '../model/exits';
import { gatewayEndpointOf, isEndpoint } from '../model/endpoints';
import { type Device, GROUP_ATTACHMENTS, hasRole } from '../model/devices';
import type { Model } from '../model/model';
import { isResolver } from '../model/resolver-address';
import type { Rule, SecurityGroup } from '../model/security-groups';
import type { Hop } from '../proof';
import { Findings, firstPart, hop, MAKE_KNOWN, origin, why, type ClaimDraft } from './claim';
import { identityOf, portWords, portsOf, type Identity } from './identity';

/** C2: all groups of a workload together let it out to what it needs, and to nothing else. */
export function checkSecurityGroups(model: Model): ClaimDraft {
  const findings = new Findings('C2');
  const seen = new Set<string>();
  for (const device of model.governed) {
    checkUnknownGroups(findings, device);
    // Devices with the same groups have the same reach.
    const key = device.groups.map(({ resource }) => `${resource.document} ${resource.address}`).join('|');
    if (seen.has(key)) continue;
    seen.add(key);
    checkDevice(model, findings, device);
    const rules = device.groups.reduce((sum, { egress }) => sum + egress.length, 0);
    findings.evidence(
      `${firstPart(device).address}: ${device.groups.map(({ resource }) => resource.address).join(' and ')}, ${rules} rules out`,
    );
  }
  for (const group of model.groups.all) if (group.role === 'endpoint') checkEndpointGroup(model, findings, group);
  if (model.governed.length > 0) checkStray(model, findings);
  return findings.draft();
}

function checkUnknownGroups(findings: Findings, device: Device): void {
  for (const unknown of device.unknownGroups)
    findings.unproven(
      firstPart(device),
      `one of its security groups is not known: ${why(unknown)}`,
      [origin(device)],
      MAKE_KNOWN,
    );
}

function checkDevice(model: Model, findings: Findings, device: Device): void {
  const identity = identityOf(device);
  if (identity.names.length > 1)
    findings.broken(
      firstPart(device),
      `${firstPart(device).address} carries the groups of ${identity.names.join(' and ')}, so it has the reach of both`,
      [origin(device)],
      'give it the group of one workload',
    );
  for (const group of device.groups)
    for (const rule of group.egress) checkRule(model, findings, { device, identity, group, rule });
}

interface Case {
  readonly device: Device;
  readonly identity: Identity;
  readonly group: SecurityGroup;
  readonly rule: Rule;
}

function checkRule(model: Model, findings: Findings, item: Case): void {
  const { peer } = item.rule;
  if (peer.kind === 'unknown')
    return unproven(findings, item, `leads to a peer that is not known: ${why(peer.unknown)}`);
  if (peer.kind === 'group') return checkPeer(model, findings, item, peer.group);
  if (peer.kind === 'cidr') return checkCidr(model, findings, item, peer.value);
  return checkPrefixList(model, findings, item, peer.value);
}

function checkCidr(model: Model, findings: Findings, item: Case, cidr: Value): void {
  if (cidr instanceof Unknown) return unproven(findings, item, `leads to addresses that are not known: ${why(cidr)}`);
  const vpcCidrs = [...model.vpcs.keys()].flatMap((vpc) => cidrsOf(model, vpc));
  const { protocol, from, to } = item.rule;
  if (from === 53 && to === 53 && (protocol === 'tcp' || protocol === 'udp') && isResolver(cidr, vpcCidrs)) return;
  broken(findings, item, `lets it out to ${show(cidr)} on ${portWords(item.rule)}`);
}

function checkPrefixList(model: Model, findings: Findings, item: Case, value: Value): void {
  const endpoints = gatewayEndpointOf(model.inventory, value);
  if (endpoints !== null && !(endpoints instanceof Unknown)) {
    if (endpoints.length === 0)
      return broken(findings, item, `lets it out to ${show(value)}, for which there is no gateway endpoint`);
    return checkPort(findings, item, 443, `the gateway endpoint ${endpoints[0]?.address ?? ''}`);
  }
  const own = model.inventory.links.target(value, 'aws_ec2_managed_prefix_list');
  if (own !== undefined && !(own instanceof Unknown)) {
    const entries = entriesOf(model, own);
    const unknown = entries.find((entry) => entry instanceof Unknown);
    if (unknown) unproven(findings, item, `leads to ${own.address}, which may have more entries: ${why(unknown)}`);
    const cidrs = [
      ...list(own.get('entry')),
      ...entries.flatMap((entry) => (entry instanceof Unknown ? [] : [{ cidr: entry.get('cidr') ?? null }])),
    ];
    for (const entry of cidrs) checkCidr(model, findings, item, cidrOf(entry));
    return;
  }
  if (endpoints === null) return broken(findings, item, `lets it out to the addresses of ${show(value)}`);
  unproven(findings, item, `leads to a prefix list that is not known: ${why(endpoints)}`);
}

/** Entries of a prefix list that are resources of their own; unknown where one may belong to it. */
function entriesOf({ inventory }: Model, prefixList: Resource): readonly (Resource | Unknown)[] {
  return inventory.of('aws_ec2_managed_prefix_list_entry').flatMap((entry): (Resource | Unknown)[] => {
    const target = inventory.links.target(entry.get('prefix_list_id'), prefixList.type);
    if (target === prefixList) return [entry];
    const could = target instanceof Unknown && inventory.links.couldBe(target, prefixList.type);
    return could ? [new Unknown(`${entry.address}.prefix_list_id`, target.reason)] : [];
  });
}

function cidrOf(entry: Value): Value {
  if (entry instanceof Unknown || typeof entry !== 'object' || entry === null) return entry;
  return 'cidr' in entry ? (entry as { cidr: Value }).cidr : new Unknown(show(entry), 'is not an entry');
}

function checkPeer(model: Model, findings: Findings, item: Case, target: SecurityGroup): void {
  const { role } = target;
  const { identity } = item;
  if (role instanceof Unknown)
    return unproven(findings, item, `leads to ${target.resource.address}, whose role is not known: ${why(role)}`);
  if (role === 'gateway') return checkGateway(findings, item, target);
  if (role === 'endpoint') {
    if (target.port instanceof Unknown)
      return unproven(findings, item, `leads to an endpoint whose port is not known: ${why(target.port)}`);
    return checkPort(findings, item, target.port ?? 443, `the endpoint ${target.resource.address}`);
  }
  if (role === 'workload') {
    const { calls } = identity;
    if (calls instanceof Unknown)
      return unproven(
        findings,
        item,
        `leads to ${target.name}, and the tag mcp-egress:calls is not known: ${why(calls)}`,
      );
    if (target.workload instanceof Unknown)
      return unproven(findings, item, `leads to a workload whose name is not known: ${why(target.workload)}`);
    const ports = calls.filter(({ name }) => name === target.name).map(({ port }) => port);
    if (ports.length === 0)
      return broken(
        findings,
        item,
        `lets it out to the workload ${target.name}, which it does not declare in mcp-egress:calls`,
      );
    if (ports.some((port) => isExactly(item.rule, port))) return undefined;
    return checkPort(findings, item, ports[0] ?? 0, `the workload ${target.name}`);
  }
  const pivot = (model.carriers.get(target) ?? []).find((host) => directExit(model, host));
  const end = pivot ? `: ${firstPart(pivot).address} can itself reach other networks (a pivot)` : '';
  broken(findings, item, `lets it out to ${target.resource.address}, which is no part of the perimeter${end}`);
}

function checkGateway(findings: Findings, item: Case, target: SecurityGroup): void {
  const { identity, device } = item;
  if (identity.port instanceof Unknown)
    return unproven(findings, item, `leads to the gateway, and its own port is not known: ${why(identity.port)}`);
  if (!hasRole(device, 'workload'))
    return broken(findings, item, 'lets a container host out to the gateway, where only workloads have a port');
  // Without the tag the rules must agree: one port on this side, and claim C6 compares it with the gateway's.
  const port = identity.port ?? portsOf(device, target)[0];
  if (port !== undefined) checkPort(findings, item, port, 'the gateway');
  else broken(findings, item, `lets it out to the gateway on ${portWords(item.rule)}, and its own port is one`);
}

/** TCP on one port, and no other. */
function checkPort(findings: Findings, item: Case, port: number, target: string): void {
  const { protocol, from, to } = item.rule;
  const unknown = [protocol, from, to].find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown)
    return unproven(findings, item, `leads to ${target} on ports that are not known: ${why(unknown)}`);
  if (!isExactly(item.rule, port))
    broken(findings, item, `lets it out to ${target} on ${portWords(item.rule)}; only TCP port ${port} is its own`);
}

function isExactly({ protocol, from, to }: Rule, port: number): boolean {
  return protocol === 'tcp' && from === port && to === port;
}

function pathOf({ device, group, rule }: Case, what: string): Hop[] {
  return [origin(device), hop(group.resource, 'is one of its security groups'), hop(rule.resource, what)];
}

function broken(findings: Findings, item: Case, what: string): void {
  const { rule, group } = item;
  const change =
    rule.resource === group.resource
      ? `take this rule out of ${rule.resource.address}`
      : `remove or narrow ${rule.resource.address}`;
  findings.broken(rule.resource, `${rule.resource.address} ${what}`, pathOf(item, what), change);
}

function unproven(findings: Findings, item: Case, what: string): void {
  findings.unproven(item.rule.resource, `${item.rule.resource.address} ${what}`, pathOf(item, what), MAKE_KNOWN);
}

function checkEndpointGroup(model: Model, findings: Findings, group: SecurityGroup): void {
  for (const device of model.carriers.get(group) ?? []) {
    const odd = device.parts.find((part) => !isEndpoint(part));
    if (odd)
      findings.broken(
        odd,
        `${odd.address} carries ${group.resource.address}, whose role is endpoint, but it is no endpoint of an AWS service`,
        [hop(group.resource, 'may be reached by workloads'), hop(odd, 'carries it')],
        `give ${odd.address} a group of its own`,
      );
  }
}

function checkStray(model: Model, findings: Findings): void {
  for (const [type, key, targets] of GROUP_ATTACHMENTS) {
    for (const resource of model.inventory.of(type)) {
      const unknown = model.inventory.links.target(resource.get(key), ...targets);
      if (!(unknown instanceof Unknown) || !targets.some((each) => model.inventory.links.couldBe(unknown, each)))
        continue;
      findings.unproven(
        resource,
        `${resource.address} may put a group on the interface of a workload: ${why(unknown)}`,
        [hop(resource, 'puts a group on something that is not known')],
        MAKE_KNOWN,
      );
    }
  }
  for (const { direction, resource, unknown } of model.groups.stray) {
    if (direction === 'ingress' || !model.inventory.links.couldBe(unknown, 'aws_security_group')) continue;
    findings.unproven(
      resource,
      `${resource.address} may belong to the group of a workload: ${why(unknown)}`,
      [hop(resource, 'lets a group out that is not known')],
      MAKE_KNOWN,
    );
  }
}
