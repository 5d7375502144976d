import { id, VPC } from '../support/base';
import { add, get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const inline = (stack: Stack, table: string, block: Block): void => {
  get(stack, 'aws_route_table', table).route = [block];
};

/** Ways to bring a subnet of workloads under another table, or something else into it. */
export const ROUTE_TABLES: readonly Leak[] = [
  {
    name: 'an inline default route in the table of the workloads',
    breaks: ['C1'],
    names: 'aws_route_table.isolated',
    change: (stack) =>
      inline(stack, 'isolated', { cidr_block: '0.0.0.0/0', nat_gateway_id: id('aws_nat_gateway.main') }),
  },
  {
    name: 'an inline route beside a standalone one, for IPv6 alone',
    breaks: ['C1'],
    names: 'aws_route_table.isolated',
    change: (stack) =>
      inline(stack, 'isolated', { ipv6_cidr_block: '::/0', gateway_id: id('aws_internet_gateway.main') }),
  },
  {
    name: 'inline routes from a list in locals',
    breaks: ['C1'],
    names: 'aws_route_table.isolated',
    change: (stack) => {
      stack.locals = { routes: [{ cidr_block: '0.0.0.0/0', nat_gateway_id: id('aws_nat_gateway.main') }] };
      get(stack, 'aws_route_table', 'isolated').route = '${local.routes}';
    },
  },
  {
    name: 'a default route in a document that writes lists for objects',
    breaks: ['C1'],
    names: 'aws_route.leak',
    change: (stack) => {
      const leak = {
        route_table_id: id('aws_route_table.isolated'),
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: id('aws_internet_gateway.main'),
      };
      const { aws_route, ...rest } = stack.resource;
      const lists: unknown[] = [rest, { aws_route: [aws_route, { leak: [leak] }] }];
      Object.assign(stack, { resource: lists });
    },
  },
  {
    name: 'the subnet of the workloads under the table of the gateway',
    breaks: ['C1'],
    names: 'aws_route.egress',
    change: (stack) => {
      get(stack, 'aws_route_table_association', 'isolated').route_table_id = id('aws_route_table.egress');
    },
  },
  {
    name: 'no association, and a main table of the VPC with a way out',
    breaks: ['C1'],
    names: 'aws_default_route_table.main',
    change: (stack) => {
      delete stack.resource.aws_route_table_association?.isolated;
      add(stack, 'aws_default_route_table', 'main', {
        default_route_table_id: '${aws_vpc.main.default_route_table_id}',
        route: [{ cidr_block: '0.0.0.0/0', gateway_id: id('aws_internet_gateway.main') }],
      });
    },
  },
  {
    name: 'no association, and a route in the main table by the name that the VPC has for it',
    breaks: ['C1'],
    names: 'aws_route.main',
    change: (stack) => {
      delete stack.resource.aws_route_table_association?.isolated;
      add(stack, 'aws_route', 'main', {
        route_table_id: '${aws_vpc.main.main_route_table_id}',
        destination_cidr_block: '0.0.0.0/0',
        nat_gateway_id: id('aws_nat_gateway.main'),
      });
    },
  },
  {
    name: 'no association, and the public table made the main one',
    breaks: ['C1'],
    names: 'aws_route.public',
    change: (stack) => {
      delete stack.resource.aws_route_table_association?.isolated;
      add(stack, 'aws_main_route_table_association', 'main', {
        vpc_id: VPC,
        route_table_id: id('aws_route_table.public'),
      });
    },
  },
  {
    name: 'a new workload subnet that nobody associated, where the main table leads to a transit gateway',
    breaks: ['C1'],
    names: 'aws_subnet.isolated_b',
    change: (stack) => {
      add(stack, 'aws_subnet', 'isolated_b', { vpc_id: VPC, cidr_block: '10.1.3.0/24' });
      add(stack, 'aws_default_route_table', 'main', {
        default_route_table_id: '${aws_vpc.main.default_route_table_id}',
        route: [{ cidr_block: '10.0.0.0/8', transit_gateway_id: 'tgw-0123456789abcdef0' }],
      });
      const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { subnets: string[] };
      network.subnets.push(id('aws_subnet.isolated_b'));
    },
  },
  {
    name: 'routes of a VPN that propagate into the table, as a resource',
    breaks: ['C1'],
    names: 'aws_vpn_gateway_route_propagation.office',
    change: (stack) => {
      add(stack, 'aws_vpn_gateway', 'office', { vpc_id: VPC });
      add(stack, 'aws_vpn_gateway_route_propagation', 'office', {
        vpn_gateway_id: id('aws_vpn_gateway.office'),
        route_table_id: id('aws_route_table.isolated'),
      });
    },
  },
  {
    name: 'routes of a VPN that propagate into the table, as an attribute',
    breaks: ['C1'],
    names: 'aws_vpn_gateway.office',
    change: (stack) => {
      add(stack, 'aws_vpn_gateway', 'office', { vpc_id: VPC });
      get(stack, 'aws_route_table', 'isolated').propagating_vgws = [id('aws_vpn_gateway.office')];
    },
  },
  {
    name: 'routes of a route server that propagate into the table',
    breaks: ['C1'],
    names: 'aws_vpc_route_server_propagation.bgp',
    change: (stack) =>
      add(stack, 'aws_vpc_route_server_propagation', 'bgp', {
        route_server_id: 'rs-0123456789abcdef0',
        route_table_id: id('aws_route_table.isolated'),
      }),
  },
  {
    name: 'a workload moved to the public subnet',
    breaks: ['C1'],
    names: 'aws_route.public',
    change: (stack) => {
      get(stack, 'aws_instance', 'crawler').subnet_id = id('aws_subnet.public');
    },
  },
  {
    name: 'the function with one more subnet, the egress one',
    breaks: ['C1'],
    names: 'aws_lambda_function.mailer',
    change: (stack) => {
      const config = get(stack, 'aws_lambda_function', 'mailer').vpc_config as { subnet_ids: string[] };
      config.subnet_ids.push(id('aws_subnet.egress'));
    },
  },
  {
    name: 'a second interface of the instance in the public subnet',
    breaks: ['C1'],
    names: 'aws_instance.crawler',
    change: (stack) => {
      add(stack, 'aws_network_interface', 'second', {
        subnet_id: id('aws_subnet.public'),
        security_groups: [id('aws_security_group.crawler')],
      });
      add(stack, 'aws_network_interface_attachment', 'second', {
        instance_id: id('aws_instance.crawler'),
        network_interface_id: id('aws_network_interface.second'),
        device_index: 1,
      });
    },
  },
  {
    name: 'a second interface with another group, attached inline',
    breaks: ['C1', 'C2'],
    names: 'aws_instance.crawler',
    change: (stack) => {
      add(stack, 'aws_network_interface', 'second', {
        subnet_id: id('aws_subnet.public'),
        security_groups: [id('aws_security_group.open')],
        attachment: { instance: id('aws_instance.crawler'), device_index: 1 },
      });
      add(stack, 'aws_security_group', 'open', {
        vpc_id: VPC,
        egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
      });
    },
  },
  {
    name: 'VPC Lattice, which routes from every subnet',
    breaks: ['C1'],
    names: 'aws_vpclattice_service_network_vpc_association.shared',
    change: (stack) =>
      add(stack, 'aws_vpclattice_service_network_vpc_association', 'shared', {
        vpc_identifier: VPC,
        service_network_identifier: 'sn-0123456789abcdef0',
      }),
  },
  {
    name: 'a workload by the tags of its provider, in the public subnet',
    breaks: ['C1'],
    names: 'aws_network_interface.agent',
    change: (stack) => {
      const tags = { 'mcp-egress:role': 'workload', 'mcp-egress:workload': 'agent' };
      stack.provider.aws?.push({ alias: 'agents', region: 'eu-west-1', default_tags: [{ tags }] });
      add(stack, 'aws_security_group', 'agent', { provider: 'aws.agents', vpc_id: VPC, tags: { team: 'agents' } });
      add(stack, 'aws_network_interface', 'agent', {
        subnet_id: id('aws_subnet.public'),
        security_groups: [id('aws_security_group.agent')],
      });
    },
  },
  {
    name: 'a workload whose tag has its name from a local, in the public subnet',
    breaks: ['C1'],
    names: 'aws_network_interface.agent',
    change: (stack) => {
      stack.locals = { role: 'mcp-egress:role' };
      add(stack, 'aws_security_group', 'agent', { vpc_id: VPC, tags: { '${local.role}': 'workload' } });
      add(stack, 'aws_network_interface', 'agent', {
        subnet_id: id('aws_subnet.public'),
        security_groups: [id('aws_security_group.agent')],
      });
    },
  },
  {
    name: 'the default VPC of the account, whose main table leads to the Internet',
    breaks: ['C1', 'C3', 'C5'],
    names: 'aws_default_vpc.default',
    change: (stack) => {
      add(stack, 'aws_default_vpc', 'default', {});
      add(stack, 'aws_default_subnet', 'default', { availability_zone: 'eu-west-1a' });
      get(stack, 'aws_instance', 'crawler').subnet_id = id('aws_default_subnet.default');
    },
  },
];
