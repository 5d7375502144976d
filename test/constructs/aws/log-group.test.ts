import { TerraformVariable } from 'cdktf';
import { AwsFacts } from '../../../constructs/aws/aws-facts';
import { LogGroup } from '../../../constructs/aws/log-group';
import { failure, synthesized } from '../support/synth';

test('logs are kept for a year', () => {
  const stack = synthesized((scope) => new LogGroup(scope, 'log', { logGroupName: '/a/b' }));
  expect(stack.only('aws_cloudwatch_log_group')).toEqual({
    name: '/a/b',
    retention_in_days: 365,
    tags: { Name: '/a/b' },
  });
});

test('or as long as one likes, with a key of one’s own', () => {
  const stack = synthesized((scope) => {
    new LogGroup(scope, 'log', { logGroupName: '/a/b', logRetentionDays: 30, kmsKeyArn: 'arn:key', tags: { a: 'b' } });
  });
  expect(stack.only('aws_cloudwatch_log_group')).toMatchObject({
    retention_in_days: 30,
    kms_key_id: 'arn:key',
    tags: { Name: '/a/b', a: 'b' },
  });
});

test('fails when CloudWatch has no such time', () => {
  expect(failure((scope) => new LogGroup(scope, 'log', { logGroupName: '/a', logRetentionDays: 31 }))).toMatch(
    /^LogGroup "stack\/log":\n- logRetentionDays: 31 is not one of 1, 3, 5, 7, 14, 30, .* 3653, which CloudWatch Logs takes\.$/,
  );
});

test('a token may be any time', () => {
  const stack = synthesized((scope) => {
    const logRetentionDays = new TerraformVariable(scope, 'days', { type: 'number' }).numberValue;
    new LogGroup(scope, 'log', { logGroupName: '/a/b', logRetentionDays });
  });
  expect(stack.only('aws_cloudwatch_log_group').retention_in_days).toBe('${var.days}');
});

test('its ARN can be said without it', () => {
  synthesized((scope) => {
    expect(LogGroup.arnOf(AwsFacts.of(scope), '/a/b')).toMatch(/^arn:.*:logs:.*:.*:log-group:\/a\/b$/);
  });
});
