import { id, VPC } from '../support/base';
import { add, get, PINNED, policy, type Block } from '../support/sealed';
import type { Safe } from './safe';

/** A gateway endpoint for S3, without a policy unless one is given. */
function another(table: string, more: Block = {}): Block {
  return {
    vpc_id: VPC,
    service_name: 'com.amazonaws.eu-west-1.s3',
    vpc_endpoint_type: 'Gateway',
    route_table_ids: [id(`aws_route_table.${table}`)],
    ...more,
  };
}

export const GATEWAY_ENDPOINTS: readonly Safe[] = [
  {
    name: 'an open endpoint of S3 on a route table that serves no workload',
    change: (stack) => add(stack, 'aws_vpc_endpoint', 'other', another('egress')),
  },
  {
    name: 'a second endpoint of S3 that is pinned as well',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').route_table_ids = [id('aws_route_table.egress')];
      add(stack, 'aws_vpc_endpoint', 'other', another('isolated', { policy: policy(PINNED) }));
    },
  },
  {
    name: 'an open endpoint of DynamoDB on the table of workloads, to which no rule leads',
    change: (stack) =>
      add(
        stack,
        'aws_vpc_endpoint',
        'other',
        another('isolated', { service_name: 'com.amazonaws.eu-west-1.dynamodb' }),
      ),
  },
  {
    name: 'an open endpoint of S3 on the main route table, where workloads have one of their own',
    change: (stack) =>
      add(
        stack,
        'aws_vpc_endpoint',
        'other',
        another('egress', { route_table_ids: ['${aws_vpc.main.main_route_table_id}'] }),
      ),
  },
  {
    name: 'an open endpoint of S3 in another VPC',
    change: (stack) => {
      add(stack, 'aws_vpc', 'other', { cidr_block: '10.2.0.0/16' });
      add(stack, 'aws_route_table', 'other', { vpc_id: id('aws_vpc.other') });
      add(stack, 'aws_vpc_endpoint', 'other', another('other', { vpc_id: id('aws_vpc.other') }));
    },
  },
];
