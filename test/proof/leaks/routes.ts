import { add, type Block } from '../support/sealed';
import { id, VPC } from '../support/base';
import type { Leak } from './leak';

/** Routes from the workloads' table to something. */
function route(
  name: string,
  target: Block,
  made: Readonly<Record<string, Block>> = {},
  more: Partial<Leak> = {},
): Leak {
  return {
    name,
    breaks: ['C1'],
    names: 'aws_route.leak',
    ...more,
    change: (stack) => {
      for (const [address, block] of Object.entries(made)) {
        const [type = '', resource = ''] = address.split('.');
        add(stack, type, resource, block);
      }
      add(stack, 'aws_route', 'leak', {
        route_table_id: id('aws_route_table.isolated'),
        destination_cidr_block: '0.0.0.0/0',
        ...target,
      });
    },
  };
}

/** Routes to everything that leads out of a VPC. */
export const ROUTES: readonly Leak[] = [
  route('a default route to the Internet gateway', { gateway_id: id('aws_internet_gateway.main') }),
  route('a default route to the NAT gateway', { nat_gateway_id: id('aws_nat_gateway.main') }),
  route('half of the Internet, so that it looks like no default route', {
    destination_cidr_block: '128.0.0.0/1',
    nat_gateway_id: id('aws_nat_gateway.main'),
  }),
  route('a route to one host of the Internet', {
    destination_cidr_block: '203.0.113.7/32',
    nat_gateway_id: id('aws_nat_gateway.main'),
  }),
  route(
    'a route to a prefix list',
    {
      destination_cidr_block: null,
      destination_prefix_list_id: id('aws_ec2_managed_prefix_list.partners'),
      nat_gateway_id: id('aws_nat_gateway.main'),
    },
    {
      'aws_ec2_managed_prefix_list.partners': {
        name: 'partners',
        address_family: 'IPv4',
        max_entries: 1,
        entry: [{ cidr: '203.0.113.0/24' }],
      },
    },
  ),
  route(
    'IPv6 through an egress-only Internet gateway',
    {
      destination_cidr_block: null,
      destination_ipv6_cidr_block: '::/0',
      egress_only_gateway_id: id('aws_egress_only_internet_gateway.main'),
    },
    { 'aws_egress_only_internet_gateway.main': { vpc_id: VPC } },
  ),
  route('IPv6 through the Internet gateway', {
    destination_cidr_block: null,
    destination_ipv6_cidr_block: '2000::/3',
    gateway_id: id('aws_internet_gateway.main'),
  }),
  route(
    'a route to another VPC by peering',
    {
      destination_cidr_block: '10.9.0.0/16',
      vpc_peering_connection_id: id('aws_vpc_peering_connection.shared'),
    },
    { 'aws_vpc_peering_connection.shared': { vpc_id: VPC, peer_vpc_id: 'vpc-0123456789abcdef0' } },
  ),
  route('a route to a transit gateway', {
    destination_cidr_block: '10.0.0.0/8',
    transit_gateway_id: 'tgw-0123456789abcdef0',
  }),
  route('a route to Cloud WAN', {
    destination_cidr_block: '10.0.0.0/8',
    core_network_arn: 'arn:aws:networkmanager::111111111111:core-network/core-network-0123456789abcdef0',
  }),
  route(
    'a route to a virtual private gateway',
    { destination_cidr_block: '192.168.0.0/16', gateway_id: id('aws_vpn_gateway.office') },
    { 'aws_vpn_gateway.office': { vpc_id: VPC } },
  ),
  route(
    'a route to a carrier gateway',
    { carrier_gateway_id: id('aws_ec2_carrier_gateway.zone') },
    { 'aws_ec2_carrier_gateway.zone': { vpc_id: VPC } },
    { unproven: ['C8'] },
  ),
  route('a route to the local gateway of an Outpost', { local_gateway_id: 'lgw-0123456789abcdef0' }),
  route('a route to an Oracle Database network', {
    destination_cidr_block: '10.33.0.0/24',
    odb_network_arn: 'arn:aws:odb:eu-west-1:111111111111:odb-network/odbnet_0123456789',
  }),
  route(
    'a route to a Gateway Load Balancer endpoint',
    { vpc_endpoint_id: id('aws_vpc_endpoint.inspection') },
    {
      'aws_vpc_endpoint.inspection': {
        vpc_id: VPC,
        service_name: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
        vpc_endpoint_type: 'GatewayLoadBalancer',
        subnet_ids: [id('aws_subnet.egress')],
      },
    },
  ),
  route(
    'a route to the endpoint of a network firewall',
    {
      vpc_endpoint_id:
        '${aws_networkfirewall_firewall.main.firewall_status[0].sync_states[0].attachment[0].endpoint_id}',
    },
    {
      'aws_networkfirewall_firewall.main': {
        name: 'main',
        firewall_policy_arn: 'arn:aws:network-firewall:eu-west-1:111111111111:firewall-policy/main',
        vpc_id: VPC,
        subnet_mapping: [{ subnet_id: id('aws_subnet.egress') }],
      },
    },
  ),
  route(
    'a route to the interface of a NAT instance',
    { network_interface_id: '${aws_instance.nat.primary_network_interface_id}' },
    {
      'aws_instance.nat': {
        ami: 'ami-0123456789abcdef0',
        instance_type: 't4g.nano',
        source_dest_check: false,
        subnet_id: id('aws_subnet.public'),
      },
    },
  ),
  route(
    'a route to an interface of its own',
    { network_interface_id: id('aws_network_interface.nat') },
    { 'aws_network_interface.nat': { subnet_id: id('aws_subnet.public'), source_dest_check: false } },
  ),
];
