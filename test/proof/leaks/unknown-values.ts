import { id, interfaceEndpoint, out, VPC } from '../support/base';
import { add, get, PINNED, policy, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const EGRESS = 'aws_vpc_security_group_egress_rule';

/** Declares a variable, and refers to it. */
const variable = (stack: Stack, name: string): string => {
  (stack.variable as Block | undefined) ??= {};
  stack.variable = { ...(stack.variable as Block), [name]: { type: 'string' } };
  return `\${var.${name}}`;
};

/** Values that the documents do not say. */
export const UNKNOWN_VALUES: readonly Leak[] = [
  unknown('addresses of a rule from a variable', ['C2'], `${EGRESS}.leak`, (stack) =>
    add(stack, EGRESS, 'leak', out({ cidr_ipv4: variable(stack, 'cidr') })),
  ),
  unknown('addresses by a condition', ['C2'], `${EGRESS}.leak`, (stack) =>
    add(stack, EGRESS, 'leak', out({ cidr_ipv4: '${var.open ? "0.0.0.0/0" : "10.1.0.2/32"}' })),
  ),
  unknown('the group of a rule from a variable', ['C2'], `${EGRESS}.leak`, (stack) =>
    add(stack, EGRESS, 'leak', out({ security_group_id: variable(stack, 'group'), cidr_ipv4: '0.0.0.0/0' })),
  ),
  unknown('a port of a rule from a variable', ['C2'], `${EGRESS}.leak`, (stack) =>
    add(stack, EGRESS, 'leak', {
      ...out({ referenced_security_group_id: id('aws_security_group.gateway') }),
      from_port: 10000,
      to_port: variable(stack, 'port'),
    }),
  ),
  unknown('a group of a service from a variable', ['C2'], 'aws_ecs_service.search', (stack) => {
    const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { security_groups: string[] };
    network.security_groups.push(variable(stack, 'group'));
  }),
  unknown('a group of another stack that is not given', ['C2'], 'aws_ecs_service.search', (stack) => {
    stack.data.terraform_remote_state = { other: { backend: 's3', config: { bucket: 'b', key: 'k' } } };
    const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { security_groups: string[] };
    network.security_groups.push('${data.terraform_remote_state.other.outputs.group}');
  }),
  unknown("the VPC's default group, which the documents do not take over", ['C2'], 'aws_instance.crawler', (stack) => {
    (get(stack, 'aws_instance', 'crawler').vpc_security_group_ids as string[]).push(
      '${aws_vpc.main.default_security_group_id}',
    );
  }),
  unknown(
    'a second interface without a group, which gets a default one of which nothing is written',
    ['C2'],
    'aws_network_interface.second',
    (stack) =>
      add(stack, 'aws_network_interface', 'second', {
        subnet_id: id('aws_subnet.isolated'),
        attachment: [{ instance: id('aws_instance.crawler'), device_index: 1 }],
      }),
  ),
  unknown('an instance without a subnet that has an interface in one', ['C1'], 'aws_instance.crawler', (stack) => {
    delete get(stack, 'aws_instance', 'crawler').subnet_id;
    add(stack, 'aws_network_interface', 'second', {
      subnet_id: id('aws_subnet.isolated'),
      security_groups: [id('aws_security_group.crawler')],
    });
    add(stack, 'aws_network_interface_attachment', 'second', {
      instance_id: id('aws_instance.crawler'),
      network_interface_id: id('aws_network_interface.second'),
      device_index: 1,
    });
  }),
  unknown('a bucket from a parameter', ['C4'], 'aws_vpc_endpoint.s3', (stack) => {
    stack.data.aws_ssm_parameter = { bucket: { name: '/bucket' } };
    get(stack, 'aws_vpc_endpoint', 's3').policy = policy({
      ...PINNED,
      Resource: 'arn:aws:s3:::${data.aws_ssm_parameter.bucket.value}',
      Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } },
    });
  }),
  unknown('a subnet of a service from a variable', ['C1'], 'aws_ecs_service.search', (stack) => {
    const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { subnets: string[] };
    network.subnets.push(variable(stack, 'subnet'));
  }),
  unknown('a subnet that is only looked up', ['C1'], 'aws_instance.crawler', (stack) => {
    stack.data.aws_subnet = { shared: { id: 'subnet-0123456789abcdef0' } };
    get(stack, 'aws_instance', 'crawler').subnet_id = id('data.aws_subnet.shared');
  }),
  unknown('a route of a table from a variable', ['C1'], 'aws_route.leak', (stack) =>
    add(stack, 'aws_route', 'leak', {
      route_table_id: variable(stack, 'table'),
      destination_cidr_block: '0.0.0.0/0',
      gateway_id: id('aws_internet_gateway.main'),
    }),
  ),
  unknown('routes by a dynamic block', ['C1'], 'aws_route_table.isolated', (stack) => {
    get(stack, 'aws_route_table', 'isolated').dynamic = {
      route: {
        for_each: '${var.routes}',
        content: [{ cidr_block: '${route.value}', gateway_id: id('aws_internet_gateway.main') }],
      },
    };
  }),
  unknown(
    'an entry of a prefix list of a variable, while a workload may reach another one',
    ['C2'],
    'aws_ec2_managed_prefix_list_entry.more',
    (stack) => {
      add(stack, 'aws_ec2_managed_prefix_list', 'resolver', {
        name: 'resolver',
        address_family: 'IPv4',
        max_entries: 2,
        entry: [{ cidr: '10.1.0.2/32' }],
      });
      add(stack, 'aws_ec2_managed_prefix_list_entry', 'more', {
        prefix_list_id: variable(stack, 'list'),
        cidr: '0.0.0.0/0',
      });
      add(stack, EGRESS, 'resolver', {
        ...out({ prefix_list_id: id('aws_ec2_managed_prefix_list.resolver') }),
        from_port: 53,
        to_port: 53,
      });
    },
  ),
  unknown('inline rules from a variable', ['C2'], 'aws_security_group.notes', (stack) => {
    get(stack, 'aws_security_group', 'notes').egress = variable(stack, 'rules');
  }),
  unknown('a group that an attachment takes from a variable', ['C2'], 'aws_instance.crawler', (stack) =>
    add(stack, 'aws_network_interface_sg_attachment', 'more', {
      security_group_id: variable(stack, 'group'),
      network_interface_id: '${aws_instance.crawler.primary_network_interface_id}',
    }),
  ),
  unknown('an association with a table of a variable', ['C1'], 'aws_subnet.isolated', (stack) => {
    get(stack, 'aws_route_table_association', 'isolated').route_table_id = variable(stack, 'table');
  }),
  unknown(
    'names of DNS from a list that is not in the documents',
    ['C5'],
    'aws_route53_resolver_firewall_rule.allowed',
    (stack) => {
      get(stack, 'aws_route53_resolver_firewall_rule', 'allowed').firewall_domain_list_id =
        'rslvr-fdl-0123456789abcdef';
    },
  ),
  unknown(
    'one more group of DNS rules, of a variable',
    ['C5'],
    'aws_route53_resolver_firewall_rule_group_association.more',
    (stack) =>
      add(stack, 'aws_route53_resolver_firewall_rule_group_association', 'more', {
        name: 'more',
        priority: 100,
        vpc_id: VPC,
        firewall_rule_group_id: variable(stack, 'firewall'),
      }),
  ),
  unknown('whether the gateway enforces, from a variable', ['C6'], 'aws_security_group.gateway', (stack) => {
    (get(stack, 'aws_security_group', 'gateway').tags as Block)['mcp-egress:mode'] = variable(stack, 'mode');
  }),
  unknown('rules by a dynamic block', ['C2'], 'aws_security_group.notes', (stack) => {
    get(stack, 'aws_security_group', 'notes').dynamic = {
      egress: {
        for_each: '${var.rules}',
        content: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['${egress.value}'] }],
      },
    };
  }),
  unknown('what is declared as callable, from a variable', ['C2'], `${EGRESS}.search_notes`, (stack) => {
    (get(stack, 'aws_security_group', 'search').tags as Block)['mcp-egress:calls'] = variable(stack, 'calls');
  }),
  unknown('whether a service has a public address, from a variable', ['C3'], 'aws_ecs_service.search', (stack) => {
    (get(stack, 'aws_ecs_service', 'search').network_configuration as Block).assign_public_ip = variable(
      stack,
      'public',
    );
  }),
  unknown('the policy of an endpoint from a variable', ['C4'], 'aws_vpc_endpoint.s3', (stack) => {
    get(stack, 'aws_vpc_endpoint', 's3').policy = variable(stack, 'policy');
  }),
  unknown('the service of an endpoint from a variable', ['C4'], 'aws_vpc_endpoint.more', (stack) =>
    add(stack, 'aws_vpc_endpoint', 'more', interfaceEndpoint(variable(stack, 'service'))),
  ),
  unknown('names of DNS from a variable', ['C5'], 'aws_route53_resolver_firewall_rule.allowed', (stack) => {
    get(stack, 'aws_route53_resolver_firewall_domain_list', 'allowed').domains = variable(stack, 'domains');
  }),
  unknown('a Route 53 profile, whose rules are not read', ['C5'], 'aws_route53profiles_association.shared', (stack) =>
    add(stack, 'aws_route53profiles_association', 'shared', {
      name: 'shared',
      profile_id: 'rp-0123456789',
      resource_id: VPC,
    }),
  ),
  unknown('who may use the gateway, from a variable', ['C6'], 'aws_vpc_security_group_ingress_rule.leak', (stack) =>
    add(stack, 'aws_vpc_security_group_ingress_rule', 'leak', {
      security_group_id: id('aws_security_group.gateway'),
      ip_protocol: 'tcp',
      from_port: 10000,
      to_port: 10000,
      cidr_ipv4: variable(stack, 'clients'),
    }),
  ),
  unknown('the containers of a task from a file', ['C7'], 'aws_ecs_task_definition.search', (stack) => {
    get(stack, 'aws_ecs_task_definition', 'search').container_definitions = '${file("containers.json")}';
  }),
];
