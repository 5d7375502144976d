import { addStranger, id, VPC } from '../support/base';
import { add, get, ingress, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const INGRESS = 'aws_vpc_security_group_ingress_rule';

/** One more rule of the gateway's group. */
function rule(name: string, block: Block, prepare?: (stack: Stack) => void): Leak {
  return {
    name,
    breaks: ['C6'],
    names: `${INGRESS}.leak`,
    change: (stack) => {
      prepare?.(stack);
      add(stack, INGRESS, 'leak', block);
    },
  };
}

const from = (more: Block): Block => ({
  ...ingress('gateway', 'search', 10000),
  referenced_security_group_id: null,
  ...more,
});

export const GATEWAY: readonly Leak[] = [
  rule('everybody may use the gateway', from({ cidr_ipv4: '0.0.0.0/0' })),
  rule('everybody over IPv6', from({ cidr_ipv6: '::/0' })),
  rule('everything in the VPC', from({ cidr_ipv4: '10.1.0.0/16', ip_protocol: '-1', from_port: null, to_port: null })),
  rule('a prefix list of offices', from({ prefix_list_id: 'pl-0123456789abcdef0' })),
  rule('a group that is no workload', ingress('gateway', 'developers', 10000), (stack) =>
    addStranger(stack, 'developers'),
  ),
  rule('an endpoint', ingress('gateway', 'logs', 10000)),
  rule("a workload on another one's port", ingress('gateway', 'notes', 10000)),
  rule('a workload on a range of ports', { ...ingress('gateway', 'search', 10000), to_port: 10010 }),
  rule('a workload on every port', {
    ...ingress('gateway', 'search', 10000),
    ip_protocol: '-1',
    from_port: null,
    to_port: null,
  }),
  rule('a workload by UDP', { ...ingress('gateway', 'search', 10000), ip_protocol: 'udp' }),
  {
    name: 'an inline rule of the gateway for everybody',
    breaks: ['C6'],
    names: 'aws_security_group.gateway',
    change: (stack) => {
      get(stack, 'aws_security_group', 'gateway').ingress = [
        { protocol: 'tcp', from_port: 9901, to_port: 9901, cidr_blocks: ['10.0.0.0/8'] },
      ];
    },
  },
  {
    name: 'a rule of the legacy kind for everybody',
    breaks: ['C6'],
    names: 'aws_security_group_rule.leak',
    change: (stack) =>
      add(stack, 'aws_security_group_rule', 'leak', {
        type: 'ingress',
        security_group_id: id('aws_security_group.gateway'),
        protocol: 'tcp',
        from_port: 10000,
        to_port: 10003,
        cidr_blocks: ['0.0.0.0/0'],
      }),
  },
  {
    name: 'a second group on the gateway that lets everybody in',
    breaks: ['C6'],
    names: 'aws_security_group.debug',
    change: (stack) => {
      add(stack, 'aws_security_group', 'debug', {
        vpc_id: VPC,
        ingress: [{ protocol: 'tcp', from_port: 10000, to_port: 10000, cidr_blocks: ['0.0.0.0/0'] }],
      });
      const network = get(stack, 'aws_ecs_service', 'gateway').network_configuration as { security_groups: string[] };
      network.security_groups.push(id('aws_security_group.debug'));
    },
  },
  {
    name: 'a gateway that only observes',
    breaks: ['C6'],
    names: 'aws_security_group.gateway',
    change: (stack) => {
      (get(stack, 'aws_security_group', 'gateway').tags as Block)['mcp-egress:mode'] = 'observe';
    },
  },
  {
    name: "a workload's port in its tag that its rules do not have",
    breaks: ['C2', 'C6'],
    names: 'aws_vpc_security_group_egress_rule.notes_gateway',
    change: (stack) => {
      (get(stack, 'aws_security_group', 'notes').tags as Block)['mcp-egress:port'] = '10009';
    },
  },
  {
    name: 'two workloads on one port, in tags and rules',
    breaks: ['C6'],
    names: 'aws_vpc_security_group_ingress_rule.gateway',
    change: (stack) => {
      (get(stack, 'aws_security_group', 'notes').tags as Block)['mcp-egress:port'] = '10000';
      for (const [type, name] of [
        ['aws_vpc_security_group_egress_rule', 'notes_gateway'],
        [INGRESS, 'gateway_notes'],
      ] as const)
        Object.assign(get(stack, type, name), { from_port: 10000, to_port: 10000 });
    },
  },
  {
    name: 'two workloads on one port, without tags',
    breaks: ['C6'],
    names: 'aws_vpc_security_group_ingress_rule.gateway',
    change: (stack) => {
      for (const name of ['search', 'notes'])
        delete (get(stack, 'aws_security_group', name).tags as Block)['mcp-egress:port'];
      for (const [type, name] of [
        ['aws_vpc_security_group_egress_rule', 'notes_gateway'],
        [INGRESS, 'gateway_notes'],
      ] as const)
        Object.assign(get(stack, type, name), { from_port: 10000, to_port: 10000 });
    },
  },
  {
    name: 'a load balancer in front of the gateway that everybody may use',
    breaks: ['C6'],
    names: 'aws_security_group.front',
    change: (stack) => {
      add(stack, 'aws_security_group', 'front', {
        vpc_id: VPC,
        tags: { 'mcp-egress:role': 'gateway' },
        ingress: [{ protocol: 'tcp', from_port: 10000, to_port: 10000, cidr_blocks: ['0.0.0.0/0'] }],
      });
      add(stack, 'aws_lb', 'front', {
        load_balancer_type: 'network',
        internal: true,
        subnets: [id('aws_subnet.egress')],
        security_groups: [id('aws_security_group.front')],
      });
      add(stack, INGRESS, 'gateway_front', ingress('gateway', 'front', 10000));
    },
  },
];
