import { Annotations, Lazy, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Route53ResolverFirewallConfig } from '@cdktf/provider-aws/lib/route53-resolver-firewall-config';
import { Route53ResolverFirewallDomainList } from '@cdktf/provider-aws/lib/route53-resolver-firewall-domain-list';
import { Route53ResolverFirewallRule } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule';
import { Route53ResolverFirewallRuleGroup } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group';
import { Route53ResolverFirewallRuleGroupAssociation } from '@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group-association';
import { chunkDomains, EVERY_DOMAIN, firewallDomains, policyDomains, RULES_PER_GROUP } from '../../lib/network';
import type { EgressPolicy } from '../../lib/policy';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import { ResolverQueryLog } from './resolver-query-log';
import { withName, type Tags } from './tags';

export interface DnsFirewallProps {
  /** A VPC of your own, since it binds all of it. */
  readonly network: IMcpNetwork;
  readonly policy: EgressPolicy;
  /**
   * Names that are answered beside the policy's and those of the network's endpoints: of the gateway, of servers, of registries.
   * Asked when the stack is written.
   * @default - none
   */
  readonly names?: () => readonly string[];
  /** Whether questions are logged. @default true */
  readonly queryLog?: boolean;
  /** Days that the log is kept. @default 365 */
  readonly logRetentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly tags?: Tags;
}

/** Rules are read in the order of their priority, and the first that fits decides. */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 9000;
/** Between rule groups of one VPC; 100 and less are kept for AWS Firewall Manager. */
const ASSOCIATION_PRIORITY = 101;

/**
 * What the VPC's resolver answers: the names of the policy, of the endpoints and of the private zone. Everything else is blocked, also
 * when the firewall itself fails. In one VPC a workload can resolve what the gateway can: each wildcard of the policy is a channel to
 * the owner of its zone.
 */
export class DnsFirewall extends Construct {
  readonly ruleGroup: Route53ResolverFirewallRuleGroup;
  private readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DnsFirewallProps,
  ) {
    super(scope, id);
    const { network, policy, tags } = props;
    const problems = new Problems(this);
    problems.check(
      network.ownsVpc,
      'network: the VPC is not owned (ownsVpc is not true), and DNS Firewall binds all of it; ask its owner to allow the names, or set ownsVpc: true.',
    );
    problems.throwIfAny();
    this.name = network.environmentName;
    this.ruleGroup = new Route53ResolverFirewallRuleGroup(this, 'RuleGroup', {
      name: this.name,
      tags: withName(tags, this.name),
    });
    const rules = [...this.allow(), this.lastRule()];
    this.bind(rules);
    if (props.queryLog ?? true) {
      new ResolverQueryLog(this, 'QueryLog', { ...props, vpcId: network.vpcId, environmentName: this.name });
    }
    this.nameChannels(policy);
  }

  private allow(): Route53ResolverFirewallRule[] {
    const { exact, wildcards } = policyDomains(this.props.policy);
    const lists: [string, string[]][] = [
      ['aws', Lazy.listValue({ produce: () => firewallDomains(this.fixedNames()) })],
      ...numbered('policy', chunkDomains(firewallDomains(exact))),
      ...numbered('wildcards', chunkDomains(firewallDomains(wildcards))),
    ];
    const problems = new Problems(this);
    problems.check(
      lists.length < RULES_PER_GROUP,
      `policy: its names make ${lists.length} lists, and a rule group has ${RULES_PER_GROUP} rules with the one that blocks the rest; name whole zones, or divide the workloads among several VPCs.`,
    );
    problems.throwIfAny();
    return lists.map(([name, domains], index) => this.rule(name, domains, FIRST_PRIORITY + index, 'ALLOW'));
  }

  /** What has to be answered whatever the policy says. */
  private fixedNames(): readonly string[] {
    const { network, names } = this.props;
    return [...network.endpoints.dnsNames, ...(names?.() ?? [])];
  }

  private lastRule(): Route53ResolverFirewallRule {
    const observe = this.props.policy.mode === 'observe';
    return this.rule('everything', [EVERY_DOMAIN], LAST_PRIORITY, observe ? 'ALERT' : 'BLOCK');
  }

  private rule(
    listName: string,
    domains: string[],
    priority: number,
    action: 'ALLOW' | 'ALERT' | 'BLOCK',
  ): Route53ResolverFirewallRule {
    const name = `${this.name}-${listName}`;
    const list = new Route53ResolverFirewallDomainList(this, `${listName}-list`, {
      name,
      domains,
      tags: withName(this.props.tags, name),
    });
    return new Route53ResolverFirewallRule(this, listName, {
      name,
      action,
      priority,
      firewallDomainListId: list.id,
      firewallRuleGroupId: this.ruleGroup.id,
      // NXDOMAIN: clients give up at once.
      ...(action === 'BLOCK' && { blockResponse: 'NXDOMAIN' }),
      // Without it every name behind a CNAME would have to be listed (Route 53 Resolver API, CreateFirewallRule).
      ...(action === 'ALLOW' && { firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' }),
    });
  }

  private bind(dependsOn: ITerraformDependable[]): void {
    const { vpcId } = this.props.network;
    new Route53ResolverFirewallConfig(this, 'Config', { resourceId: vpcId, firewallFailOpen: 'DISABLED' });
    // Last of all: before its rules are there, a rule group lets everything through or nothing.
    new Route53ResolverFirewallRuleGroupAssociation(this, 'Association', {
      name: this.name,
      firewallRuleGroupId: this.ruleGroup.id,
      vpcId,
      priority: ASSOCIATION_PRIORITY,
      dependsOn,
      tags: withName(this.props.tags, this.name),
    });
  }

  private nameChannels(policy: EgressPolicy): void {
    const annotations = Annotations.of(this);
    for (const { wildcard, zone, workloads } of policyDomains(policy).zones) {
      annotations.addWarning(
        `${wildcard} (${workloads.join(', ')}): every workload of the VPC can ask for names below ${zone}, and the owner of that zone sees them; name hosts instead where you can.`,
      );
    }
    if (policy.mode === 'observe')
      annotations.addWarning(
        'the policy is in mode observe: names that it does not have are answered and only logged.',
      );
  }
}

function numbered(name: string, lists: string[][]): [string, string[]][] {
  return lists.map((list, index) => [index === 0 ? name : `${name}-${index + 1}`, list]);
}
