import { TerraformVariable, Token } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../constructs/aws/connections';
import type { NetworkAttributes } from '../../../constructs/aws/existing-network';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import type { IMcpNetwork } from '../../../constructs/aws/network';
import { writeLogs } from '../../../lib/network';
import { failure, synthesized } from '../support/synth';

const MINIMAL: NetworkAttributes = {
  vpcId: 'vpc-1a',
  isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  egressSubnetIds: ['subnet-3'],
};

test('nothing is made', () => {
  const stack = synthesized((scope) => {
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', MINIMAL);
    expect(network).toMatchObject({
      environmentName: 'mcp-egress',
      vpcId: 'vpc-1a',
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      egressSubnetIds: ['subnet-3'],
      gatewayCidrs: [],
      gatewayNeedsPublicIp: false,
      egressAddresses: [],
      ownsVpc: false,
      routes: [],
    });
  });
  expect(stack.addresses).toEqual([]);
});

test('with ownsVpc, endpoints are made in it', () => {
  const stack = synthesized((scope) => {
    const attributes = {
      ...MINIMAL,
      environmentName: 'prod',
      ownsVpc: true,
      routeTableIds: ['rtb-1'],
      tags: { a: 'b' },
    };
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', attributes);
    const peer = Connections.of(new SecurityGroup(scope, 'own', { name: 'own' }), 'own');
    network.endpoints.grant('logs', peer, () => writeLogs(['arn:x']));
    network.endpoints.grantImageLayers(peer);
  });
  expect(stack.named('aws_vpc_endpoint', 'prod-logs')).toMatchObject({
    vpc_id: 'vpc-1a',
    subnet_ids: ['subnet-1', 'subnet-2'],
    tags: { a: 'b' },
  });
  expect(stack.named('aws_vpc_endpoint', 'prod-s3').route_table_ids).toEqual(['rtb-1']);
});

test('endpoints may share a group, which then has one rule for each of their callers', () => {
  const stack = synthesized((scope) => {
    const shared = new SecurityGroup(scope, 'shared', { name: 'shared' });
    const services = ['ecr.api', 'ecr.dkr', 'logs'] as const;
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', {
      ...MINIMAL,
      existingEndpoints: Object.fromEntries(services.map((each) => [each, { securityGroupId: shared.id }])),
    });
    const peer = Connections.of(new SecurityGroup(scope, 'own', { name: 'own' }), 'own');
    for (const service of services) network.endpoints.grant(service, peer, () => []);
  });
  expect(stack.rules('own', 'egress')).toEqual(['tcp 443 shared: own to ecr.api']);
  expect(stack.rules('shared', 'ingress')).toEqual(['tcp 443 own: own to ecr.api']);
});

test('entries of lists may be tokens', () => {
  const stack = synthesized((scope) => {
    const token = new TerraformVariable(scope, 'value', { type: 'string' }).stringValue;
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', {
      environmentName: token,
      vpcId: token,
      isolatedSubnetIds: [token, `${token}`],
      egressSubnetIds: [token],
      gatewayCidrs: ['10.0.0.0/24', token],
      routeTableIds: [token],
      egressAddresses: [token],
      ownsVpc: true,
    });
    expect(network.isolatedSubnetIds).toHaveLength(2);
    // Rules are compared with CIDRs that are known; the others are left to the owner.
    expect(network.gatewayCidrs).toEqual(['10.0.0.0/24']);
  });
  expect(stack.addresses).toEqual([]);
});

const fails = (attributes: Partial<NetworkAttributes>): string[] =>
  failure((scope): IMcpNetwork =>
    McpNetwork.fromNetworkAttributes(scope, 'network', { ...MINIMAL, ...attributes }),
  ).split('\n');

test.each(['isolatedSubnetIds', 'egressSubnetIds', 'routeTableIds', 'gatewayCidrs', 'egressAddresses'] as const)(
  'fails when %s is a list that nobody knows at synth',
  (name) => {
    expect(fails({ [name]: Token.asList({ resolve: () => ['x'] }) })).toEqual([
      'ExistingNetwork "stack/network":',
      `- ${name}: the list is not known at synth, so nobody can say how many there are; write it as a list of entries (each may be a token).`,
    ]);
  },
);

test('fails with everything that is wrong at once', () => {
  expect(
    fails({
      environmentName: 'x',
      vpcId: 'my-vpc',
      isolatedSubnetIds: [],
      egressSubnetIds: Array.from({ length: 17 }, (_, index) => `subnet-${index}`),
      ownsVpc: true,
      existingEndpoints: { log: {}, logs: { prefixListId: 'pl-1' }, s3: { securityGroupId: 'sg-1' } },
    }),
  ).toEqual([
    'ExistingNetwork "stack/network":',
    '- environmentName: "x" is not 2 to 24 lower case letters, digits and "-", beginning with a letter but not with "sg-", which EC2 keeps for ids.',
    '- vpcId: "my-vpc" is not the id of a VPC (vpc-…).',
    '- isolatedSubnetIds: none given; name one subnet a zone.',
    '- egressSubnetIds: 17 given; ECS takes 16 subnets at most.',
    expect.stringMatching(/^- existingEndpoints: "log" is not a service that is known here; use one of ecr\.api, /),
    '- existingEndpoints.logs: is an interface endpoint, so rules name its security group; give securityGroupId (sg-…).',
    '- existingEndpoints.s3: is a gateway endpoint, so rules name its prefix list; give prefixListId (pl-…).',
    '- routeTableIds: none given, but with ownsVpc the S3 gateway endpoint is made here and needs them.',
  ]);
});
