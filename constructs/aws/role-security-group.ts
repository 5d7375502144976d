import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections, type IConnectable } from './connections';
import { Problems } from './problems';
import { TAG, withName, type Role, type Tags } from './tags';

export interface RoleSecurityGroupProps {
  readonly vpcId: string;
  readonly role: Role;
  /** The group's name in AWS. */
  readonly groupName: string;
  /** What it is called in the rules of others. */
  readonly peerName: string;
  readonly description: string;
  /** Tags of the contract beside the role. */
  readonly contractTags?: Tags;
  readonly tags?: Tags;
}

/** Names of the groups of a stack, with who took them: a VPC has each name once. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/** A security group that says what it is for, and lets nothing in or out until its `connections` are told to. */
export class RoleSecurityGroup extends Construct implements IConnectable {
  readonly resource: SecurityGroup;
  readonly securityGroupId: string;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: RoleSecurityGroupProps) {
    super(scope, id);
    this.takeName(props.groupName);
    const own = { [TAG.role]: props.role, ...props.contractTags };
    // No `ingress` and `egress` here: inline lists and standalone rules take each other's rules away.
    this.resource = new SecurityGroup(this, 'Resource', {
      name: props.groupName,
      description: props.description,
      vpcId: props.vpcId,
      tags: withName(props.tags, props.groupName, own),
    });
    this.securityGroupId = this.resource.id;
    this.connections = new Connections({
      scope: this,
      securityGroupId: this.securityGroupId,
      name: props.peerName,
      resource: this.resource,
    });
  }

  private takeName(name: string): void {
    const stack = TerraformStack.of(this);
    const names = taken.get(stack) ?? new Map<string, string>();
    const problems = new Problems(this);
    problems.check(
      !names.has(name),
      `groupName: ${JSON.stringify(name)} is the name of "${names.get(name)}" already; give the workload or the environment another name.`,
    );
    problems.throwIfAny();
    taken.set(stack, names.set(name, this.node.path));
  }
}
