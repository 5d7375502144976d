import type { Resource } from '../load/resource';
import { list, number, text } from '../value/read';
import { Unknown, type Value } from '../value/value';
import type { Inventory } from '../model/inventory';

/** A rule of DNS Firewall as a VPC's resolver meets it. */
export interface FirewallRule {
  readonly resource: Resource;
  readonly action: string | Unknown;
  /** The entries of its list; undefined where it has none. */
  readonly domains: readonly Value[] | Unknown | undefined;
  /** Whether it looks at one type of question alone (`q_type`). */
  readonly isPartial: boolean;
}

/** The rules of a VPC in the order in which they are read, or what is not known of the order. */
export interface FirewallRules {
  readonly associations: readonly Resource[];
  readonly rules: readonly FirewallRule[];
  readonly unknown: readonly { readonly resource: Resource; readonly unknown: Unknown }[];
}

const ASSOCIATION = 'aws_route53_resolver_firewall_rule_group_association';
const GROUP = 'aws_route53_resolver_firewall_rule_group';
const LIST = 'aws_route53_resolver_firewall_domain_list';

/** Gathers the rules that bind a VPC: by the priority of the association, then of the rule; the first that fits decides. */
export function firewallOf(inventory: Inventory, vpc: Resource): FirewallRules {
  const { links } = inventory;
  const unknown: { resource: Resource; unknown: Unknown }[] = [];
  const bound = inventory.of(ASSOCIATION).filter((each) => {
    const target = links.target(each.get('vpc_id'), 'aws_vpc', 'aws_default_vpc');
    if (target instanceof Unknown && links.couldBe(target, vpc.type)) unknown.push({ resource: each, unknown: target });
    return target === vpc;
  });
  const associations = inOrder(bound, unknown);
  const rules = associations.flatMap((association) => {
    const group = links.target(association.get('firewall_rule_group_id'), GROUP);
    if (group === undefined || group instanceof Unknown) {
      unknown.push({
        resource: association,
        unknown: group ?? new Unknown('firewall_rule_group_id', 'is not written'),
      });
      return [];
    }
    return inOrder(rulesOf(inventory, group, unknown), unknown).map((rule) => readRule(inventory, rule));
  });
  return { associations, rules, unknown };
}

function rulesOf(
  inventory: Inventory,
  group: Resource,
  unknown: { resource: Resource; unknown: Unknown }[],
): Resource[] {
  return inventory.of('aws_route53_resolver_firewall_rule').filter((rule) => {
    const target = inventory.links.target(rule.get('firewall_rule_group_id'), GROUP);
    if (target instanceof Unknown && inventory.links.couldBe(target, GROUP))
      unknown.push({ resource: rule, unknown: target });
    return target === group;
  });
}

function inOrder(resources: readonly Resource[], unknown: { resource: Resource; unknown: Unknown }[]): Resource[] {
  const priorities = new Map(resources.map((each) => [each, number(each.get('priority'))]));
  for (const [resource, priority] of priorities)
    if (resources.length > 1 && typeof priority !== 'number')
      unknown.push({ resource, unknown: priority ?? new Unknown(`${resource.address}.priority`, 'is not written') });
  const order = (each: Resource): number => {
    const priority = priorities.get(each);
    return typeof priority === 'number' ? priority : 0;
  };
  return [...resources].sort((a, b) => order(a) - order(b));
}

function readRule(inventory: Inventory, rule: Resource): FirewallRule {
  const value = rule.get('firewall_domain_list_id');
  const target = inventory.links.target(value, LIST);
  return {
    resource: rule,
    action: text(rule.get('action')) ?? new Unknown('action', 'is not written'),
    domains: target === undefined || target instanceof Unknown ? target : list(target.get('domains')),
    isPartial: rule.get('q_type') !== undefined && rule.get('q_type') !== null && rule.get('q_type') !== '',
  };
}
