import type { ITerraformDependable } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { checkRuleCount } from '../../lib/network';
import { Problems } from './problems';
import { ledgerOf, type Direction, type RuleLedger } from './rule-ledger';
import { TAG } from './tags';

/** Anything with a security group that rules can be added to. */
export interface IConnectable {
  readonly connections: Connections;
}

/** Where a rule can lead beside another group. */
export type Range = { readonly cidrIpv4: string } | { readonly cidrIpv6: string } | { readonly prefixListId: string };

export interface ConnectionsProps {
  /** Below it stand the rules that this side asks for. */
  readonly scope: Construct;
  readonly securityGroupId: string;
  /** What the group is called in descriptions and construct ids. */
  readonly name: string;
  /** The group itself, where it is one of this app: then it can be tagged. */
  readonly resource?: SecurityGroup;
}

/** Of groups of the user's own: asked twice, it is the same one, so that all wait for the same rules. */
const known = new WeakMap<SecurityGroup, Connections>();

/**
 * The rules of one security group: standalone resources, each with a description, none of them open. Both sides of a connection are
 * written at once, in the stack of the side that asks, so that stacks do not come to depend on each other in a circle.
 */
export class Connections implements IConnectable {
  readonly securityGroupId: string;
  readonly name: string;
  readonly resource?: SecurityGroup;
  private readonly scope: Construct;
  private readonly ledger: RuleLedger;
  private readonly asked: ITerraformDependable[] = [];

  constructor(props: ConnectionsProps) {
    this.scope = props.scope;
    this.securityGroupId = props.securityGroupId;
    this.name = props.name;
    this.resource = props.resource;
    this.ledger = ledgerOf(this.scope, this.securityGroupId);
    this.scope.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * The connections of a security group of your own.
   * @param name what it is called in descriptions and construct ids; the first one stays
   * @throws {PropsError} where the group has inline rules: they and standalone ones take each other away at every apply
   */
  static of(resource: SecurityGroup, name: string): Connections {
    const problems = new Problems(resource);
    for (const list of ['ingress', 'egress'] as const) {
      const inline = resource[`${list}Input`];
      problems.check(
        inline === undefined,
        `${list}: rules written inline and standalone rules take each other away; write yours as aws_vpc_security_group_${list}_rule.`,
      );
    }
    problems.throwIfAny();
    const connections =
      known.get(resource) ?? new Connections({ scope: resource, securityGroupId: resource.id, name, resource });
    known.set(resource, connections);
    return connections;
  }

  /** The rules that this side asked for: without them a task cannot pull its image. */
  get dependables(): readonly ITerraformDependable[] {
    return [...this.asked];
  }

  /** So that a `Connections` can stand where something connectable is asked for. */
  get connections(): Connections {
    return this;
  }

  /** Lets this group send to `peer` on one TCP port. Asked twice, it is there once. */
  allowTo(peer: IConnectable, port: number, description?: string): void {
    this.connect(this, peer.connections, port, description);
  }

  /**
   * Sets tags of the contract on the group.
   * @returns false where the group is known by its id alone; then whoever made it has to set them
   * @throws {Error} the group is another workload's: it would have the rules of both
   */
  setContractTags(tags: Readonly<Record<string, string>>): boolean {
    if (!this.resource) return false;
    const [before, now] = [this.resource.tagsInput?.[TAG.workload], tags[TAG.workload]];
    if (before !== undefined && now !== undefined && before !== now)
      throw new Error(
        `security group ${JSON.stringify(this.name)} is that of workload ${JSON.stringify(before)}, so it cannot be that of ${JSON.stringify(now)}, too; give each workload a group of its own.`,
      );
    this.resource.tags = { ...this.resource.tagsInput, ...tags };
    return true;
  }

  /** Lets `peer` send to this group on one TCP port. Asked twice, it is there once. */
  allowFrom(peer: IConnectable, port: number, description?: string): void {
    this.connect(peer.connections, this, port, description);
  }

  /**
   * Lets this group send to a range of addresses on one TCP port.
   * @param name what the range is, for the description and the construct id: `public-443`, `s3`
   */
  allowToRange(range: Range, port: number, name: string, description: string): void {
    this.rule('egress', this, `to-${name}-${port}`, port, { ...range, description });
  }

  private connect(from: Connections, to: Connections, port: number, description?: string): void {
    const text = description ?? `${from.name} to ${to.name}`;
    const outward = { referencedSecurityGroupId: to.securityGroupId, description: text };
    const inward = { referencedSecurityGroupId: from.securityGroupId, description: text };
    const mine = (side: Connections, other: string): string => (side === this ? other : `${side.name}-${other}`);
    from.rule('egress', this, mine(from, `to-${to.name}-${port}`), port, outward);
    to.rule('ingress', this, mine(to, `from-${from.name}-${port}`), port, inward);
  }

  private rule(
    direction: Direction,
    asker: Connections,
    id: string,
    port: number,
    fields: { description: string } & Record<string, string>,
  ): void {
    const { description, ...target } = fields;
    if (!this.ledger.enter(direction, port, target)) return;
    const Rule = direction === 'egress' ? VpcSecurityGroupEgressRule : VpcSecurityGroupIngressRule;
    const rule = new Rule(asker.scope, freeId(asker.scope, id), {
      securityGroupId: this.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: clean(description),
      ...target,
    });
    asker.asked.push(rule);
  }

  private problems(): string[] {
    return (['ingress', 'egress'] as const).flatMap(
      (direction) => checkRuleCount(`${this.name} (${direction})`, this.ledger.count(direction)) ?? [],
    );
  }
}

/** The id, with a number behind it where another peer of the same name came first. */
function freeId(scope: IConstruct, id: string): string {
  let free = id;
  for (let next = 2; scope.node.tryFindChild(free); next += 1) free = `${id}-${next}`;
  return free;
}

/** What EC2 takes in a rule's description (`AuthorizeSecurityGroupEgress`): 255 of these characters. */
function clean(description: string): string {
  return description.replace(/[^a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]/g, ' ').slice(0, 255);
}
