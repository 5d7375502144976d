import { TerraformVariable } from 'cdktf';
import { ServiceRole } from '../../../constructs/aws/service-role';
import { readSecrets, writeLogs } from '../../../lib/network';
import { failure, synthesized } from '../support/synth';

const minimal = { roleName: 'env-task', service: 'ecs-tasks.amazonaws.com' };

test('a role may do nothing until it is granted', () => {
  const stack = synthesized((scope) => {
    const role = new ServiceRole(scope, 'role', minimal);
    role.grant([]);
    expect(role.dependables).toEqual([role.resource]);
  });
  expect(stack.list('aws_iam_role_policy')).toEqual([]);
  const role = stack.only('aws_iam_role');
  expect(role).toMatchObject({ name: 'env-task', tags: { Name: 'env-task' } });
  expect(role.permissions_boundary).toBeUndefined();
  expect(stack.statements(role, 'assume_role_policy')).toEqual([
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
});

test('with a source, another account cannot make the service take it', () => {
  const stack = synthesized((scope) => {
    new ServiceRole(scope, 'role', { ...minimal, sourceArn: 'arn:aws:ecs:*:*:*', permissionsBoundary: 'arn:boundary' });
  });
  const role = stack.only('aws_iam_role');
  expect(role.permissions_boundary).toBe('arn:boundary');
  const [statement] = stack.statements(role, 'assume_role_policy');
  expect(statement?.Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': expect.stringMatching(/^\$\{data\.aws_caller_identity\..*\.account_id\}$/) },
    ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:*:*:*' },
  });
});

test('grants add up in one policy, the same one counts once, and it is waited for', () => {
  const stack = synthesized((scope) => {
    const role = new ServiceRole(scope, 'role', minimal);
    role.grant(readSecrets(['arn:1']));
    role.grant(readSecrets(['arn:1']));
    expect(role.dependables).toHaveLength(1);
    expect(role.dependables).not.toContain(role.resource);
    role.grant(writeLogs(['arn:2']));
  });
  expect(stack.granted('env-task')).toEqual([
    { Sid: 'SecretsRead', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: ['arn:1'] },
    expect.objectContaining({ Sid: 'LogsWrite', Resource: ['arn:2:*'] }),
  ]);
});

test('fails when IAM would not take the name', () => {
  const name = `x${'y'.repeat(64)}`;
  expect(failure((scope) => new ServiceRole(scope, 'role', { ...minimal, roleName: name }))).toBe(
    `ServiceRole "stack/role":\n- roleName: "${name}" is not a name that IAM takes: 1 to 64 of letters, digits and +=,.@_-.`,
  );
  synthesized((scope) => {
    const roleName = new TerraformVariable(scope, 'name', { type: 'string' }).stringValue;
    new ServiceRole(scope, 'role', { ...minimal, roleName: `${roleName} ` });
  });
});

test('fails when it is granted more than a role has room for', () => {
  const message = failure((scope) => {
    const role = new ServiceRole(scope, 'role', minimal);
    role.grant(readSecrets(Array.from({ length: 200 }, (_, index) => `arn:${index}:${'x'.repeat(60)}`)));
  });
  expect(message).toMatch(/the policy document has \d+ characters, and AWS takes 10240; name fewer resources/);
});
