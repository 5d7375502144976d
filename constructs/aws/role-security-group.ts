import { Construct } from 'constructs';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections, type IConnectable } from './connections';
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

/** A security group that says what it is for, and lets nothing in or out until its `connections` are told to. */
export class RoleSecurityGroup extends Construct implements IConnectable {
  readonly resource: SecurityGroup;
  readonly securityGroupId: string;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: RoleSecurityGroupProps) {
    super(scope, id);
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
}
