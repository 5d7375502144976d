import { all, groupsOf, type Found, type Stacks } from './apps';
import { each, first, functions, rule, services, subnets, workloads, type Mutator } from './mutator';
import { MORE_MUTATORS } from './more-mutators';
import { add, type Block } from './sealed';

const INTERNET = '0.0.0.0/0';
const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** Associations of the subnets of workloads with their tables. */
const associations = (stacks: Stacks): Found[] =>
  subnets(stacks).flatMap(({ stack, name }) =>
    all(stacks, 'aws_route_table_association').filter(
      (found) => found.stack === stack && found.block.subnet_id === `\${aws_subnet.${name}.id}`,
    ),
  );

const route = (name: string, target: Block): Mutator => ({
  name,
  breaks: 'C1',
  mutate: (stacks) =>
    first(associations(stacks), ({ stack, block }) =>
      add(stack, 'aws_route', 'leak', {
        route_table_id: block.route_table_id,
        destination_cidr_block: INTERNET,
        ...target,
      }),
    ),
});

const ROUTES: readonly Mutator[] = [
  route('a route to an Internet gateway', { gateway_id: 'igw-0123456789abcdef0' }),
  route('a route to a peering connection', {
    destination_cidr_block: '10.99.0.0/16',
    vpc_peering_connection_id: 'pcx-0123456789abcdef0',
  }),
  {
    name: 'the table of the gateway for the subnet of a workload',
    breaks: 'C1',
    mutate: (stacks) => {
      const [open] = all(stacks, 'aws_route').filter(({ block }) => block.destination_cidr_block === INTERNET);
      return (
        open !== undefined &&
        first(
          associations(stacks).filter(({ stack }) => stack === open.stack),
          ({ block }) => {
            block.route_table_id = open.block.route_table_id;
          },
        )
      );
    },
  },
  {
    name: 'no association, and an open main table',
    breaks: 'C1',
    mutate: (stacks) =>
      first(all(stacks, 'aws_default_route_table'), ({ stack, block }) => {
        block.route = [{ cidr_block: INTERNET, gateway_id: 'igw-0123456789abcdef0' }];
        for (const { name } of associations(stacks)) delete stack.resource.aws_route_table_association?.[name];
      }),
  },
];

const GROUPS: readonly Mutator[] = [
  {
    name: 'a rule of a workload to everywhere',
    breaks: 'C2',
    mutate: (stacks) =>
      first(workloads(stacks), ({ stack, name }) =>
        add(stack, 'aws_vpc_security_group_egress_rule', 'leak', rule(name, { cidr_ipv4: INTERNET })),
      ),
  },
  {
    name: 'an inline rule of every workload',
    breaks: 'C2',
    mutate: (stacks) =>
      each(workloads(stacks), ({ block }) => {
        block.egress = [{ protocol: 'tcp', from_port: 443, to_port: 443, ipv6_cidr_blocks: ['::/0'] }];
      }),
  },
  {
    name: "a workload's way to every port of the gateway",
    breaks: 'C2',
    mutate: (stacks) => {
      const [gateway] = groupsOf(stacks, 'gateway');
      return first(
        workloads(stacks).filter(({ stack }) => stack === gateway?.stack),
        ({ stack, name }) =>
          add(stack, 'aws_security_group_rule', 'leak', {
            type: 'egress',
            security_group_id: `\${aws_security_group.${name}.id}`,
            source_security_group_id: `\${aws_security_group.${gateway?.name ?? ''}.id}`,
            protocol: 'tcp',
            from_port: 0,
            to_port: 65535,
          }),
      );
    },
  },
  {
    name: 'the group of endpoints on an instance',
    breaks: 'C2',
    mutate: (stacks) =>
      first(groupsOf(stacks, 'endpoint'), ({ stack, name }) =>
        add(stack, 'aws_instance', 'leak', {
          subnet_id: 'subnet-0123456789abcdef0',
          vpc_security_group_ids: [`\${aws_security_group.${name}.id}`],
        }),
      ),
  },
];

const WAYS_IN: readonly Mutator[] = [
  {
    name: 'a public address for a service',
    breaks: 'C3',
    mutate: (stacks) =>
      first(services(stacks), ({ block }) => {
        (block.network_configuration as Block).assign_public_ip = true;
      }),
  },
  {
    name: 'public addresses in the subnets of workloads',
    breaks: 'C3',
    mutate: (stacks) =>
      each(subnets(stacks), ({ block }) => {
        block.map_public_ip_on_launch = true;
      }),
  },
  {
    name: 'a URL of a function',
    breaks: 'C3',
    mutate: (stacks) =>
      first(functions(stacks), ({ stack, name }) =>
        add(stack, 'aws_lambda_function_url', 'leak', {
          function_name: `\${aws_lambda_function.${name}.function_name}`,
          authorization_type: 'NONE',
        }),
      ),
  },
];

const ENDPOINTS: readonly Mutator[] = [
  {
    name: 'endpoints without policies',
    breaks: 'C4',
    mutate: (stacks) =>
      each(all(stacks, 'aws_vpc_endpoint'), ({ block }) => {
        delete block.policy;
      }),
  },
  {
    name: 'endpoints with open policies',
    breaks: 'C4',
    mutate: (stacks) =>
      each(all(stacks, 'aws_vpc_endpoint'), ({ block }) => {
        block.policy = OPEN;
      }),
  },
];

export const MUTATORS: readonly Mutator[] = [...ROUTES, ...GROUPS, ...WAYS_IN, ...ENDPOINTS, ...MORE_MUTATORS];
