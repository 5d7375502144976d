import { McpNetwork, type McpNetworkProps } from '../../../constructs/aws/mcp-network';
import { failure, synthesized, type Attributes, type Synthesized } from '../support/synth';

function network(props?: McpNetworkProps, look: (network: McpNetwork) => void = () => undefined): Synthesized {
  return synthesized((scope) => look(new McpNetwork(scope, 'network', props)));
}

/** Where each route table leads, by the names of the tables: nothing stands for tables without routes. */
function routes(stack: Synthesized): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stack.resources('aws_route_table')).map(([id, table]) => {
      const leads = stack
        .list('aws_route')
        .filter((route) => route.route_table_id === `\${aws_route_table.${id}.id}`)
        .map((route) => `${route.destination_cidr_block} ${target(stack, route)}`);
      return [table.tags.Name, leads.join(', ')];
    }),
  );
}

function target(stack: Synthesized, route: Attributes): string {
  const text = (route.nat_gateway_id ?? route.gateway_id) as string;
  const [, type = '', id = ''] = /^\$\{(\w+)\.([\w-]+)\.id\}$/.exec(text) ?? [];
  return type === 'aws_internet_gateway' ? 'internet' : (stack.resources(type)[id]?.tags.Name as string);
}

test('by default two zones, each with a NAT gateway, and isolated tables that lead nowhere', () => {
  const stack = network(undefined, ({ isolatedSubnetIds, egressSubnetIds, egressAddresses, gatewayNeedsPublicIp }) => {
    expect([isolatedSubnetIds, egressSubnetIds, egressAddresses].map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(gatewayNeedsPublicIp).toBe(false);
  });
  expect(routes(stack)).toEqual({
    'mcp-egress-public-1': '0.0.0.0/0 internet',
    'mcp-egress-public-2': '0.0.0.0/0 internet',
    'mcp-egress-egress-1': '0.0.0.0/0 mcp-egress-nat-1',
    'mcp-egress-egress-2': '0.0.0.0/0 mcp-egress-nat-2',
    'mcp-egress-isolated-1': '',
    'mcp-egress-isolated-2': '',
  });
  expect(stack.list('aws_eip')).toHaveLength(2);
  expect(stack.list('aws_route_table_association')).toHaveLength(6);
});

test('the VPC has no IPv6, and DNS for private endpoints', () => {
  const stack = network();
  expect(stack.only('aws_vpc')).toEqual({
    cidr_block: '10.64.0.0/16',
    enable_dns_hostnames: true,
    enable_dns_support: true,
    assign_generated_ipv6_cidr_block: false,
    tags: { Name: 'mcp-egress' },
  });
  for (const subnet of stack.list('aws_subnet')) {
    expect(subnet).toMatchObject({ assign_ipv6_address_on_creation: false, map_public_ip_on_launch: false });
    expect(subnet.ipv6_cidr_block).toBeUndefined();
  }
  for (const route of stack.list('aws_route')) expect(route.destination_ipv6_cidr_block).toBeUndefined();
  expect(stack.list('aws_egress_only_internet_gateway')).toEqual([]);
});

test('the default group and the main route table let nothing through', () => {
  const stack = network();
  expect(stack.only('aws_default_security_group')).toEqual({
    vpc_id: expect.stringMatching(/^\$\{aws_vpc\./),
    tags: { Name: 'mcp-egress-default-unused' },
  });
  expect(stack.only('aws_default_route_table')).toMatchObject({ route: [] });
});

test('what is rejected is logged, in fields that Terraform leaves alone', () => {
  const stack = network({ environmentName: 'prod', logRetentionDays: 30, kmsKeyArn: 'arn:key' });
  expect(stack.only('aws_flow_log')).toMatchObject({ traffic_type: 'REJECT', max_aggregation_interval: 60 });
  expect(stack.only('aws_cloudwatch_log_group')).toMatchObject({
    name: '/mcp-egress/prod/rejected',
    retention_in_days: 30,
    kms_key_id: 'arn:key',
  });
});

test('one NAT gateway serves all zones', () => {
  const stack = network({ natStrategy: 'single', zoneCount: 3 }, ({ egressAddresses }) =>
    expect(egressAddresses).toHaveLength(1),
  );
  expect(Object.values(routes(stack)).filter((lead) => lead === '0.0.0.0/0 mcp-egress-nat-1')).toHaveLength(3);
  expect(stack.list('aws_nat_gateway')).toHaveLength(1);
});

test('without NAT the gateway moves into the public subnets, and the egress subnets lead nowhere', () => {
  const stack = network({ natStrategy: 'none' }, (made) => {
    expect(made.egressSubnetIds).toEqual(made.publicSubnetIds);
    expect(made.gatewayCidrs).toEqual(made.plan.public);
    expect(made.gatewayNeedsPublicIp).toBe(true);
    expect(made.egressAddresses).toEqual([]);
  });
  expect(routes(stack)).toMatchObject({ 'mcp-egress-egress-1': '', 'mcp-egress-isolated-1': '' });
  expect([...stack.list('aws_nat_gateway'), ...stack.list('aws_eip')]).toEqual([]);
});

test('addresses of one’s own', () => {
  const stack = network({ eipAllocationIds: ['eipalloc-1', 'eipalloc-2'] }, ({ egressAddresses }) =>
    expect(egressAddresses).toHaveLength(2),
  );
  expect(stack.list('aws_eip')).toEqual([]);
  expect(stack.list('aws_nat_gateway').map((nat) => nat.allocation_id)).toEqual(['eipalloc-1', 'eipalloc-2']);
});

test('zones by name, or the first ones that the region offers', () => {
  const zones = (stack: Synthesized): string[] => stack.list('aws_subnet').map((subnet) => subnet.availability_zone);
  const named = network({ zoneNames: ['eu-central-1a', 'eu-central-1c'] });
  expect([...new Set(zones(named))]).toEqual(['eu-central-1a', 'eu-central-1c']);
  expect(named.json.data.aws_availability_zones).toBeUndefined();
  const offered = network({ zoneCount: 1 });
  expect(zones(offered)).toHaveLength(3);
  for (const zone of zones(offered)) expect(zone).toMatch(/^\$\{data\.aws_availability_zones\..*\.names\.0\}$/);
  expect(offered.data('aws_availability_zones').filter).toEqual([
    { name: 'opt-in-status', values: ['opt-in-not-required'] },
  ]);
});

test('one more zone leaves the present subnets as they are', () => {
  const subnets = (zoneCount: number) => network({ zoneCount }).resources('aws_subnet');
  expect(subnets(3)).toMatchObject(subnets(2));
});

test('tags and the permissions boundary reach everything', () => {
  const stack = network({ tags: { team: 'x' }, permissionsBoundary: 'arn:boundary' });
  for (const type of ['aws_vpc', 'aws_subnet', 'aws_nat_gateway', 'aws_eip', 'aws_route_table', 'aws_flow_log'])
    for (const { tags } of stack.list(type)) expect(tags.team).toBe('x');
  expect(stack.only('aws_iam_role').permissions_boundary).toBe('arn:boundary');
});

test('fails with everything that is wrong at once', () => {
  const message = failure((scope) => {
    new McpNetwork(scope, 'network', {
      environmentName: 'Prod',
      cidr: '8.0.0.0/16',
      zoneNames: ['a', 'a'],
      zoneCount: 3,
      eipAllocationIds: ['eipalloc-1'],
    });
  });
  expect(message.split('\n')).toEqual([
    'McpNetwork "stack/network":',
    '- zoneCount: 3 is not the number of zoneNames, 2; leave it out.',
    '- environmentName: "Prod" is not 2 to 24 lower case letters, digits and "-", beginning with a letter but not with "sg-", which EC2 keeps for ids.',
    '- eipAllocationIds: 1 given, but natStrategy "onePerAz" with 2 zone(s) takes 2.',
    '- zoneNames: ["a","a"] names a zone twice.',
    expect.stringMatching(/^- cidr: "8\.0\.0\.0\/16" is not wholly private/),
  ]);
});

test.each([0, 7, 1.5])('fails when there are to be %p zones', (zoneCount) => {
  expect(failure((scope) => new McpNetwork(scope, 'network', { zoneCount }))).toMatch(
    /zoneCount: .* is not a whole number from 1 to 6; write how many/,
  );
});
