import { isRead, kindOf } from '../catalogue/types';
import type { Resource } from '../load/resource';
import { Unknown } from '../value/value';
import { groupsNamedBy } from '../model/attachments';
import { hasRole, type Device } from '../model/devices';
import { isEndpoint } from '../model/endpoints';
import type { Model } from '../model/model';
import { checkLeftOut } from './c8-left-out';
import { checkFunctionVersions } from './c8-functions';
import { checkMentions, concernsNetwork, networkIds, touchesNetwork } from './c8-mentions';
import { checkStarters } from './c8-starters';
import { checkVersions } from './c8-versions';
import { Findings, firstPart, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';

const ROLES = new Set(['workload', 'gateway', 'endpoint', 'host']);

/** The claim, and the types that it passed over. */
export interface ResolutionDraft extends ClaimDraft {
  readonly ignoredTypes: readonly string[];
}

/** C8: nothing that could route, attach an interface or be a workload is unknown. */
export function checkResolution(model: Model): ResolutionDraft {
  const findings = new Findings('C8');
  const ignored = new Set<string>();
  const ids = networkIds(model);
  for (const resource of model.inventory.resources) checkResource(findings, ignored, resource, ids);
  for (const { document, modules } of model.inventory.loaded)
    for (const name of modules)
      findings.unproven(
        undefined,
        `${name} of ${document.name} may hold anything, and its resources are not in the document`,
        [{ address: name, words: 'is a module' }],
        'prove the output of terraform show -json, which holds the resources of modules',
      );
  for (const { document, gaps } of model.inventory.loaded)
    for (const { name, what, change } of gaps)
      findings.unproven(undefined, what, [{ address: name, words: `stands in ${document.name}` }], change);
  checkRoles(model, findings);
  checkWorkloads(model, findings);
  for (const device of model.governed) {
    checkCarriers(findings, device);
    checkVersions(model.inventory.links, findings, device);
  }
  for (const resource of model.inventory.resources) checkHarmless(model, findings, resource);
  checkLeftOut(model, findings);
  checkStarters(model, findings);
  checkFunctionVersions(model, findings);
  checkMentions(model, findings);
  const { length } = model.governed;
  findings.evidence(
    `${length} ${length === 1 ? 'workload or host' : 'workloads and hosts'} among ${model.inventory.resources.length} resources`,
  );
  return { ...findings.draft(), ignoredTypes: [...ignored].sort() };
}

function checkResource(findings: Findings, ignored: Set<string>, resource: Resource, ids: ReadonlySet<string>): void {
  const { type, address } = resource;
  const kind = kindOf(type);
  const say = (what: string, change: string): void =>
    findings.unproven(resource, what, [hop(resource, 'is not read')], change);
  if (resource.mode === 'data') {
    if (type === 'external') say(`${address} runs a program, which may do anything`, `remove ${address}`);
    return;
  }
  if (resource.provisioned)
    say(`${address} runs programs when it is made (provisioner), which may do anything`, 'remove the provisioner');
  if (resource.frozen && kind !== 'harmless')
    say(
      `${address} keeps what it was made with (ignore_changes), and the document does not show what that was`,
      'name the attributes that may change, or prove the output of terraform show -json',
    );
  if (kind === 'anything')
    say(
      `${address} can make anything, and what it makes is not in the document`,
      'write its resources as Terraform resources',
    );
  if (
    resource.repeated &&
    (kind === 'modelled' || kind === 'inVpc' || (kind === 'unknown' && touchesNetwork(resource, ids)))
  )
    say(
      `how often ${address} is made is not known (count or for_each)`,
      'write its instances one by one, or prove the output of terraform show -json',
    );
  if (kind === 'unknown') {
    if (touchesNetwork(resource, ids))
      say(
        `${type} is a type that the proof does not know, and ${address} names a part of a network`,
        'check by hand what it opens',
      );
    else ignored.add(type);
  }
  if (type.startsWith('aws_') || kind !== 'harmless') return;
  if (concernsNetwork(resource, ids))
    say(
      `${type} is a type of another provider, and ${address} names a part of a network`,
      'check by hand what it opens',
    );
  else ignored.add(type);
}

/** What carries a workload must be of a type whose ways out are known: others may have interfaces that no group stops. */
function checkCarriers(findings: Findings, device: Device): void {
  for (const part of device.parts) {
    if (isRead(part.type) || isEndpoint(part) || kindOf(part.type) === 'unknown') continue;
    findings.unproven(
      part,
      `${part.address} carries the group of a workload, and what else a ${part.type} can reach is not read`,
      [hop(part, 'carries the group of a workload')],
      'give it a group without a role, or run the workload on ECS, EC2 or Lambda',
    );
  }
}

/** A type that is thought to have no interface, and names the group of a workload all the same. */
function checkHarmless(model: Model, findings: Findings, resource: Resource): void {
  if (resource.mode === 'data' || kindOf(resource.type) !== 'harmless') return;
  const isOurs = groupsNamedBy(resource).some((value) => {
    const group = model.groups.find(value);
    return group !== undefined && !(group instanceof Unknown) && (group.role === 'workload' || group.role === 'host');
  });
  if (!isOurs) return;
  findings.unproven(
    resource,
    `${resource.address} names the group of a workload, and what a ${resource.type} does with it is not read`,
    [hop(resource, 'names the group of a workload')],
    'give it a group without a role',
  );
}

function checkRoles(model: Model, findings: Findings): void {
  for (const resource of model.inventory.of('aws_ec2_tag')) {
    const key = resource.get('key');
    if (typeof key === 'string' && !key.startsWith('mcp-egress:')) continue;
    findings.unproven(
      resource,
      `${resource.address} may set a tag by which roles are known, and is not read`,
      [hop(resource, 'sets a tag')],
      'write the tag in the tags of the security group',
    );
  }
  for (const { resource, role } of model.groups.all) {
    if (role === undefined || (typeof role === 'string' && ROLES.has(role))) continue;
    const what =
      role instanceof Unknown
        ? `the tags of ${resource.address} are not known, so nobody knows whether it is a workload's: ${why(role)}`
        : `${resource.address} has the role ${JSON.stringify(role)}, which is none of workload, gateway, endpoint and host`;
    findings.unproven(
      resource,
      what,
      [hop(resource, 'has a role that is not known')],
      'set the tag mcp-egress:role to one of them, or remove it',
    );
  }
}

function checkWorkloads(model: Model, findings: Findings): void {
  const workloads = model.groups.all.filter(({ role }) => role === 'workload');
  for (const group of workloads)
    if (!model.carriers.has(group))
      findings.unproven(
        group.resource,
        `nothing in the documents carries ${group.resource.address}, so what runs the workload ${group.name} is not known`,
        [hop(group.resource, 'is the group of a workload')],
        'give the proof the document of what runs it, or remove the group',
      );
  if (workloads.length === 0)
    findings.unproven(
      undefined,
      'no workload was found: no security group has the tag mcp-egress:role = workload, and a proof about nothing is none',
      [],
      'tag the groups of workloads, of the gateway and of endpoints (mcp-egress:role)',
    );
  for (const device of model.devices) {
    if (hasRole(device, 'workload', 'host')) continue;
    for (const unknown of device.unknownGroups) {
      const could = ['aws_security_group', 'aws_default_security_group'].some((type) =>
        model.inventory.links.couldBe(unknown, type),
      );
      if (could)
        findings.unproven(
          firstPart(device),
          `a security group of ${firstPart(device).address} is not known, and may be a workload's: ${why(unknown)}`,
          [hop(firstPart(device), 'is in the network')],
          MAKE_KNOWN,
        );
    }
  }
}
