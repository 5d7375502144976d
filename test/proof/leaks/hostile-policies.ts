import { id } from '../support/base';
import { add, get, PINNED, policy, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { s3Policy } from './s3-policy';

const OPEN = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const ACCOUNT = '1'.repeat(12);
const OUR_RESOURCES = { Condition: { StringEquals: { 'aws:ResourceAccount': ACCOUNT } } };
const OUR_CALLERS = { Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } };

function alone(name: string, block: object): Leak {
  const change = (stack: Stack): void => {
    delete get(stack, 'aws_vpc_endpoint', 's3').policy;
    add(stack, 'aws_vpc_endpoint_policy', 's3', { vpc_endpoint_id: id('aws_vpc_endpoint.s3'), ...block });
  };
  return { name, breaks: ['C4'], names: 'aws_vpc_endpoint.s3 (s3) has no policy', change };
}

const anything = (input: unknown) => (stack: Stack) => add(stack, 'terraform_data', 'x', { input });
const OUTPUT = '${terraform_data.x.output}';

/** A policy document whose Deny statements get more conditions, so that they refuse less. */
function narrowedDeny(stack: Stack): void {
  const everything = { principals: [{ type: '*', identifiers: ['*'] }], actions: ['*'], resources: ['*'] };
  const deny = ['aws:PrincipalAccount', 'aws:ResourceAccount'].map((variable) => ({
    ...everything,
    effect: 'Deny',
    condition: [{ test: 'StringNotEquals', variable, values: [ACCOUNT] }],
    dynamic: { condition: { for_each: '${var.more}', content: { test: 'StringEquals', variable: 'aws:username' } } },
  }));
  stack.data.aws_iam_policy_document = { narrowed: { statement: [everything, ...deny] } };
}

/** Policies that are more open than they look. */
export const HOSTILE_POLICIES: readonly Leak[] = [
  alone('a policy of its own that says nothing', {}),
  alone('a policy of its own that is null', { policy: null }),
  s3Policy('a policy that is null in text', { unproven: ['C4'] }, 'null'),
  s3Policy('a policy whose Statement is null', { unproven: ['C4'] }, '{"Statement":null}'),
  s3Policy(
    'a second list of statements in another case',
    { unproven: ['C4'] },
    JSON.stringify({ Statement: [PINNED], statement: [OPEN] }),
  ),
  s3Policy(
    'actions in another case',
    { unproven: ['C4'] },
    policy({ Effect: 'Allow', Principal: '*', action: '*', Resource: '*', ...OUR_CALLERS }),
  ),
  s3Policy(
    'resources in another case beside a bucket',
    { unproven: ['C4'] },
    policy({ ...OPEN, Resource: 'arn:aws:s3:::ours/*', resource: '*', ...OUR_CALLERS }),
  ),
  s3Policy(
    'a Deny of all but some actions, which leaves one that crosses them',
    { breaks: ['C4'] },
    policy({ ...OPEN, Action: 's3:*Object' }, { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', Resource: '*' }),
  ),
  ...[{ '*': '*' }, { aws: '*' }, { Federated: '*' }].map((Principal) =>
    s3Policy(
      `callers by ${JSON.stringify(Principal)}`,
      { breaks: ['C4'] },
      policy({ ...OPEN, Principal, ...OUR_RESOURCES }),
    ),
  ),
  s3Policy(
    'callers from what Terraform passes on',
    { unproven: ['C4'] },
    policy({ ...OPEN, Principal: { AWS: OUTPUT }, Resource: 'arn:aws:s3:::ours/*' }),
    anything('*'),
  ),
  s3Policy(
    'accounts like what Terraform passes on',
    { unproven: ['C4'] },
    policy({ ...OPEN, Condition: { StringLike: { 'aws:PrincipalAccount': OUTPUT, 'aws:ResourceAccount': OUTPUT } } }),
    anything('*'),
  ),
  s3Policy(
    'a bucket from what Terraform passes on',
    { unproven: ['C4'] },
    policy({ ...OPEN, Resource: `arn:aws:s3:::${OUTPUT}/*`, ...OUR_CALLERS }),
    anything('*'),
  ),
  s3Policy(
    'an ARN from what Terraform passes on',
    { unproven: ['C4'] },
    policy({ ...OPEN, Resource: '${terraform_data.x.output.arn}', ...OUR_CALLERS }),
    anything({ arn: '*' }),
  ),
  s3Policy(
    'a Deny that gets more conditions by a dynamic block',
    { breaks: ['C4'] },
    '${data.aws_iam_policy_document.narrowed.json}',
    narrowedDeny,
  ),
];
