import { TerraformVariable, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../constructs/aws/connections';
import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { failure, synthesized, synthesizedApp } from '../support/synth';

function group(scope: Construct, name: string): RoleSecurityGroup {
  return new RoleSecurityGroup(scope, name, {
    vpcId: 'vpc-1',
    role: 'workload',
    groupName: name,
    peerName: name,
    description: name,
  });
}

test('allowTo and allowFrom write both sides, each with a description', () => {
  const stack = synthesized((scope) => {
    const [a, b, c] = [group(scope, 'a'), group(scope, 'b'), group(scope, 'c')];
    a.connections.allowTo(b, 443);
    a.connections.allowFrom(c, 8080, 'c asks a');
  });
  expect(stack.rules('a', 'egress')).toEqual(['tcp 443 b: a to b']);
  expect(stack.rules('b', 'ingress')).toEqual(['tcp 443 a: a to b']);
  expect(stack.rules('a', 'ingress')).toEqual(['tcp 8080 c: c asks a']);
  expect(stack.rules('c', 'egress')).toEqual(['tcp 8080 a: c asks a']);
  expect(stack.list('aws_vpc_security_group_egress_rule')).toHaveLength(2);
  expect(stack.list('aws_vpc_security_group_ingress_rule')).toHaveLength(2);
});

test('asked twice, from either side and in other words, a rule is there once', () => {
  const stack = synthesized((scope) => {
    const [a, b] = [group(scope, 'a'), group(scope, 'b')];
    a.connections.allowTo(b, 443);
    a.connections.allowTo(b, 443, 'again');
    b.connections.allowFrom(a, 443);
    a.connections.allowTo(b, 444);
    a.connections.allowToRange({ cidrIpv4: '10.0.0.0/8' }, 443, 'inside', 'in');
    a.connections.allowToRange({ cidrIpv4: '10.0.0.0/8' }, 443, 'again', 'in');
  });
  expect(stack.rules('a', 'egress')).toEqual(['tcp 443 10.0.0.0/8: in', 'tcp 443 b: a to b', 'tcp 444 b: a to b']);
  expect(stack.rules('b', 'ingress')).toEqual(['tcp 443 a: a to b', 'tcp 444 a: a to b']);
});

test('a group that is named by several tokens, or by its id in several places, has each rule once', () => {
  const { one, other } = synthesizedApp(['one', 'other'], (stacks) => {
    const resource = new SecurityGroup(stacks.one, 'shared', { name: 'shared' });
    const peer = (scope: Construct, securityGroupId: string) =>
      new Connections({ scope, securityGroupId, name: 'shared' });
    const [a, b] = [group(stacks.one, 'a'), group(stacks.other, 'b')];
    for (const scope of [a, b]) {
      for (const id of [resource.id, resource.id, 'sg-1', 'sg-1']) scope.connections.allowTo(peer(scope, id), 443);
    }
  });
  for (const stack of [one, other]) {
    expect(stack.list('aws_vpc_security_group_egress_rule')).toHaveLength(2);
    expect(stack.list('aws_vpc_security_group_ingress_rule')).toHaveLength(2);
  }
});

test('groups of one address in two stacks are two', () => {
  const { app } = synthesizedApp(['one', 'other', 'app'], ({ app: scope, ...stacks }) => {
    const a = group(scope, 'a');
    for (const stack of Object.values(stacks)) a.connections.allowTo(group(stack, 'same'), 443);
  });
  expect(app.rules('a', 'egress')).toHaveLength(2);
});

test('ranges of all kinds', () => {
  const stack = synthesized((scope) => {
    const { connections } = group(scope, 'a');
    connections.allowToRange({ cidrIpv4: '0.0.0.0/0' }, 443, 'public', 'v4');
    connections.allowToRange({ cidrIpv6: 'fd12::/16' }, 443, 'inside', 'v6');
    connections.allowToRange({ prefixListId: 'pl-1' }, 443, 's3', 'list');
  });
  expect(stack.rules('a', 'egress')).toEqual(['tcp 443 0.0.0.0/0: v4', 'tcp 443 fd12::/16: v6', 'tcp 443 pl-1: list']);
});

test('two peers of one name are two rules', () => {
  const stack = synthesized((scope) => {
    const a = group(scope, 'a');
    for (const id of ['sg-1', 'sg-2'])
      a.connections.allowTo(new Connections({ scope: a, securityGroupId: id, name: 'peer' }), 443);
  });
  expect(stack.rules('a', 'egress')).toEqual(['tcp 443 sg-1: a to peer', 'tcp 443 sg-2: a to peer']);
});

test('a description has only what EC2 takes, 255 characters at most', () => {
  const stack = synthesized((scope) => {
    group(scope, 'a').connections.allowToRange({ cidrIpv4: '10.0.0.0/8' }, 1, 'x', `"söme" <text>\n${'x'.repeat(300)}`);
  });
  const { description } = stack.only('aws_vpc_security_group_egress_rule');
  expect(description).toHaveLength(255);
  expect(description).toMatch(/^ s me {3}text {2}x+$/);
});

test('the rules stand in the stack that asks, and the stacks do not need each other in a circle', () => {
  const { shared, app } = synthesizedApp(['shared', 'app'], (stacks) => {
    const [endpoint, gateway] = [group(stacks.shared, 'endpoint'), group(stacks.shared, 'gateway')];
    const workload = group(stacks.app, 'workload');
    gateway.connections.allowTo(endpoint, 443);
    workload.connections.allowTo(endpoint, 443);
    workload.connections.allowTo(gateway, 10000);
  });
  expect(shared.list('aws_vpc_security_group_egress_rule')).toHaveLength(1);
  expect(app.rules('workload', 'egress').map((rule) => rule.split(': ')[1])).toEqual([
    'workload to gateway',
    'workload to endpoint',
  ]);
  const inward = app.list('aws_vpc_security_group_ingress_rule');
  expect(inward).toHaveLength(2);
  for (const rule of inward) expect(rule.security_group_id).toMatch(/^\$\{data\.terraform_remote_state\./);
  expect(shared.json.data).toBeUndefined();
});

test('60 rules are taken, one more is an error that says what to do', () => {
  const build = (count: number) => (scope: TerraformStack) => {
    const { connections } = group(scope, 'gateway');
    for (let port = 1; port <= count; port += 1) connections.allowToRange({ cidrIpv4: '0.0.0.0/0' }, port, 'x', 'x');
  };
  expect(synthesized(build(60)).rules('gateway', 'egress')).toHaveLength(60);
  expect(failure(build(61))).toMatch(
    /security group "gateway \(egress\)" has 61 rules, and AWS allows 60 a direction; divide the workloads among several VPCs/,
  );
});

test('rules of both directions of a peer count at that peer', () => {
  const message = failure((scope) => {
    const gateway = group(scope, 'gateway');
    for (let n = 1; n <= 61; n += 1) group(scope, `w${n}`).connections.allowTo(gateway, 10_000 + n);
  });
  expect(message).toMatch(/security group "gateway \(ingress\)" has 61 rules/);
});

describe('a group of your own', () => {
  const own = (scope: Construct, rest: object = {}): SecurityGroup =>
    new SecurityGroup(scope, 'own', { name: 'own', vpcId: 'vpc-1', tags: { team: 'x' }, ...rest });

  test('takes rules', () => {
    const stack = synthesized((scope) => Connections.of(own(scope), 'lambda').allowTo(group(scope, 'b'), 443));
    expect(stack.rules('own', 'egress')).toEqual(['tcp 443 b: lambda to b']);
    expect(stack.rules('b', 'ingress')).toEqual(['tcp 443 own: lambda to b']);
  });

  test('asked for twice has each rule once', () => {
    const stack = synthesized((scope) => {
      const [resource, b] = [own(scope), group(scope, 'b')];
      for (const name of ['lambda', 'other']) Connections.of(resource, name).allowTo(b, 443);
    });
    expect(stack.rules('own', 'egress')).toEqual(['tcp 443 b: lambda to b']);
  });

  test('fails when it has inline rules, with both lists in one error', () => {
    const rule = [{ fromPort: 1, toPort: 1, protocol: 'tcp' }];
    const message = failure((scope) => Connections.of(own(scope, { ingress: rule, egress: [] }), 'lambda'));
    expect(message).toContain(
      'SecurityGroup "stack/own":\n- ingress: rules written inline and standalone rules take each other away; write yours as aws_vpc_security_group_ingress_rule.\n- egress: ',
    );
  });

  test('is tagged beside its own tags', () => {
    const stack = synthesized((scope) => {
      expect(Connections.of(own(scope), 'lambda').setContractTags({ 'mcp-egress:role': 'workload' })).toBe(true);
    });
    expect(stack.only('aws_security_group').tags).toEqual({ team: 'x', 'mcp-egress:role': 'workload' });
  });

  test('fails when it is another workload’s', () => {
    const message = failure((scope) => {
      const connections = Connections.of(own(scope), 'search');
      for (const name of ['search', 'search', 'llm']) connections.setContractTags({ 'mcp-egress:workload': name });
    });
    expect(message).toBe(
      'security group "search" is that of workload "search", so it cannot be that of "llm", too; give each workload a group of its own.',
    );
  });

  test('known by its id alone takes rules, but no tags', () => {
    const stack = synthesized((scope) => {
      const securityGroupId = new TerraformVariable(scope, 'group', { type: 'string' }).stringValue;
      const connections = new Connections({ scope, securityGroupId, name: 'there' });
      expect(connections.setContractTags({ 'mcp-egress:role': 'workload' })).toBe(false);
      connections.allowTo(group(scope, 'b'), 443);
    });
    expect(stack.rulesOfId('${var.group}', 'egress')).toEqual(['tcp 443 b: there to b']);
    expect(stack.rules('b', 'ingress')).toEqual(['tcp 443 ${var.group}: there to b']);
  });
});
