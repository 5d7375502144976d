import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { failure, synthesized } from '../support/synth';

test('a group says what it is for, and has no inline rules', () => {
  const stack = synthesized((scope) => {
    new RoleSecurityGroup(scope, 'group', {
      vpcId: 'vpc-1',
      role: 'endpoint',
      groupName: 'env-logs-endpoint',
      peerName: 'logs',
      description: 'Who may use it',
      contractTags: { 'mcp-egress:port': '8443' },
      tags: { team: 'x', 'mcp-egress:role': 'gateway' },
    });
  });
  expect(stack.only('aws_security_group')).toEqual({
    name: 'env-logs-endpoint',
    description: 'Who may use it',
    vpc_id: 'vpc-1',
    tags: { Name: 'env-logs-endpoint', team: 'x', 'mcp-egress:role': 'endpoint', 'mcp-egress:port': '8443' },
  });
  expect(stack.addresses).toHaveLength(1);
});

test('fails when another group of the stack has the name: a VPC has each name once', () => {
  const group = {
    vpcId: 'vpc-1',
    role: 'host',
    groupName: 'env-hosts',
    peerName: 'hosts',
    description: 'hosts',
  } as const;
  const message = failure((scope) => {
    new RoleSecurityGroup(scope, 'one', group);
    new RoleSecurityGroup(scope, 'two', group);
  });
  expect(message).toContain('groupName: "env-hosts" is the name of "stack/one" already');
});
