import { id, interfaceEndpoint, VPC } from '../support/base';
import { add, egress, get, PINNED, policy, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const CALLER = '${data.aws_caller_identity.here.account_id}';

/** Another policy on the endpoint of S3. */
function s3(name: string, ...statements: readonly object[]): Leak {
  return {
    name,
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.s3',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').policy = policy(...statements);
    },
  };
}

/** A service that a workload reaches by one more endpoint. */
function endpoint(name: string, block: Block): Leak {
  return {
    name,
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.leak',
    change: (stack) => add(stack, 'aws_vpc_endpoint', 'leak', block),
  };
}

const allow = (more: object): object => ({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...more });
const who = { 'aws:PrincipalAccount': CALLER };
const what = { 'aws:ResourceAccount': CALLER };

const ALLOWS: readonly Leak[] = [
  {
    name: 'an endpoint without a policy',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.logs',
    change: (stack) => {
      delete get(stack, 'aws_vpc_endpoint', 'logs').policy;
    },
  },
  s3('everything for everybody', allow({})),
  s3(
    'everything for our own callers: they write to a bucket of a stranger',
    allow({ Condition: { StringEquals: who } }),
  ),
  s3('our own resources, for callers with keys of a stranger', allow({ Condition: { StringEquals: what } })),
  s3(
    'conditions that hold where the key is missing',
    allow({ Condition: { StringEqualsIfExists: { ...who, ...what } } }),
  ),
  s3('the VPC alone, which says nothing of accounts', allow({ Condition: { StringEquals: { 'aws:SourceVpc': VPC } } })),
  s3('buckets by a wildcard', allow({ Resource: 'arn:aws:s3:::acme-*', Condition: { StringEquals: who } })),
  s3(
    'a wildcard in the name of a bucket, with a folder behind it',
    allow({ Resource: 'arn:aws:s3:::acme-data*/in/*', Condition: { StringEquals: who } }),
  ),
  s3('an organisation by a wildcard', allow({ Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*', ...what } } })),
  s3(
    'the resource account compared with itself',
    allow({ Condition: { StringEquals: { ...who, 'aws:ResourceAccount': '$${aws:ResourceAccount}' } } }),
  ),
  s3(
    'every value of a set, which also holds for none',
    allow({ Condition: { 'ForAllValues:StringEquals': { ...who, ...what } } }),
  ),
  s3('a second statement that reopens', PINNED, allow({ Action: ['s3:PutObject'], Condition: { StringEquals: who } })),
  s3(
    'callers by role, of any account',
    allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent-*' }, StringEquals: what } }),
  ),
  s3('all actions but one', {
    Effect: 'Allow',
    Principal: '*',
    NotAction: 's3:DeleteBucket',
    Resource: '*',
    Condition: { StringEquals: who },
  }),
  s3('all resources but one', {
    Effect: 'Allow',
    Principal: '*',
    Action: '*',
    NotResource: 'arn:aws:s3:::secret/*',
    Condition: { StringEquals: who },
  }),
  s3('all principals but one', {
    Effect: 'Allow',
    NotPrincipal: { AWS: 'arn:aws:iam::222222222222:root' },
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: what },
  }),
  s3(
    'a bucket that looks like the one of image layers',
    PINNED,
    allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::prod-evil-starport-layer-bucket/*' }),
  ),
  s3(
    'writing to the bucket of image layers',
    PINNED,
    allow({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*' }),
  ),
  s3('a Deny that binds the caller alone', allow({}), {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { StringNotEquals: who },
  }),
  s3('a Deny whose keys are joined, so that one alone passes', allow({}), {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { StringNotEquals: { ...who, ...what } },
  }),
  s3('a Deny for reading, where writing is open', allow({ Condition: { StringEquals: who } }), {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:Get*',
    Resource: '*',
    Condition: { StringNotEquals: what },
  }),
  s3('a Deny for some buckets', allow({ Condition: { StringEquals: who } }), {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: 'arn:aws:s3:::acme-*',
    Condition: { StringNotEquals: what },
  }),
  s3('a Deny for one principal', allow({ Condition: { StringEquals: who } }), {
    Effect: 'Deny',
    Principal: { AWS: 'arn:aws:iam::111111111111:role/agent' },
    Action: '*',
    Resource: '*',
    Condition: { StringNotEquals: what },
  }),
];

/** A policy of `aws_iam_policy_document` on the endpoint of S3. */
function document(stack: Stack, name: string, block: Block): void {
  (stack.data.aws_iam_policy_document ??= {})[name] = block;
  get(stack, 'aws_vpc_endpoint', 's3').policy = `\${data.aws_iam_policy_document.${name}.json}`;
}

const everybody = [{ type: '*', identifiers: ['*'] }];
const statement = (more: Block): Block => ({ principals: everybody, actions: ['*'], resources: ['*'], ...more });

const DOCUMENTS: readonly Leak[] = [
  {
    name: 'a policy document of Terraform that pins nobody',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.s3',
    change: (stack) => document(stack, 'open', { statement: [statement({})] }),
  },
  {
    name: 'a policy document whose Deny another document replaces by its Sid',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.s3',
    change: (stack) => {
      const denial = (test: string, variable: string): Block =>
        statement({
          sid: variable,
          effect: 'Deny',
          condition: [{ test, variable: `aws:${variable}`, values: [CALLER] }],
        });
      document(stack, 'harmless', {
        statement: [statement({ sid: 'ResourceAccount', effect: 'Deny', actions: ['s3:DeleteBucket'] })],
      });
      document(stack, 'replaced', {
        override_policy_documents: ['${data.aws_iam_policy_document.harmless.json}'],
        statement: [
          statement({ sid: 'Use' }),
          denial('StringNotEquals', 'PrincipalAccount'),
          denial('StringNotEquals', 'ResourceAccount'),
        ],
      });
    },
  },
  {
    name: 'an open policy in a resource of its own',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint_policy.open',
    change: (stack) =>
      add(stack, 'aws_vpc_endpoint_policy', 'open', {
        vpc_endpoint_id: id('aws_vpc_endpoint.s3'),
        policy: policy(allow({})),
      }),
  },
  {
    name: 'an open policy by jsonencode of a local',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.logs',
    change: (stack) => {
      stack.locals = { open: { Version: '2012-10-17', Statement: [allow({})] } };
      get(stack, 'aws_vpc_endpoint', 'logs').policy = '${jsonencode(local.open)}';
    },
  },
];

const SERVICES: readonly Leak[] = [
  endpoint(
    'a PrivateLink service of a vendor',
    interfaceEndpoint('com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0', policy(PINNED)),
  ),
  endpoint('one more AWS service without a policy', interfaceEndpoint('com.amazonaws.eu-west-1.sts')),
  endpoint(
    'an endpoint for API Gateway without a policy: any private API of any account',
    interfaceEndpoint('com.amazonaws.eu-west-1.execute-api'),
  ),
  endpoint(
    'assuming roles of any account',
    interfaceEndpoint(
      'com.amazonaws.eu-west-1.sts',
      policy(allow({ Action: 'sts:AssumeRole', Condition: { StringEquals: who } })),
    ),
  ),
  endpoint('a resource of VPC Lattice', {
    vpc_id: VPC,
    vpc_endpoint_type: 'Resource',
    resource_configuration_arn:
      'arn:aws:vpc-lattice:eu-west-1:222222222222:resourceconfiguration/rcfg-0123456789abcdef0',
    subnet_ids: [id('aws_subnet.isolated')],
    security_group_ids: [id('aws_security_group.logs')],
  }),
  {
    name: "a vendor's PrivateLink service under the group of the gateway",
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.leak',
    change: (stack) =>
      add(
        stack,
        'aws_vpc_endpoint',
        'leak',
        interfaceEndpoint('com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0', undefined, 'gateway'),
      ),
  },
  {
    name: "a vendor's PrivateLink service under the group of a workload that others may call",
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.leak',
    change: (stack) =>
      add(
        stack,
        'aws_vpc_endpoint',
        'leak',
        interfaceEndpoint('com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0', undefined, 'notes'),
      ),
  },
  {
    name: 'a gateway endpoint for DynamoDB without a policy, by its prefix list',
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.dynamodb',
    change: (stack) => {
      add(stack, 'aws_vpc_endpoint', 'dynamodb', {
        vpc_id: VPC,
        service_name: 'com.amazonaws.eu-west-1.dynamodb',
        route_table_ids: [id('aws_route_table.isolated')],
      });
      add(stack, 'aws_vpc_security_group_egress_rule', 'notes_dynamodb', {
        ...egress('notes', 'logs', 443),
        referenced_security_group_id: null,
        prefix_list_id: '${aws_vpc_endpoint.dynamodb.prefix_list_id}',
      });
    },
  },
];

const NOT_READ: readonly Leak[] = [
  {
    name: 'a policy without a Statement that can be read',
    unproven: ['C4'],
    names: 'aws_vpc_endpoint.s3',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').policy = JSON.stringify({ Version: '2012-10-17', statement: [allow({})] });
    },
  },
  {
    name: 'an endpoint of OpenSearch for a domain of somebody else',
    breaks: ['C4'],
    names: 'aws_opensearch_vpc_endpoint.theirs',
    change: (stack) =>
      add(stack, 'aws_opensearch_vpc_endpoint', 'theirs', {
        domain_arn: 'arn:aws:es:eu-west-1:222222222222:domain/theirs',
        vpc_options: { subnet_ids: [id('aws_subnet.isolated')], security_group_ids: [id('aws_security_group.logs')] },
      }),
  },
];

export const ENDPOINT_POLICIES: readonly Leak[] = [...ALLOWS, ...DOCUMENTS, ...SERVICES, ...NOT_READ];
