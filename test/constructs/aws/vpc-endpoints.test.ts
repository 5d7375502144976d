import type { Construct } from 'constructs';
import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { VpcEndpoints, type VpcEndpointsProps } from '../../../constructs/aws/vpc-endpoints';
import { readSecrets, writeLogs } from '../../../lib/network';
import { failure, synthesized, synthesizedApp } from '../support/synth';

const PROPS: VpcEndpointsProps = {
  environmentName: 'env',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1'],
  routeTableIds: ['rtb-1'],
  create: true,
};

function peer(scope: Construct, name: string): RoleSecurityGroup {
  const common = { vpcId: 'vpc-1', role: 'workload', description: name } as const;
  return new RoleSecurityGroup(scope, name, { ...common, groupName: name, peerName: name });
}

test('nothing is made until it is asked for, and then once a service', () => {
  const stack = synthesized((scope) => {
    const endpoints = new VpcEndpoints(scope, 'endpoints', PROPS);
    expect([endpoints.services, endpoints.dependables, endpoints.dnsNames]).toEqual([[], [], []]);
    const first = endpoints.grant('logs', peer(scope, 'a'), () => writeLogs(['arn:a']));
    const second = endpoints.grant('logs', peer(scope, 'b'), () => writeLogs(['arn:b']));
    expect(second).toBe(first);
    expect(endpoints.services).toEqual(['logs']);
    expect(endpoints.dependables).toHaveLength(1);
    expect(endpoints.dnsNames).toEqual([expect.stringMatching(/^logs\..*\./)]);
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(stack.statements(endpoint).map(({ Resource }) => Resource)).toEqual([['arn:a:*', 'arn:b:*']]);
  expect(stack.rules('env-logs-endpoint', 'ingress')).toEqual(['tcp 443 a: a to logs', 'tcp 443 b: b to logs']);
});

test('image layers come through S3 from the one bucket that only ECR writes to', () => {
  const stack = synthesized((scope) => {
    const endpoints = new VpcEndpoints(scope, 'endpoints', PROPS);
    endpoints.grantImageLayers(peer(scope, 'a'));
    endpoints.grantImageLayers(peer(scope, 'b'));
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint).toMatchObject({ vpc_endpoint_type: 'Gateway', route_table_ids: ['rtb-1'] });
  expect(stack.statements(endpoint)).toEqual([
    {
      Sid: 'EcrLayers',
      Effect: 'Allow',
      Principal: '*',
      Action: ['s3:GetObject'],
      Resource: [expect.stringMatching(/^arn:.*:s3:::prod-.*-starport-layer-bucket\/\*$/)],
    },
  ]);
  expect(stack.rules('b', 'egress')).toHaveLength(1);
});

test('endpoints that are there get rules, and nothing else is made', () => {
  const stack = synthesized((scope) => {
    const existing = {
      logs: { securityGroupId: 'sg-logs', vpcEndpointId: 'vpce-1' },
      s3: { prefixListId: 'pl-1' },
    };
    const endpoints = new VpcEndpoints(scope, 'endpoints', { ...PROPS, create: false, existing });
    const a = peer(scope, 'a');
    expect(endpoints.grant('logs', a, () => writeLogs(['arn:a'])).vpcEndpointId).toBe('vpce-1');
    endpoints.grantImageLayers(a);
    expect(endpoints.dependables).toEqual([]);
    expect(endpoints.dnsNames).toHaveLength(3);
  });
  expect(stack.list('aws_vpc_endpoint')).toEqual([]);
  expect(stack.rules('a', 'egress')).toEqual([
    'tcp 443 pl-1: a to s3 (gateway endpoint)',
    'tcp 443 sg-logs: a to logs',
  ]);
  expect(stack.rulesOfId('sg-logs', 'ingress')).toEqual(['tcp 443 a: a to logs']);
});

test('what the owner of the VPC must provide is one error', () => {
  const message = failure((scope) => {
    const existing = { logs: { securityGroupId: 'sg-logs' } };
    const endpoints = new VpcEndpoints(scope, 'endpoints', { ...PROPS, create: false, existing });
    const a = peer(scope, 'a');
    endpoints.grant('logs', a, () => writeLogs(['arn:a']));
    endpoints.grant('secretsmanager', a, () => readSecrets(['arn:b']));
    endpoints.grant('secretsmanager', a, () => readSecrets(['arn:c']));
    endpoints.grantImageLayers(a);
  });
  expect(message).toContain(
    "The VPC's owner must provide these endpoints, since ownsVpc is not true; name them in existingEndpoints: secretsmanager: an interface endpoint with private DNS (securityGroupId); s3: a gateway endpoint (prefixListId).",
  );
});

test('who asks from another stack gets the rules there; the policy stays with the endpoint', () => {
  const { shared, app } = synthesizedApp(['shared', 'app'], (stacks) => {
    const endpoints = new VpcEndpoints(stacks.shared, 'endpoints', PROPS);
    endpoints.grant('logs', peer(stacks.app, 'a'), (facts) => writeLogs([facts.arn('logs', 'log-group:/x')]));
  });
  expect(shared.only('aws_vpc_endpoint').policy).toMatch(/log-group:\/x/);
  expect(shared.json.data.terraform_remote_state).toBeUndefined();
  expect(shared.list('aws_vpc_security_group_ingress_rule')).toEqual([]);
  expect(app.list('aws_vpc_security_group_ingress_rule')).toHaveLength(1);
  expect(app.rules('a', 'egress')).toHaveLength(1);
});
