import { id, VPC } from '../support/base';
import { add, get, PINNED, policy, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const ISOLATED = id('aws_route_table.isolated');

/** A gateway endpoint for S3, without a policy unless one is given. */
function another(more: Block = {}): Block {
  return { vpc_id: VPC, service_name: 'com.amazonaws.eu-west-1.s3', vpc_endpoint_type: 'Gateway', ...more };
}

/** One more gateway endpoint for S3, to whose addresses the rule for the pinned one leads as well. */
function second(name: string, change: (stack: Stack) => void): Leak {
  return {
    name,
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.other',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').route_table_ids = [id('aws_route_table.egress')];
      change(stack);
    },
  };
}

function associate(stack: Stack, block: Block = {}): void {
  add(stack, 'aws_vpc_endpoint_route_table_association', 'other', {
    vpc_endpoint_id: id('aws_vpc_endpoint.other'),
    route_table_id: ISOLATED,
    ...block,
  });
}

/** All gateway endpoints of a service have one prefix list, so that a rule to it leads to whichever serves the subnet. */
export const GATEWAY_ENDPOINTS: readonly Leak[] = [
  second('a second endpoint of S3 on the route table of workloads', (stack) =>
    add(stack, 'aws_vpc_endpoint', 'other', another({ route_table_ids: [ISOLATED] })),
  ),
  second('a second endpoint of S3 on the route table of workloads, by an association', (stack) => {
    add(stack, 'aws_vpc_endpoint', 'other', another());
    associate(stack);
  }),
  second('a second endpoint of S3 on the main route table, where workloads have no other', (stack) => {
    delete stack.resource.aws_route_table_association?.isolated;
    add(stack, 'aws_vpc_endpoint', 'other', another({ route_table_ids: ['${aws_vpc.main.main_route_table_id}'] }));
  }),
  second('a second endpoint of S3 on the main route table that Terraform took over', (stack) => {
    delete stack.resource.aws_route_table_association?.isolated;
    const default_route_table_id = '${aws_vpc.main.default_route_table_id}';
    add(stack, 'aws_default_route_table', 'main', { default_route_table_id });
    add(stack, 'aws_vpc_endpoint', 'other', another({ route_table_ids: [default_route_table_id] }));
  }),
  second('a second endpoint of S3 whose type is not written', (stack) =>
    add(stack, 'aws_vpc_endpoint', 'other', {
      ...another({ route_table_ids: [ISOLATED] }),
      vpc_endpoint_type: undefined,
    }),
  ),
  unknown('a second endpoint of S3 on route tables that are not known', ['C4'], 'aws_vpc_endpoint.other', (stack) =>
    add(stack, 'aws_vpc_endpoint', 'other', another({ route_table_ids: '${var.tables}' })),
  ),
  unknown('a second endpoint on the table of workloads, of a service not known', ['C4'], 'other', (stack) =>
    add(
      stack,
      'aws_vpc_endpoint',
      'other',
      another({ service_name: '${var.service}', route_table_ids: [ISOLATED], policy: policy(PINNED) }),
    ),
  ),
  unknown('an endpoint of somebody else on the table of workloads', ['C4'], 'vpce-0123456789abcdef0', (stack) =>
    associate(stack, { vpc_endpoint_id: 'vpce-0123456789abcdef0' }),
  ),
  unknown('an open endpoint of S3 on a table that is not known', ['C4'], 'aws_vpc_endpoint.other', (stack) => {
    add(stack, 'aws_vpc_endpoint', 'other', another());
    associate(stack, { route_table_id: '${var.table}' });
  }),
];
