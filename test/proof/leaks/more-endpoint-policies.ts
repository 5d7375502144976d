import { PINNED, policy, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { s3Policy } from './s3-policy';

const CALLER = '${data.aws_caller_identity.here.account_id}';
const who = { 'aws:PrincipalAccount': CALLER };
const what = { 'aws:ResourceAccount': CALLER };
const OPEN = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const ourCallers = { Condition: { StringEquals: who } };

const NOT_OF_SERVICES = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };
const deny = (Condition: object): object => ({ ...OPEN, Effect: 'Deny', Condition });

const broken = { breaks: ['C4'] } as const;
const unproven = { unproven: ['C4'] } as const;

/** A Deny that fits signed requests alone leaves a stranger's public bucket to those without credentials. */
const ANONYMOUS: readonly Leak[] = [
  s3Policy(
    'Denies with a key that requests without credentials lack',
    broken,
    policy(
      OPEN,
      deny({ StringNotEquals: who, ...NOT_OF_SERVICES }),
      deny({ StringNotEquals: what, ...NOT_OF_SERVICES }),
    ),
  ),
  s3Policy(
    'a Deny of callers that asks for a missing key, and resources that nothing but such a Deny binds',
    broken,
    policy(
      OPEN,
      deny({ StringNotEquals: who, 'ForAnyValue:Bool': { 'aws:PrincipalIsAWSService': false } }),
      deny({ StringNotEquals: what, ...NOT_OF_SERVICES }),
    ),
  ),
  s3Policy(
    'a Deny on a value of nothing, which never fits',
    broken,
    policy(
      OPEN,
      deny({ StringNotEquals: who, BoolIfExists: { 'aws:PrincipalIsAWSService': [] } }),
      deny({ StringNotEquals: what }),
    ),
  ),
  s3Policy(
    'a check for a missing key that requests without credentials have',
    broken,
    policy(
      OPEN,
      deny({ StringNotEquals: who, ...NOT_OF_SERVICES }),
      deny({ StringNotEquals: what, ...NOT_OF_SERVICES }),
      deny({ Null: { 'aws:PrincipalAccount': 'true' } }),
    ),
  ),
];

const stack = (stack: Stack): void => {
  stack.data.aws_cloudformation_stack = { net: { name: 'net' } };
};

const ARNS: readonly Leak[] = [
  s3Policy(
    'a bucket by the output of a stack that another team keeps',
    unproven,
    policy({ ...OPEN, Resource: '${data.aws_cloudformation_stack.net.outputs.bucket_arn}', ...ourCallers }),
    stack,
  ),
  s3Policy(
    'callers by the output of a stack that another team keeps',
    unproven,
    policy({
      ...OPEN,
      Principal: { AWS: '${data.aws_cloudformation_stack.net.outputs.arn}' },
      Condition: { StringEquals: what },
    }),
    stack,
  ),
  s3Policy(
    'a bucket that is looked up by a name which is not known',
    unproven,
    policy({ ...OPEN, Resource: '${data.aws_s3_bucket.x.arn}/*', ...ourCallers }),
    ({ data }) => {
      data.aws_s3_bucket = { x: { bucket: '${var.bucket}' } };
    },
  ),
  s3Policy(
    'a key that is looked up by an ARN of an account that is not known',
    unproven,
    policy({ ...OPEN, Resource: '${data.aws_kms_key.x.arn}', ...ourCallers }),
    ({ data }) => {
      data.aws_kms_key = { x: { key_id: 'arn:aws:kms:eu-west-1:${var.account}:key/1' } };
    },
  ),
  s3Policy(
    'an ARN that a function answers',
    unproven,
    policy({ ...OPEN, Resource: '${data.aws_lambda_invocation.x.result.arn}', ...ourCallers }),
    ({ data }) => {
      data.aws_lambda_invocation = { x: { function_name: 'x', input: '{}' } };
    },
  ),
];

const pinnedTo = (account: unknown, operator = 'StringEquals'): string =>
  policy({ ...OPEN, Condition: { [operator]: { ...who, 'aws:ResourceAccount': account } } });

const VALUES: readonly Leak[] = [
  s3Policy(
    'the resource account compared with itself, with a variable behind it',
    broken,
    pinnedTo('$${aws:ResourceAccount}${var.empty}'),
  ),
  s3Policy('the resource account of a variable, which may be a variable of IAM', unproven, pinnedTo('${var.account}')),
  s3Policy(
    'the resource account of a variable, which may be a variable of IAM, in a Deny',
    unproven,
    policy(
      OPEN,
      deny({ StringNotEquals: who }),
      deny({ StringNotEquals: { 'aws:ResourceAccount': '${var.account}' } }),
    ),
  ),
  s3Policy(
    'the resource account from a parameter',
    unproven,
    pinnedTo('${data.aws_ssm_parameter.x.value}'),
    ({ data }) => {
      data.aws_ssm_parameter = { x: { name: 'account' } };
    },
  ),
];

const written = (statements: readonly object[]): string => JSON.stringify(statements);

const TEXTS: readonly Leak[] = [
  s3Policy(
    'a policy with two lists of statements, of which AWS may take either',
    unproven,
    `{"Version":"2012-10-17","Statement":${written([OPEN])},"Statement":${written([PINNED])}}`,
  ),
  s3Policy(
    'a policy with two lists of statements, one with its name escaped',
    unproven,
    `{"Statement":${written([OPEN])},"\\u0053tatement":${written([PINNED])}}`,
  ),
  s3Policy(
    'a statement with two conditions',
    unproven,
    `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{},"Condition":${JSON.stringify(PINNED.Condition)}}]}`,
  ),
  s3Policy(
    'callers whom a provider of identities for everybody knows',
    broken,
    policy({ ...OPEN, Principal: { Federated: 'accounts.google.com' }, Condition: { StringEquals: what } }),
  ),
];

/** Policies that pin less than they seem to. */
export const MORE_ENDPOINT_POLICIES: readonly Leak[] = [...ANONYMOUS, ...ARNS, ...VALUES, ...TEXTS];
