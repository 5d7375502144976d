import { Construct } from 'constructs';
import { Route53ResolverQueryLogConfig } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config';
import { Route53ResolverQueryLogConfigAssociation } from '@cdktf/provider-aws/lib/route53-resolver-query-log-config-association';
import { LogGroup } from './log-group';
import { withName, type Tags } from './tags';

export interface ResolverQueryLogProps {
  readonly vpcId: string;
  readonly environmentName: string;
  readonly logRetentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly tags?: Tags;
}

/**
 * Every question that the VPC asks its resolver, in CloudWatch: flow logs do not show them. A group below `/aws/vendedlogs/` is covered
 * by the resource policy that AWS keeps for log delivery.
 */
export class ResolverQueryLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ResolverQueryLogProps) {
    super(scope, id);
    const { environmentName, vpcId, tags } = props;
    const logGroupName = `/aws/vendedlogs/mcp-egress/${environmentName}/dns`;
    this.logGroup = new LogGroup(this, 'LogGroup', { ...props, logGroupName });
    const config = new Route53ResolverQueryLogConfig(this, 'Resource', {
      name: environmentName,
      destinationArn: this.logGroup.arn,
      tags: withName(tags, environmentName),
    });
    new Route53ResolverQueryLogConfigAssociation(this, 'Association', {
      resolverQueryLogConfigId: config.id,
      resourceId: vpcId,
    });
  }
}
