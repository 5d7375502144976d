import { Construct } from 'constructs';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { writeLogs } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import { escapeTemplate } from '../escape-template';
import { LogGroup } from './log-group';
import { ServiceRole } from './service-role';
import { withName, type Tags } from './tags';

export interface RejectedFlowLogProps {
  readonly vpcId: string;
  readonly environmentName: string;
  readonly logRetentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** The end of the log group's name. */
export const REJECTED_LOG = 'rejected';

/** Field order of the log; metric filters rely on it. */
export const REJECTED_FIELDS: readonly string[] = [
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'flow-direction',
  'subnet-id',
  'instance-id',
];
const FORMAT = REJECTED_FIELDS.map((field) => `\${${field}}`).join(' ');

/** What security groups and network ACLs refuse in the whole VPC, in CloudWatch, within about a minute. */
export class RejectedFlowLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: RejectedFlowLogProps) {
    super(scope, id);
    const { environmentName, tags } = props;
    this.logGroup = new LogGroup(this, 'LogGroup', {
      ...props,
      logGroupName: `/mcp-egress/${environmentName}/${REJECTED_LOG}`,
    });
    const facts = AwsFacts.of(this);
    const role = new ServiceRole(this, 'Role', {
      roleName: `${environmentName}-flow-log`,
      service: 'vpc-flow-logs.amazonaws.com',
      sourceArn: facts.arn('ec2', 'vpc-flow-log/*'),
      permissionsBoundary: props.permissionsBoundary,
      tags,
    });
    // The service looks for the group before it writes (VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs").
    const look = {
      sid: 'LogsLook',
      actions: ['logs:DescribeLogGroups'],
      resources: [facts.arn('logs', 'log-group:*')],
    };
    role.grant([...writeLogs([this.logGroup.arn]), look]);
    new FlowLog(this, 'Resource', {
      vpcId: props.vpcId,
      trafficType: 'REJECT',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: this.logGroup.arn,
      iamRoleArn: role.roleArn,
      logFormat: escapeTemplate(FORMAT),
      tags: withName(tags, `${environmentName}-rejected`),
    });
  }
}
