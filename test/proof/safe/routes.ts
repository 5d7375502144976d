import { arn, id, VPC } from '../support/base';
import { add, get } from '../support/sealed';
import type { Safe } from './safe';

const ASSOCIATION = 'aws_route_table_association';

export const ROUTES: readonly Safe[] = [
  {
    name: 'inline routes in the tables of the gateway',
    change: (stack) => {
      delete stack.resource.aws_route?.egress;
      get(stack, 'aws_route_table', 'egress').route = [
        { cidr_block: '0.0.0.0/0', nat_gateway_id: id('aws_nat_gateway.main') },
      ];
    },
  },
  {
    name: 'a local route that is written out',
    change: (stack) => {
      get(stack, 'aws_route_table', 'isolated').route = [{ cidr_block: '10.1.0.0/16', gateway_id: 'local' }];
    },
  },
  {
    name: 'an empty list of inline routes',
    change: (stack) => {
      get(stack, 'aws_route_table', 'isolated').route = [];
    },
  },
  {
    name: 'workloads under the main table, of which nothing is written',
    change: (stack) => {
      delete stack.resource[ASSOCIATION]?.isolated;
    },
  },
  {
    name: 'workloads under the main table, emptied by the documents',
    change: (stack) => {
      delete stack.resource[ASSOCIATION]?.isolated;
      add(stack, 'aws_default_route_table', 'main', {
        default_route_table_id: '${aws_vpc.main.default_route_table_id}',
        route: [],
      });
    },
  },
  {
    name: 'workloads under the main table, which is one of the documents',
    change: (stack) => {
      delete stack.resource[ASSOCIATION]?.isolated;
      add(stack, 'aws_main_route_table_association', 'main', {
        vpc_id: VPC,
        route_table_id: id('aws_route_table.isolated'),
      });
    },
  },
  {
    name: 'an open main table, while every subnet of workloads has another one',
    change: (stack) => {
      add(stack, 'aws_default_route_table', 'main', {
        default_route_table_id: '${aws_vpc.main.default_route_table_id}',
        route: [{ cidr_block: '0.0.0.0/0', gateway_id: id('aws_internet_gateway.main') }],
      });
    },
  },
  {
    name: 'a VPC with IPv6, without a route for it',
    change: (stack) => {
      get(stack, 'aws_vpc', 'main').assign_generated_ipv6_cidr_block = true;
      get(stack, 'aws_subnet', 'isolated').ipv6_cidr_block = '${cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)}';
    },
  },
  {
    name: 'an egress-only Internet gateway for the subnets of the gateway',
    change: (stack) => {
      add(stack, 'aws_egress_only_internet_gateway', 'main', { vpc_id: VPC });
      add(stack, 'aws_route', 'egress6', {
        route_table_id: id('aws_route_table.egress'),
        destination_ipv6_cidr_block: '::/0',
        egress_only_gateway_id: id('aws_egress_only_internet_gateway.main'),
      });
    },
  },
  {
    name: 'other subnets with other things in them that reach the Internet',
    change: (stack) => {
      add(stack, 'aws_subnet', 'web', { vpc_id: VPC, cidr_block: '10.1.9.0/24', map_public_ip_on_launch: true });
      add(stack, ASSOCIATION, 'web', {
        subnet_id: id('aws_subnet.web'),
        route_table_id: id('aws_route_table.public'),
      });
      add(stack, 'aws_security_group', 'web', {
        vpc_id: VPC,
        egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
      });
      add(stack, 'aws_instance', 'web', {
        subnet_id: id('aws_subnet.web'),
        vpc_security_group_ids: [id('aws_security_group.web')],
        associate_public_ip_address: true,
      });
    },
  },
  {
    name: 'a peering and a transit gateway that no table of workloads knows',
    change: (stack) => {
      add(stack, 'aws_vpc_peering_connection', 'shared', { vpc_id: VPC, peer_vpc_id: 'vpc-0123456789abcdef0' });
      add(stack, 'aws_ec2_transit_gateway', 'main', {});
      add(stack, 'aws_ec2_transit_gateway_vpc_attachment', 'main', {
        transit_gateway_id: id('aws_ec2_transit_gateway.main'),
        vpc_id: VPC,
        subnet_ids: [id('aws_subnet.egress')],
      });
      add(stack, 'aws_route', 'shared', {
        route_table_id: id('aws_route_table.egress'),
        destination_cidr_block: '10.9.0.0/16',
        transit_gateway_id: id('aws_ec2_transit_gateway.main'),
      });
    },
  },
  {
    name: 'a VPN whose routes propagate into the table of the gateway',
    change: (stack) => {
      add(stack, 'aws_vpn_gateway', 'office', { vpc_id: VPC });
      add(stack, 'aws_vpn_gateway_route_propagation', 'office', {
        vpn_gateway_id: id('aws_vpn_gateway.office'),
        route_table_id: id('aws_route_table.egress'),
      });
    },
  },
  {
    name: 'a table for what comes in by the Internet gateway',
    change: (stack) => {
      add(stack, 'aws_route_table', 'edge', { vpc_id: VPC });
      add(stack, ASSOCIATION, 'edge', {
        gateway_id: id('aws_internet_gateway.main'),
        route_table_id: id('aws_route_table.edge'),
      });
    },
  },
  {
    name: 'network ACLs that restrict',
    change: (stack) => {
      add(stack, 'aws_network_acl', 'isolated', {
        vpc_id: VPC,
        subnet_ids: [id('aws_subnet.isolated')],
        egress: [
          { rule_no: 100, protocol: 'tcp', action: 'allow', cidr_block: '10.1.0.0/16', from_port: 0, to_port: 65535 },
        ],
      });
      add(stack, 'aws_default_network_acl', 'main', {
        default_network_acl_id: '${aws_vpc.main.default_network_acl_id}',
      });
    },
  },
  {
    name: 'a gateway endpoint whose tables are associations',
    change: (stack) => {
      delete get(stack, 'aws_vpc_endpoint', 's3').route_table_ids;
      add(stack, 'aws_vpc_endpoint_route_table_association', 's3', {
        vpc_endpoint_id: id('aws_vpc_endpoint.s3'),
        route_table_id: id('aws_route_table.isolated'),
      });
    },
  },
  {
    name: 'a second isolated subnet in another zone, by an index of a list in locals',
    change: (stack) => {
      add(stack, 'aws_subnet', 'isolated_b', { vpc_id: VPC, cidr_block: '10.1.3.0/24' });
      add(stack, ASSOCIATION, 'isolated_b', {
        subnet_id: id('aws_subnet.isolated_b'),
        route_table_id: id('aws_route_table.isolated'),
      });
      stack.locals = { subnets: [id('aws_subnet.isolated'), id('aws_subnet.isolated_b')] };
      const service = get(stack, 'aws_ecs_service', 'search').network_configuration as Record<string, unknown>;
      service.subnets = '${local.subnets}';
      get(stack, 'aws_instance', 'crawler').subnet_id = '${local.subnets[1]}';
    },
  },
  {
    name: 'a flow log, a default VPC that is left alone, and logs of DNS questions',
    change: (stack) => {
      add(stack, 'aws_flow_log', 'main', {
        vpc_id: VPC,
        traffic_type: 'REJECT',
        log_destination: 'arn:aws:logs:eu-west-1:111111111111:log-group:flows',
      });
      add(stack, 'aws_route53_resolver_query_log_config', 'main', {
        name: 'main',
        destination_arn: 'arn:aws:logs:eu-west-1:111111111111:log-group:dns',
      });
      add(stack, 'aws_route53_resolver_query_log_config_association', 'main', {
        resolver_query_log_config_id: id('aws_route53_resolver_query_log_config.main'),
        resource_id: VPC,
      });
      add(stack, 'aws_s3_bucket', 'data', { bucket: 'acme-data' });
      add(stack, 'aws_iam_role', 'agent', { assume_role_policy: arn('aws_s3_bucket.data') });
    },
  },
];
