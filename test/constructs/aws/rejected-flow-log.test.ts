import { RejectedFlowLog } from '../../../constructs/aws/rejected-flow-log';
import { synthesized } from '../support/synth';

const stack = synthesized((scope) => {
  new RejectedFlowLog(scope, 'log', { vpcId: 'vpc-1', environmentName: 'env', permissionsBoundary: 'arn:boundary' });
});

test('what is refused in the VPC is logged within a minute', () => {
  expect(stack.only('aws_flow_log')).toMatchObject({
    vpc_id: 'vpc-1',
    traffic_type: 'REJECT',
    max_aggregation_interval: 60,
    log_destination_type: 'cloud-watch-logs',
  });
});

test('AWS gets the names of fields: Terraform takes one of two $', () => {
  const fields = (stack.only('aws_flow_log').log_format as string).split(' ');
  expect(fields).toHaveLength(15);
  for (const field of fields) expect(field).toMatch(/^\$\$\{[a-z-]+\}$/);
  expect(fields.slice(1, 4)).toEqual(['$${interface-id}', '$${srcaddr}', '$${dstaddr}']);
});

test('its role writes to its own group, and is taken for flow logs of this account alone', () => {
  expect(stack.granted('env-flow-log')).toEqual([
    {
      Sid: 'LogsWrite',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/)],
    },
    {
      Sid: 'LogsLook',
      Effect: 'Allow',
      Action: ['logs:DescribeLogGroups'],
      Resource: [expect.stringMatching(/:log-group:\*$/)],
    },
  ]);
  const role = stack.only('aws_iam_role');
  expect(role.permissions_boundary).toBe('arn:boundary');
  const [trust] = stack.statements(role, 'assume_role_policy');
  expect(trust?.Condition.ArnLike['aws:SourceArn']).toMatch(/:ec2:.*:vpc-flow-log\/\*$/);
});
