import { contains } from '../../policy/cidr';
import { readDomain } from '../dns/domain';
import { firewallOf, type FirewallRule } from '../dns/firewall';
import type { Resource } from '../load/resource';
import { isCidr, networkOf } from '../value/cidr';
import { blocks, bool, text } from '../value/read';
import { show, Unknown, type Value } from '../value/value';
import type { Device } from '../model/devices';
import { cidrsOf } from '../model/exits';
import type { Model } from '../model/model';
import type { Hop } from '../proof';
import { Findings, firstPart, hop, MAKE_KNOWN, origin, why, type ClaimDraft } from './claim';

const VPCS = ['aws_vpc', 'aws_default_vpc'] as const;

/** The claim, and the zones to whose owners a workload can send a few bytes by asking for names. */
export interface DnsDraft extends ClaimDraft {
  readonly residualChannels: readonly string[];
}

/** C5: the resolver of each VPC with workloads answers allowed names alone, and forwards nothing outside. */
export function checkDns(model: Model): DnsDraft {
  const findings = new Findings('C5');
  const channels = new Set<string>();
  for (const { device, unknown } of model.unknownVpcs)
    findings.unproven(
      firstPart(device),
      `the VPC of ${firstPart(device).address} is not known: ${why(unknown)}`,
      [origin(device)],
      MAKE_KNOWN,
    );
  for (const [vpc, device] of model.vpcs) {
    const path = [origin(device), hop(vpc, 'has a resolver that answers it')];
    if (bool(vpc.get('enable_dns_support')) === false) {
      findings.evidence(`${vpc.address}: DNS is off (enable_dns_support)`);
      continue;
    }
    checkFirewall(model, findings, channels, vpc, path);
    checkFailMode(model, findings, vpc, path);
    checkForwarding(model, findings, vpc, device);
  }
  return { ...findings.draft(), residualChannels: [...channels] };
}

function checkFirewall(
  model: Model,
  findings: Findings,
  channels: Set<string>,
  vpc: Resource,
  path: readonly Hop[],
): void {
  const { associations, rules, unknown } = firewallOf(model.inventory, vpc);
  for (const each of unknown)
    findings.unproven(
      each.resource,
      `${each.resource.address} may change what the resolver answers: ${why(each.unknown)}`,
      [...path, hop(each.resource, 'is not known')],
      MAKE_KNOWN,
    );
  if (associations.length === 0) {
    findings.broken(
      vpc,
      `no DNS Firewall rule group is associated with ${vpc.address}, so every name is resolved, and names carry data`,
      path,
      `associate a rule group with ${vpc.address} that ends in a BLOCK of everything, or set enable_dns_support to false`,
    );
    return;
  }
  let isFirst = true;
  for (const rule of rules) {
    if (blocksEverything(rule)) {
      findings.evidence(`${vpc.address}: ${rule.resource.address} blocks what no rule before it allows`);
      if (isFirst)
        findings.evidence(`warning: ${rule.resource.address} comes first, so nothing resolves in ${vpc.address}`);
      return;
    }
    isFirst = false;
    checkRule(findings, channels, rule, path);
  }
  const last = associations[0] ?? vpc;
  if (unknown.length === 0)
    findings.broken(
      last,
      `no rule blocks everything in ${vpc.address}, and DNS Firewall answers what no rule fits`,
      [...path, hop(last, 'has no last rule that blocks the rest')],
      'add a rule of the highest priority number that blocks "*"',
    );
}

function blocksEverything({ action, domains, isPartial }: FirewallRule): boolean {
  if (action !== 'BLOCK' || isPartial || !Array.isArray(domains)) return false;
  return (domains as Value[]).some((each) => readDomain(each).kind === 'everything');
}

function checkRule(findings: Findings, channels: Set<string>, rule: FirewallRule, start: readonly Hop[]): void {
  const { resource, action, domains } = rule;
  if (action === 'BLOCK') return;
  const path = [...start, hop(resource, action === 'ALERT' ? 'only warns of names' : 'allows names')];
  const unknown = action instanceof Unknown ? action : domains instanceof Unknown ? domains : undefined;
  if (unknown)
    return findings.unproven(
      resource,
      `what ${resource.address} allows is not known: ${why(unknown)}`,
      path,
      MAKE_KNOWN,
    );
  if (domains === undefined || domains instanceof Unknown)
    return findings.broken(
      resource,
      `${resource.address} lets through what it finds (${show(action)}) without a list of names`,
      path,
      'set its action to BLOCK',
    );
  for (const value of domains) {
    const domain = readDomain(value);
    if (domain.kind === 'unknown')
      findings.unproven(
        resource,
        `a name that ${resource.address} allows is not known: ${why(domain.unknown)}`,
        path,
        MAKE_KNOWN,
      );
    if (domain.kind === 'wildcard')
      channels.add(`DNS questions for names below ${domain.zone} reach the owner of that zone`);
    if (domain.kind !== 'open' && domain.kind !== 'everything') continue;
    const reason = domain.kind === 'open' ? `: ${domain.why}` : ', which is every name';
    findings.broken(
      resource,
      `${resource.address} allows ${show(value)}${reason}`,
      path,
      'name the hosts, or zones of one owner',
    );
  }
}

/** Without a configuration of its own a VPC fails closed (Route 53 Developer Guide, "DNS Firewall VPC configuration"). */
function checkFailMode(model: Model, findings: Findings, vpc: Resource, start: readonly Hop[]): void {
  for (const config of model.inventory.of('aws_route53_resolver_firewall_config')) {
    const target = model.inventory.links.target(config.get('resource_id'), ...VPCS);
    const mode = text(config.get('firewall_fail_open')) ?? 'DISABLED';
    const isOurs = target === vpc || (target instanceof Unknown && model.inventory.links.couldBe(target, vpc.type));
    if (!isOurs || mode === 'DISABLED') continue;
    const path = [...start, hop(config, 'says what happens when DNS Firewall fails')];
    if (mode === 'ENABLED' && target === vpc)
      findings.broken(
        config,
        `${config.address} lets every name through when DNS Firewall fails`,
        path,
        'set firewall_fail_open to DISABLED',
      );
    else
      findings.unproven(
        config,
        `what ${config.address} does when DNS Firewall fails is not known`,
        path,
        'set firewall_fail_open to DISABLED',
      );
  }
}

function checkForwarding(model: Model, findings: Findings, vpc: Resource, device: Device): void {
  const { links } = model.inventory;
  const ofVpc = (each: Resource, key: string): boolean => {
    const target = links.target(each.get(key), ...VPCS);
    return target === vpc || (target instanceof Unknown && links.couldBe(target, vpc.type));
  };
  for (const association of model.inventory.of('aws_route53_resolver_rule_association')) {
    if (!ofVpc(association, 'vpc_id')) continue;
    const path = [origin(device), hop(association, 'binds a resolver rule to its VPC')];
    const rule = links.target(association.get('resolver_rule_id'), 'aws_route53_resolver_rule');
    // AWS's own rule for what no other rule forwards.
    if (rule instanceof Unknown && rule.text === 'rslvr-autodefined-rr-internet-resolver') continue;
    if (rule === undefined || rule instanceof Unknown)
      findings.unproven(
        association,
        `the rule of ${association.address} is not known${rule ? `: ${why(rule)}` : ''}`,
        path,
        MAKE_KNOWN,
      );
    else checkResolverRule(model, findings, vpc, rule, path);
  }
  for (const association of model.inventory.of('aws_route53profiles_association')) {
    if (ofVpc(association, 'resource_id'))
      findings.unproven(
        association,
        `${association.address} binds a Route 53 profile to ${vpc.address}, and what profiles hold is not read`,
        [origin(device), hop(association, 'binds a profile to its VPC')],
        'bind its rules to the VPC themselves',
      );
  }
}

function checkResolverRule(
  model: Model,
  findings: Findings,
  vpc: Resource,
  rule: Resource,
  start: readonly Hop[],
): void {
  const type = text(rule.get('rule_type'));
  if (type === 'SYSTEM') return;
  const path = [...start, hop(rule, 'forwards questions')];
  const targets = blocks(rule.get('target_ip')).map((block) =>
    block instanceof Unknown ? block : (block.ip ?? block.ipv6 ?? null),
  );
  const outside = targets.find((ip) => !isInside(ip, cidrsOf(model, vpc)));
  if (type instanceof Unknown || outside instanceof Unknown)
    findings.unproven(rule, `where ${rule.address} forwards questions is not known`, path, MAKE_KNOWN);
  else if (type !== 'FORWARD' || outside !== undefined || targets.length === 0)
    findings.broken(
      rule,
      `${rule.address} forwards questions for ${show(rule.get('domain_name'))} outside, to ${show(outside)}`,
      path,
      `remove ${start.at(-1)?.address ?? rule.address}`,
    );
}

function isInside(ip: Value, cidrs: readonly Value[]): boolean {
  return typeof ip === 'string' && isCidr(networkOf(ip)) && contains(cidrs.filter(isCidr), ip);
}
