import { ResolverQueryLog } from '../../../constructs/aws/resolver-query-log';
import { synthesized } from '../support/synth';

test('every question of the VPC goes to a group that log delivery may write', () => {
  const stack = synthesized((scope) => {
    new ResolverQueryLog(scope, 'log', { vpcId: 'vpc-1', environmentName: 'env', logRetentionDays: 7, kmsKeyArn: 'k' });
  });
  expect(stack.only('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/vendedlogs/mcp-egress/env/dns',
    retention_in_days: 7,
    kms_key_id: 'k',
  });
  expect(stack.only('aws_route53_resolver_query_log_config')).toMatchObject({
    name: 'env',
    destination_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}$/),
  });
  expect(stack.only('aws_route53_resolver_query_log_config_association')).toEqual({
    resolver_query_log_config_id: expect.stringMatching(/^\$\{aws_route53_resolver_query_log_config\..*\.id\}$/),
    resource_id: 'vpc-1',
  });
});
