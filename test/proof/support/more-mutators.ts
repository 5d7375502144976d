import { all, follow, groupsOf } from './apps';
import { each, first, rule, services, tasks, workloads, type Mutator } from './mutator';
import { add, get, type Block } from './sealed';

const DNS_RULE = 'aws_route53_resolver_firewall_rule';

const DNS: readonly Mutator[] = [
  {
    name: 'no association of the DNS Firewall',
    breaks: 'C5',
    mutate: (stacks) =>
      each(all(stacks, 'aws_route53_resolver_firewall_rule_group_association'), ({ stack }) => {
        delete stack.resource.aws_route53_resolver_firewall_rule_group_association;
      }),
  },
  {
    name: 'rules that warn in the place of those that block',
    breaks: 'C5',
    mutate: (stacks) =>
      each(
        all(stacks, DNS_RULE).filter(({ block }) => block.action === 'BLOCK'),
        ({ block }) => {
          block.action = 'ALERT';
        },
      ),
  },
  {
    name: 'every name on every list that is allowed',
    breaks: 'C5',
    mutate: (stacks) =>
      each(
        all(stacks, DNS_RULE).filter(({ block }) => block.action === 'ALLOW'),
        ({ stack, block }) => {
          const list = follow(stacks, stack, block.firewall_domain_list_id);
          if (list) list.block.domains = ['*.com'];
        },
      ),
  },
  {
    name: 'a firewall that lets through what it cannot judge',
    breaks: 'C5',
    mutate: (stacks) =>
      each(all(stacks, 'aws_route53_resolver_firewall_config'), ({ block }) => {
        block.firewall_fail_open = 'ENABLED';
      }),
  },
];

const GATEWAY: readonly Mutator[] = [
  {
    name: 'an open relay',
    breaks: 'C6',
    mutate: (stacks) =>
      first(groupsOf(stacks, 'gateway'), ({ stack, name }) =>
        add(stack, 'aws_vpc_security_group_ingress_rule', 'leak', rule(name, { cidr_ipv4: '10.0.0.0/8' })),
      ),
  },
  {
    name: 'a gateway that only observes',
    breaks: 'C6',
    mutate: (stacks) =>
      first(groupsOf(stacks, 'gateway'), ({ block }) => {
        (block.tags as Block)['mcp-egress:mode'] = 'observe';
      }),
  },
  {
    name: 'a port more for each workload on the gateway',
    breaks: 'C6',
    mutate: (stacks) => {
      const gateways = groupsOf(stacks, 'gateway').map(({ name }) => `\${aws_security_group.${name}.id}`);
      return each(
        all(stacks, 'aws_vpc_security_group_ingress_rule').filter(({ block }) =>
          gateways.includes(String(block.security_group_id)),
        ),
        ({ block }) => {
          block.to_port = Number(block.to_port) + 1;
        },
      );
    },
  },
];

const TASKS: readonly Mutator[] = [
  {
    name: 'ECS Exec',
    breaks: 'C7',
    mutate: (stacks) =>
      first(services(stacks), ({ block }) => {
        block.enable_execute_command = true;
      }),
  },
  {
    name: 'tasks in the network of their host',
    breaks: 'C7',
    mutate: (stacks) =>
      first(tasks(stacks), ({ block }) => {
        block.network_mode = 'host';
      }),
  },
  {
    name: 'tasks that see the processes of their host',
    breaks: 'C7',
    mutate: (stacks) =>
      each(tasks(stacks), ({ block }) => {
        block.pid_mode = 'host';
      }),
  },
];

const UNKNOWN: readonly Mutator[] = [
  {
    name: 'a module',
    breaks: 'C8',
    status: 'unproven',
    mutate: (stacks) =>
      first(workloads(stacks), ({ stack }) => {
        stack.module = { vpn: { source: './vpn' } };
      }),
  },
  {
    name: 'an interface of a type that nobody knows',
    breaks: 'C8',
    status: 'unproven',
    mutate: (stacks) =>
      first(workloads(stacks), ({ stack, name }) =>
        add(stack, 'aws_quantum_tunnel', 'leak', { security_group_ids: [`\${aws_security_group.${name}.id}`] }),
      ),
  },
  {
    name: 'a service as often as a variable says',
    breaks: 'C8',
    status: 'unproven',
    mutate: (stacks) =>
      first(services(stacks), ({ stack, name }) => {
        get(stack, 'aws_ecs_service', name).count = '${var.copies}';
      }),
  },
];

/** Mistakes about names, the gateway, tasks, and what is not known. */
export const MORE_MUTATORS: readonly Mutator[] = [...DNS, ...GATEWAY, ...TASKS, ...UNKNOWN];
