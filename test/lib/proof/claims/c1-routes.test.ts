import {
  add,
  claimOf,
  failing,
  findings,
  get,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

const TABLE = '${aws_route_table.isolated.id}';
const VPC = '${aws_vpc.main.id}';
const route = (stack: Stack, block: Block): void => add(stack, 'aws_route', 'out', { route_table_id: TABLE, ...block });

describe('C1: routes', () => {
  it.each<[string, Block]>([
    ['Internet gateway', { destination_cidr_block: '0.0.0.0/0', gateway_id: '${aws_internet_gateway.main.id}' }],
    [
      'NAT gateway, half of the world',
      { destination_cidr_block: '0.0.0.0/1', nat_gateway_id: '${aws_nat_gateway.main.id}' },
    ],
    ['egress-only gateway', { destination_ipv6_cidr_block: '::/0', egress_only_gateway_id: 'eigw-1' }],
    ['peering', { destination_cidr_block: '10.9.0.0/16', vpc_peering_connection_id: 'pcx-1' }],
    ['transit gateway', { destination_cidr_block: '10.0.0.0/8', transit_gateway_id: '${var.tgw}' }],
    ['prefix list', { destination_prefix_list_id: 'pl-1', nat_gateway_id: '${aws_nat_gateway.main.id}' }],
    ['interface', { destination_cidr_block: '0.0.0.0/0', network_interface_id: 'eni-1' }],
    ['Gateway Load Balancer endpoint', { destination_cidr_block: '0.0.0.0/0', vpc_endpoint_id: 'vpce-1' }],
    [
      'core network',
      { destination_cidr_block: '10.0.0.0/8', core_network_arn: 'arn:aws:networkmanager::1:core-network/x' },
    ],
    ['local gateway', { destination_cidr_block: '192.168.0.0/16', local_gateway_id: 'lgw-1' }],
    ['carrier gateway', { destination_cidr_block: '0.0.0.0/0', carrier_gateway_id: 'cagw-1' }],
  ])('a route to a %s breaks it', (_, block) => {
    const proof = proveChanged((stack) => route(stack, block));
    expect(failing(proof)).toEqual(['C1 broken']);
    expect(proof.verdict).toBe('leak');
    const [finding] = claimOf(proof, 'C1').findings;
    expect(finding?.path.map(({ address }) => address)).toEqual([
      'aws_ecs_service.search',
      'aws_subnet.isolated',
      'aws_route_table.isolated',
      'aws_route.out',
    ]);
    expect(finding?.change).toBe('remove aws_route.out');
    expect(finding?.place).toMatchObject({ file: 'main.tf.json', line: expect.any(Number) });
    expect(proof.completePath).toBeUndefined();
  });

  it.each<[string, (stack: Stack) => void]>([
    [
      'an inline route',
      (stack) =>
        (get(stack, 'aws_route_table', 'isolated').route = [
          { cidr_block: '0.0.0.0/0', nat_gateway_id: '${aws_nat_gateway.main.id}' },
        ]),
    ],
    ['propagation on the table', (stack) => (get(stack, 'aws_route_table', 'isolated').propagating_vgws = ['vgw-1'])],
    [
      'propagation by a resource',
      (stack) =>
        add(stack, 'aws_vpn_gateway_route_propagation', 'p', { route_table_id: TABLE, vpn_gateway_id: 'vgw-1' }),
    ],
    [
      'a subnet that falls back to a main table with a route',
      (stack) => {
        delete stack.resource.aws_route_table_association?.isolated;
        route(stack, {
          route_table_id: '${aws_vpc.main.main_route_table_id}',
          destination_cidr_block: '0.0.0.0/0',
          gateway_id: 'igw-1',
        });
      },
    ],
    [
      'a subnet that falls back to an adopted main table with a route',
      (stack) => {
        delete stack.resource.aws_route_table_association?.isolated;
        add(stack, 'aws_default_route_table', 'main', {
          default_route_table_id: '${aws_vpc.main.default_route_table_id}',
          route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }],
        });
      },
    ],
    [
      'a main table association',
      (stack) => {
        delete stack.resource.aws_route_table_association?.isolated;
        add(stack, 'aws_main_route_table_association', 'm', {
          vpc_id: VPC,
          route_table_id: '${aws_route_table.egress.id}',
        });
      },
    ],
    [
      'an association with the table of another tier',
      (stack) =>
        (get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}'),
    ],
    [
      'a VPC Lattice service network',
      (stack) =>
        add(stack, 'aws_vpclattice_service_network_vpc_association', 'l', {
          vpc_identifier: VPC,
          service_network_identifier: 'sn-1',
        }),
    ],
  ])('%s breaks it', (_, change) => {
    const proof = proveChanged(change);
    expect(failing(proof)).toContain('C1 broken');
    expect(proof.verdict).toBe('leak');
  });

  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'a route of a table by literal id',
      (stack) => route(stack, { route_table_id: 'rtb-1', destination_cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }),
      /aws_route\.out may concern .* rtb-1 is not in the documents/,
    ],
    [
      'a route of a table by variable',
      (stack) => route(stack, { route_table_id: '${var.table}' }),
      /\$\{var\.table\} is a variable/,
    ],
    [
      'routes by variable',
      (stack) => (get(stack, 'aws_route_table', 'isolated').route = '${var.routes}'),
      /a route of aws_route_table\.isolated is not known/,
    ],
    [
      'dynamic routes',
      (stack) => (get(stack, 'aws_route_table', 'isolated').dynamic = { route: { for_each: '${var.r}', content: {} } }),
      /dynamic block/,
    ],
    [
      'a subnet by variable',
      (stack) =>
        (get(stack, 'aws_ecs_service', 'search').network_configuration = {
          subnets: ['${var.subnet}'],
          security_groups: ['${aws_security_group.search.id}'],
        }),
      /the subnet of an interface is not known/,
    ],
    [
      'an association by variable',
      (stack) =>
        add(stack, 'aws_route_table_association', 'x', {
          subnet_id: '${var.subnet}',
          route_table_id: '${aws_route_table.public.id}',
        }),
      /may concern a subnet/,
    ],
    [
      'a conditional table',
      (stack) =>
        (get(stack, 'aws_route_table_association', 'isolated').route_table_id =
          '${var.x ? aws_route_table.egress.id : aws_route_table.isolated.id}'),
      /of a kind that is not evaluated/,
    ],
  ])('%s leaves it unproven', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C1').status).toBe('unproven');
    expect(findings(proof, 'C1').join('\n')).toMatch(message);
    expect(proof.verdict).toBe('unproven');
  });

  it.each<[string, (stack: Stack) => void]>([
    ['the main table', (stack) => delete stack.resource.aws_route_table_association?.isolated],
    [
      'an adopted, empty main table',
      (stack) => {
        delete stack.resource.aws_route_table_association?.isolated;
        add(stack, 'aws_default_route_table', 'main', {
          default_route_table_id: '${aws_vpc.main.default_route_table_id}',
          route: [],
        });
      },
    ],
    ['a local route', (stack) => route(stack, { destination_cidr_block: '10.1.0.0/16', gateway_id: 'local' })],
    [
      'IPv6 without a route',
      (stack) => {
        get(stack, 'aws_vpc', 'main').assign_generated_ipv6_cidr_block = true;
        get(stack, 'aws_subnet', 'isolated').ipv6_cidr_block = '${cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)}';
      },
    ],
    [
      'the table of a gateway',
      (stack) =>
        add(stack, 'aws_route_table_association', 'edge', {
          gateway_id: '${aws_internet_gateway.main.id}',
          route_table_id: '${aws_route_table.public.id}',
        }),
    ],
  ])('%s keeps it', (_, change) => {
    const proof = proveChanged(change);
    expect(failing(proof)).toEqual([]);
  });
});
