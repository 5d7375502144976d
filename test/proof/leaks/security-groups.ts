import { addStranger, id, out } from '../support/base';
import { add, ingress, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const EGRESS = 'aws_vpc_security_group_egress_rule';

/** One more rule of the search workload. */
function rule(name: string, block: Block, prepare?: (stack: Stack) => void): Leak {
  return {
    name,
    breaks: ['C2'],
    names: `${EGRESS}.leak`,
    change: (stack) => {
      prepare?.(stack);
      add(stack, EGRESS, 'leak', block);
    },
  };
}

const all = { ip_protocol: '-1', from_port: null, to_port: null };
const toGroup = (group: string, more: Block = {}): Block =>
  out({ referenced_security_group_id: id(`aws_security_group.${group}`), ...more });

const RULES: readonly Leak[] = [
  rule('everything, everywhere', out({ cidr_ipv4: '0.0.0.0/0', ...all })),
  rule('HTTPS to everywhere', out({ cidr_ipv4: '0.0.0.0/0' })),
  rule('HTTPS to everywhere over IPv6', out({ cidr_ipv6: '::/0' })),
  rule('one host of the Internet', out({ cidr_ipv4: '203.0.113.7/32' })),
  rule('the VPC itself', out({ cidr_ipv4: '10.1.0.0/16', ...all })),
  rule(
    'ICMP, through which data can be tunnelled',
    out({ cidr_ipv4: '0.0.0.0/0', ip_protocol: 'icmp', from_port: -1, to_port: -1 }),
  ),
  rule('UDP on 443 (QUIC)', out({ cidr_ipv4: '0.0.0.0/0', ip_protocol: 'udp' })),
  rule(
    'DNS to a resolver of somebody else',
    out({ cidr_ipv4: '8.8.8.8/32', ip_protocol: 'udp', from_port: 53, to_port: 53 }),
  ),
  rule(
    'a prefix list of our own with addresses of a partner',
    out({ prefix_list_id: id('aws_ec2_managed_prefix_list.partners') }),
    (stack) => {
      add(stack, 'aws_ec2_managed_prefix_list', 'partners', {
        name: 'partners',
        address_family: 'IPv4',
        max_entries: 5,
      });
      add(stack, 'aws_ec2_managed_prefix_list_entry', 'partner', {
        prefix_list_id: id('aws_ec2_managed_prefix_list.partners'),
        cidr: '203.0.113.0/24',
      });
    },
  ),
  rule(
    'the prefix list of CloudFront',
    out({ prefix_list_id: id('data.aws_ec2_managed_prefix_list.cloudfront') }),
    (stack) => {
      stack.data.aws_ec2_managed_prefix_list = {
        cloudfront: { name: 'com.amazonaws.global.cloudfront.origin-facing' },
      };
    },
  ),
  rule(
    "DynamoDB's prefix list where there is no endpoint for it",
    out({ prefix_list_id: id('data.aws_prefix_list.dynamodb') }),
    (stack) => {
      stack.data.aws_prefix_list = { dynamodb: { name: 'com.amazonaws.eu-west-1.dynamodb' } };
    },
  ),
  rule("S3's prefix list on every port", out({ prefix_list_id: '${aws_vpc_endpoint.s3.prefix_list_id}', ...all })),
  rule("another workload's port on the gateway", toGroup('gateway', { from_port: 10001, to_port: 10001 })),
  rule('a range of ports of the gateway', toGroup('gateway', { from_port: 10000, to_port: 10010 })),
  rule("the gateway's admin port", toGroup('gateway', { from_port: 9901, to_port: 9901 })),
  rule('every protocol to the gateway', toGroup('gateway', all)),
  rule('its port on the gateway, by UDP', toGroup('gateway', { ip_protocol: 'udp', from_port: 10000, to_port: 10000 })),
  rule('endpoints on every port', toGroup('logs', all)),
  rule('a workload that it does not declare', toGroup('mailer', { from_port: 8080, to_port: 8080 })),
  rule('a declared workload on another port', toGroup('notes', { from_port: 22, to_port: 22 })),
  rule('a declared workload on every port', toGroup('notes', all)),
  rule('its own group', toGroup('search', all)),
  rule('a group that is no part of the perimeter', toGroup('cache'), (stack) => addStranger(stack, 'cache')),
];

const PIVOTS: readonly Leak[] = [
  {
    ...rule('a bastion that can reach the Internet', toGroup('bastion', { from_port: 22, to_port: 22 }), (stack) => {
      addStranger(stack, 'bastion');
      add(stack, 'aws_instance', 'bastion', {
        subnet_id: id('aws_subnet.public'),
        vpc_security_group_ids: [id('aws_security_group.bastion')],
      });
      add(stack, 'aws_vpc_security_group_ingress_rule', 'bastion', ingress('bastion', 'search', 22));
      add(stack, EGRESS, 'bastion', {
        ...out({ cidr_ipv4: '0.0.0.0/0' }),
        security_group_id: id('aws_security_group.bastion'),
      });
    }),
    names: 'aws_instance.bastion can itself reach other networks',
  },
  {
    name: 'the role of an endpoint on a proxy of its own',
    breaks: ['C2'],
    names: 'aws_instance.squid',
    change: (stack) =>
      add(stack, 'aws_instance', 'squid', {
        subnet_id: id('aws_subnet.egress'),
        vpc_security_group_ids: [id('aws_security_group.logs')],
      }),
  },
  {
    name: 'the group of endpoints on a load balancer',
    breaks: ['C2'],
    names: 'aws_lb.tools',
    change: (stack) =>
      add(stack, 'aws_lb', 'tools', {
        internal: true,
        load_balancer_type: 'network',
        subnets: [id('aws_subnet.egress')],
        security_groups: [id('aws_security_group.logs')],
      }),
  },
  {
    name: 'the group of endpoints on a function outside of the perimeter',
    breaks: ['C2'],
    names: 'aws_lambda_function.relay',
    change: (stack) =>
      add(stack, 'aws_lambda_function', 'relay', {
        function_name: 'relay',
        vpc_config: { subnet_ids: [id('aws_subnet.egress')], security_group_ids: [id('aws_security_group.logs')] },
      }),
  },
  {
    name: "the group of endpoints put on a server's interface by an attachment",
    breaks: ['C2'],
    names: 'aws_instance.squid',
    change: (stack) => {
      add(stack, 'aws_instance', 'squid', { subnet_id: id('aws_subnet.egress') });
      add(stack, 'aws_network_interface_sg_attachment', 'squid', {
        security_group_id: id('aws_security_group.logs'),
        network_interface_id: '${aws_instance.squid.primary_network_interface_id}',
      });
    },
  },
];

export const SECURITY_GROUPS: readonly Leak[] = [...RULES, ...PIVOTS];
