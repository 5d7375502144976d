import { addStranger, arn, id, interfaceEndpoint, out, VPC } from '../support/base';
import { add, egress, get } from '../support/sealed';
import type { Leak } from './leak';

const EGRESS = 'aws_vpc_security_group_egress_rule';

/** Rules in other forms, and groups that come together. */
export const MORE_SECURITY_GROUPS: readonly Leak[] = [
  {
    name: 'an inline rule beside standalone ones',
    breaks: ['C2'],
    names: 'aws_security_group.search',
    change: (stack) => {
      get(stack, 'aws_security_group', 'search').egress = [
        { protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] },
      ];
    },
  },
  {
    name: 'an inline rule, its protocol by number and its ports as text',
    breaks: ['C2'],
    names: 'aws_security_group.notes',
    change: (stack) => {
      get(stack, 'aws_security_group', 'notes').egress = {
        protocol: '6',
        from_port: '443',
        to_port: '443',
        ipv6_cidr_blocks: ['::/0'],
      };
    },
  },
  {
    name: 'a rule of the legacy kind',
    breaks: ['C2'],
    names: 'aws_security_group_rule.leak',
    change: (stack) =>
      add(stack, 'aws_security_group_rule', 'leak', {
        type: 'egress',
        security_group_id: id('aws_security_group.mailer'),
        protocol: 'all',
        from_port: 0,
        to_port: 65535,
        cidr_blocks: ['0.0.0.0/0'],
      }),
  },
  {
    name: 'a rule of the legacy kind to itself',
    breaks: ['C2'],
    names: 'aws_security_group_rule.leak',
    change: (stack) =>
      add(stack, 'aws_security_group_rule', 'leak', {
        type: 'egress',
        security_group_id: id('aws_security_group.search'),
        protocol: '-1',
        from_port: 0,
        to_port: 0,
        self: true,
      }),
  },
  {
    name: 'a rule whose addresses come from a local',
    breaks: ['C2'],
    names: '203.0.113.0/24',
    change: (stack) => {
      stack.locals = { partner: { cidrs: ['203.0.113.0/24'] } };
      add(stack, EGRESS, 'leak', out({ cidr_ipv4: '${local.partner.cidrs[0]}' }));
    },
  },
  {
    name: 'a second group on a service',
    breaks: ['C2'],
    names: 'aws_security_group.open',
    change: (stack) => {
      addStranger(stack, 'open');
      add(stack, EGRESS, 'open', {
        ...out({ cidr_ipv4: '0.0.0.0/0' }),
        security_group_id: id('aws_security_group.open'),
      });
      const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { security_groups: string[] };
      network.security_groups.push(id('aws_security_group.open'));
    },
  },
  {
    name: 'a second group on an instance, by an attachment',
    breaks: ['C2'],
    names: 'aws_security_group.open',
    change: (stack) => {
      add(stack, 'aws_security_group', 'open', {
        vpc_id: VPC,
        egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
      });
      add(stack, 'aws_network_interface_sg_attachment', 'open', {
        security_group_id: id('aws_security_group.open'),
        network_interface_id: '${aws_instance.crawler.primary_network_interface_id}',
      });
    },
  },
  {
    name: "the VPC's default group, which the documents take over and leave open, on a service",
    breaks: ['C2'],
    names: 'aws_default_security_group.main',
    change: (stack) => {
      add(stack, 'aws_default_security_group', 'main', {
        vpc_id: VPC,
        egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
      });
      const network = get(stack, 'aws_ecs_service', 'notes').network_configuration as { security_groups: string[] };
      network.security_groups.push('${aws_vpc.main.default_security_group_id}');
    },
  },
  {
    name: 'the groups of two workloads on one service',
    breaks: ['C2'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      const network = get(stack, 'aws_ecs_service', 'search').network_configuration as { security_groups: string[] };
      network.security_groups.push(id('aws_security_group.mailer'));
    },
  },
  {
    name: 'a workload that calls another one, which a copy of its group may reach as well',
    breaks: ['C2'],
    names: 'aws_vpc_security_group_egress_rule.copy_notes',
    change: (stack) => {
      const tags = { 'mcp-egress:role': 'workload', 'mcp-egress:workload': 'copy', 'mcp-egress:port': '10004' };
      add(stack, 'aws_security_group', 'copy', { vpc_id: VPC, tags });
      add(stack, EGRESS, 'copy_notes', egress('copy', 'notes', 8080));
      add(stack, 'aws_scheduler_schedule', 'copy', {
        schedule_expression: 'rate(1 day)',
        target: {
          arn: arn('aws_ecs_cluster.main'),
          ecs_parameters: {
            launch_type: 'FARGATE',
            task_definition_arn: arn('aws_ecs_task_definition.notes'),
            network_configuration: {
              subnets: [id('aws_subnet.isolated')],
              security_groups: [id('aws_security_group.copy')],
            },
          },
        },
      });
    },
  },
  {
    name: 'the role removed from the group of a knowledge base that a workload reaches',
    breaks: ['C2'],
    names: 'aws_security_group.logs',
    change: (stack) => {
      get(stack, 'aws_security_group', 'logs').tags = {};
    },
  },
  {
    name: 'an endpoint on 8443 by its tag, and a rule for 443',
    breaks: ['C2'],
    names: 'aws_vpc_security_group_egress_rule.search_vectors',
    change: (stack) => {
      const tags = { 'mcp-egress:role': 'endpoint', 'mcp-egress:port': '8443' };
      add(stack, 'aws_security_group', 'vectors', { vpc_id: VPC, tags });
      add(stack, EGRESS, 'search_vectors', egress('search', 'vectors', 443));
      add(
        stack,
        'aws_vpc_endpoint',
        'vectors',
        interfaceEndpoint('com.amazonaws.eu-west-1.bedrock', undefined, 'vectors'),
      );
      get(stack, 'aws_vpc_endpoint', 'vectors').policy = get(stack, 'aws_vpc_endpoint', 'logs').policy;
    },
  },
  {
    name: 'a second interface without a group, which gets the default one, left open by the documents',
    breaks: ['C2'],
    names: 'aws_default_security_group.main',
    change: (stack) => {
      add(stack, 'aws_default_security_group', 'main', {
        vpc_id: VPC,
        egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
      });
      add(stack, 'aws_network_interface', 'second', {
        subnet_id: id('aws_subnet.isolated'),
        attachment: [{ instance: id('aws_instance.crawler'), device_index: 1 }],
      });
    },
  },
];
