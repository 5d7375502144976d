import { arn } from '../support/base';
import { add, get, policy, type Stack } from '../support/sealed';
import type { Safe } from './safe';

const CALLER = '${data.aws_caller_identity.here.account_id}';
const who = { 'aws:PrincipalAccount': CALLER };
const what = { 'aws:ResourceAccount': CALLER };
const OPEN = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const deny = (Condition: object): object => ({ ...OPEN, Effect: 'Deny', Condition });
const NOT_OF_SERVICES = { 'aws:PrincipalIsAWSService': 'false' };

/** Another policy on the endpoint of S3. */
function s3(name: string, statements: readonly object[], prepare: (stack: Stack) => void = () => {}): Safe {
  const change = (stack: Stack): void => {
    prepare(stack);
    get(stack, 'aws_vpc_endpoint', 's3').policy = policy(...statements);
  };
  return { name, change };
}

/** Our callers on some resource. */
const on = (Resource: string): object => ({ ...OPEN, Resource, Condition: { StringEquals: who } });

export const MORE_ENDPOINTS: readonly Safe[] = [
  s3('Denies that leave out AWS itself, and hold where the key is missing', [
    OPEN,
    deny({ StringNotEquals: who, BoolIfExists: NOT_OF_SERVICES }),
    deny({ StringNotEquals: what, BoolIfExists: NOT_OF_SERVICES }),
  ]),
  s3('Denies that leave out AWS itself, and one of requests without credentials', [
    OPEN,
    deny({ StringNotEquals: who, Bool: NOT_OF_SERVICES }),
    deny({ StringNotEquals: what, Bool: NOT_OF_SERVICES }),
    deny({ Null: { 'aws:PrincipalArn': 'true' } }),
  ]),
  s3('a Deny that leaves out AWS itself, of callers whom the statement pins', [
    { ...OPEN, Condition: { StringEquals: who } },
    deny({ StringNotEquals: what, Bool: NOT_OF_SERVICES }),
  ]),
  s3('an account as a number', [
    { ...OPEN, Condition: { StringEquals: { 'aws:PrincipalAccount': 111111111111, 'aws:ResourceAccount': CALLER } } },
  ]),
  s3(
    'the organisation that is looked up',
    [
      {
        ...OPEN,
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': '${data.aws_organizations_organization.ours.id}',
            'aws:ResourceOrgID': '${data.aws_organizations_organization.ours.id}',
          },
        },
      },
    ],
    ({ data }) => {
      data.aws_organizations_organization = { ours: {} };
    },
  ),
  s3(
    'a role that is looked up by its name',
    [{ ...OPEN, Principal: { AWS: '${data.aws_iam_role.agent.arn}' }, Condition: { StringEquals: what } }],
    ({ data }) => {
      data.aws_iam_role = { agent: { name: 'agent' } };
    },
  ),
  s3('a queue that is looked up by its name', [on('${data.aws_sqs_queue.jobs.arn}')], ({ data }) => {
    data.aws_sqs_queue = { jobs: { name: 'jobs' } };
  }),
  s3('a bucket that is looked up by its name', [on('${data.aws_s3_bucket.data.arn}/*')], ({ data }) => {
    data.aws_s3_bucket = { data: { bucket: 'acme-data' } };
  }),
  s3(
    'the secret of a database of the documents',
    [on('${aws_db_instance.main.master_user_secret[0].secret_arn}')],
    (stack) => add(stack, 'aws_db_instance', 'main', { manage_master_user_password: true }),
  ),
  s3(
    'callers of an identity provider of the documents',
    [
      {
        ...OPEN,
        Principal: { Federated: arn('aws_iam_openid_connect_provider.ci') },
        Condition: { StringEquals: what },
      },
    ],
    (stack) => add(stack, 'aws_iam_openid_connect_provider', 'ci', { url: 'https://ci.example.com' }),
  ),
];
