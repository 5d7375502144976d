import { arn, id, interfaceEndpoint, VPC } from '../support/base';
import { add, egress, get, PINNED, policy, type Block, type Stack } from '../support/sealed';
import type { Safe } from './safe';

const CALLER = '${data.aws_caller_identity.here.account_id}';
const who = { 'aws:PrincipalAccount': CALLER };
const what = { 'aws:ResourceAccount': CALLER };
const allow = (more: object): object => ({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...more });
const deny = (condition: object, more: object = {}): object => ({
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: condition,
  ...more,
});

/** Another policy on the endpoint of S3. */
function s3(name: string, ...statements: readonly object[]): Safe {
  return {
    name,
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').policy = policy(...statements);
    },
  };
}

/** One more endpoint. */
function endpoint(name: string, service: string, ...statements: readonly object[]): Safe {
  return {
    name,
    change: (stack) => add(stack, 'aws_vpc_endpoint', 'more', interfaceEndpoint(service, policy(...statements))),
  };
}

/** A policy of `aws_iam_policy_document` on the endpoint of S3. */
function document(stack: Stack, name: string, block: Block): void {
  (stack.data.aws_iam_policy_document ??= {})[name] = block;
  get(stack, 'aws_vpc_endpoint', 's3').policy = `\${data.aws_iam_policy_document.${name}.json}`;
}

const statement = (more: Block): Block => ({
  principals: [{ type: '*', identifiers: ['*'] }],
  actions: ['*'],
  resources: ['*'],
  ...more,
});
const condition = (test: string, variable: string): Block => ({ test, variable, values: [CALLER] });

export const ENDPOINTS: readonly Safe[] = [
  s3(
    'an account by its number',
    allow({
      Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111', 'aws:ResourceAccount': ['111111111111'] } },
    }),
  ),
  s3(
    'the organisation of both',
    allow({
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } },
    }),
  ),
  s3(
    'keys in another case',
    allow({ Condition: { StringEquals: { 'AWS:principalaccount': CALLER, 'aws:resourceaccount': CALLER } } }),
  ),
  s3(
    'a principal of one account, and buckets by their names',
    allow({
      Principal: { AWS: `arn:aws:iam::${CALLER}:root` },
      Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'],
    }),
  ),
  s3('nothing at all', deny({})),
  s3('two Denies, one for each side', allow({}), deny({ StringNotEquals: who }), deny({ StringNotEquals: what })),
  s3(
    'a Deny that leaves out what AWS itself does',
    allow({}),
    deny({ StringNotEquals: who, Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
    deny({ StringNotEquals: what }),
  ),
  s3(
    'a Deny that holds where the key is missing',
    allow({}),
    deny({ StringNotEqualsIfExists: who }),
    deny({ StringNotEqualsIfExists: what }),
  ),
  s3('a Deny for all buckets but some, by their names', allow({ Condition: { StringEquals: who } }), {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    NotResource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'],
  }),
  s3('an open statement that a Deny takes back', PINNED, allow({ Action: 's3:PutObject' }), {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:Put*',
    Resource: '*',
  }),
  {
    name: 'a bucket of the documents by its ARN',
    change: (stack) => {
      add(stack, 'aws_s3_bucket', 'data', { bucket: 'acme-data' });
      get(stack, 'aws_vpc_endpoint', 's3').policy = policy(
        allow({
          Resource: [arn('aws_s3_bucket.data'), `${arn('aws_s3_bucket.data')}/*`],
          Condition: { StringEquals: who },
        }),
      );
    },
  },
  {
    name: 'the bucket of image layers, its region looked up',
    change: (stack) => {
      stack.data.aws_region = { here: {} };
      stack.data.aws_partition = { here: {} };
      const layers =
        'arn:${data.aws_partition.here.partition}:s3:::prod-${data.aws_region.here.name}-starport-layer-bucket/*';
      get(stack, 'aws_vpc_endpoint', 's3').policy = policy(
        PINNED,
        allow({ Action: ['s3:GetObject'], Resource: layers }),
      );
    },
  },
  {
    name: 'a policy document of Terraform',
    change: (stack) =>
      document(stack, 'pinned', {
        statement: [
          statement({
            condition: [
              condition('StringEquals', 'aws:PrincipalAccount'),
              condition('StringEquals', 'aws:ResourceAccount'),
            ],
          }),
        ],
      }),
  },
  {
    name: 'a policy document that takes over another one',
    change: (stack) => {
      document(stack, 'denials', {
        statement: [
          statement({ sid: 'Who', effect: 'Deny', condition: [condition('StringNotEquals', 'aws:PrincipalAccount')] }),
          statement({ sid: 'What', effect: 'Deny', condition: [condition('StringNotEquals', 'aws:ResourceAccount')] }),
        ],
      });
      document(stack, 'whole', {
        source_policy_documents: ['${data.aws_iam_policy_document.denials.json}'],
        statement: [statement({ sid: 'Use' })],
      });
    },
  },
  {
    name: 'a policy by jsonencode',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').policy =
        '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = {StringEquals = {"aws:PrincipalAccount" = data.aws_caller_identity.here.account_id, "aws:ResourceAccount" = data.aws_caller_identity.here.account_id}}}]})}';
    },
  },
  {
    name: 'a policy in a resource of its own',
    change: (stack) => {
      delete get(stack, 'aws_vpc_endpoint', 's3').policy;
      add(stack, 'aws_vpc_endpoint_policy', 's3', {
        vpc_endpoint_id: id('aws_vpc_endpoint.s3'),
        policy: policy(PINNED),
      });
    },
  },
  endpoint(
    'a login of ECR for our own callers',
    'com.amazonaws.eu-west-1.ecr.api',
    allow({ Action: 'ecr:GetAuthorizationToken', Condition: { StringEquals: who } }),
  ),
  endpoint(
    'foundation models of AWS for our own callers',
    'com.amazonaws.eu-west-1.bedrock-runtime',
    allow({
      Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      Resource: 'arn:aws:bedrock:*::foundation-model/*',
      Condition: { StringEquals: who },
    }),
  ),
  {
    name: 'an endpoint without a policy that no workload reaches',
    change: (stack) => {
      add(stack, 'aws_security_group', 'other', { vpc_id: VPC, tags: { 'mcp-egress:role': 'endpoint' } });
      add(stack, 'aws_vpc_endpoint', 'other', interfaceEndpoint('com.amazonaws.eu-west-1.sts', undefined, 'other'));
      add(stack, 'aws_vpc_security_group_egress_rule', 'gateway_other', egress('gateway', 'other', 443));
    },
  },
  {
    name: 'a service by a variable of ours that stands for nothing of the network',
    change: (stack) => {
      stack.variable = { image: { type: 'string' } };
      const [container] = JSON.parse(
        String(get(stack, 'aws_ecs_task_definition', 'search').container_definitions),
      ) as Block[];
      get(stack, 'aws_ecs_task_definition', 'search').container_definitions = JSON.stringify([
        { ...container, image: '${var.image}' },
      ]);
    },
  },
];
