import { arn } from '../support/base';
import { add, type Block, type Stack } from '../support/sealed';
import type { Safe } from './safe';

function permission(name: string, block: Block, prepare: (stack: Stack) => void = () => {}): Safe {
  return {
    name,
    change: (stack) => {
      prepare(stack);
      add(stack, 'aws_lambda_permission', 'ours', {
        function_name: arn('aws_lambda_function.mailer'),
        action: 'lambda:InvokeFunction',
        ...block,
      });
    },
  };
}

export const INVOCATIONS: readonly Safe[] = [
  permission('a function that our own account may invoke', {
    principal: '${data.aws_caller_identity.here.account_id}',
  }),
  permission('a function that our own account may invoke, by its number', { principal: '111111111111' }),
  permission('a function that a role of the documents may invoke', { principal: arn('aws_iam_role.caller') }, (stack) =>
    add(stack, 'aws_iam_role', 'caller', { assume_role_policy: '{}' }),
  ),
  permission(
    'a function that a rule of the documents invokes',
    { principal: 'events.amazonaws.com', source_arn: arn('aws_cloudwatch_event_rule.nightly') },
    (stack) => add(stack, 'aws_cloudwatch_event_rule', 'nightly', { schedule_expression: 'rate(1 day)' }),
  ),
  permission('a function that buckets of our own account invoke', {
    principal: 's3.amazonaws.com',
    source_arn: 'arn:aws:s3:::acme-data',
    source_account: '${data.aws_caller_identity.here.account_id}',
  }),
  permission('a function that a topic of our own account invokes', {
    principal: 'sns.amazonaws.com',
    source_arn: 'arn:aws:sns:eu-west-1:111111111111:mail',
  }),
  permission(
    'a function that is no workload, and that everybody may invoke',
    { principal: '*', function_name: 'public' },
    (stack) =>
      add(stack, 'aws_lambda_function', 'public', {
        function_name: 'public',
        role: 'arn:aws:iam::111111111111:role/x',
      }),
  ),
  {
    name: 'an API in front of a function whose name only begins like that of a workload',
    change: (stack) =>
      add(stack, 'aws_api_gateway_rest_api', 'x', {
        name: 'x',
        body: JSON.stringify({ uri: 'arn:aws:lambda:eu-west-1:111111111111:function:mailer-public' }),
      }),
  },
];
