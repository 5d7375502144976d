import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { OpensearchserverlessVpcEndpoint } from '@cdktf/provider-aws/lib/opensearchserverless-vpc-endpoint';
import type { IConnectable } from './connections';
import { RoleSecurityGroup } from './role-security-group';
import type { Tags } from './tags';

export interface OpenSearchServerlessEndpointProps {
  readonly environmentName: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly tags?: Tags;
}

/**
 * The way to OpenSearch Serverless: a resource of that service's own, one a VPC. It takes no policy and brings a private zone for
 * `*.R.aoss.amazonaws.com`; who may read a collection through it is for the collection's own policies to say (OpenSearch Service Developer
 * Guide, "Data plane access through AWS PrivateLink").
 */
export class OpenSearchServerlessEndpoint extends Construct {
  readonly resource: OpensearchserverlessVpcEndpoint;
  readonly vpcEndpointId: string;
  readonly securityGroup: RoleSecurityGroup;

  constructor(scope: Construct, id: string, props: OpenSearchServerlessEndpointProps) {
    super(scope, id);
    const { environmentName, vpcId, subnetIds, tags } = props;
    const name = `${environmentName}-aoss`;
    this.securityGroup = new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId,
      role: 'endpoint',
      groupName: `${name}-endpoint`,
      peerName: 'aoss',
      description: 'Who may use the endpoint of aoss',
      tags,
    });
    // The service gives it no tags.
    this.resource = new OpensearchserverlessVpcEndpoint(this, 'Resource', {
      name,
      vpcId,
      subnetIds: [...subnetIds],
      securityGroupIds: [this.securityGroup.securityGroupId],
    });
    this.vpcEndpointId = this.resource.id;
  }

  get dependable(): ITerraformDependable {
    return this.resource;
  }

  /** There is no policy to add to. */
  allow(): void {}

  /** There is no policy to add to. */
  allowStatements(): void {}

  /** Opens the way from `peer`: a rule on both groups. */
  admit(peer: IConnectable): void {
    peer.connections.allowTo(this.securityGroup, 443, `${peer.connections.name} to aoss`);
  }
}
