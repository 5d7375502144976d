import { arn } from '../support/base';
import { add, get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const NAME = '${aws_lambda_function.mailer.function_name}';
const THEIRS = 'arn:aws:sqs:eu-west-1:999999999999:queue';

function invokeConfig(stack: Stack, destinations: Block, more: Block = {}): void {
  add(stack, 'aws_lambda_function_event_invoke_config', 'leak', {
    function_name: NAME,
    destination_config: destinations,
    ...more,
  });
}

function asynchronous(name: string, destinations: Block): Leak {
  return {
    name,
    breaks: ['C4'],
    names: 'aws_lambda_function_event_invoke_config.leak',
    change: (stack) => invokeConfig(stack, destinations),
  };
}

/** What a function answers, or was asked, goes on by the service of Lambda, past every rule and endpoint. */
export const DESTINATIONS: readonly Leak[] = [
  asynchronous("a function whose answers go to a stranger's queue", { on_success: { destination: THEIRS } }),
  asynchronous("a function whose failures go to a stranger's queue", { on_failure: [{ destination: THEIRS }] }),
  {
    name: "a function whose dead letters go to a stranger's topic",
    breaks: ['C4'],
    names: 'aws_lambda_function.mailer',
    change: (stack) => {
      get(stack, 'aws_lambda_function', 'mailer').dead_letter_config = {
        target_arn: 'arn:aws:sns:eu-west-1:999999999999:topic',
      };
    },
  },
  {
    name: "a function whose failed batches go to a stranger's queue",
    breaks: ['C4'],
    names: 'aws_lambda_event_source_mapping.leak',
    change: (stack) =>
      add(stack, 'aws_lambda_event_source_mapping', 'leak', {
        function_name: arn('aws_lambda_function.mailer'),
        event_source_arn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mail',
        destination_config: { on_failure: { destination_arn: THEIRS } },
      }),
  },
  unknown('a function whose answers go to a bucket, whoever has it', ['C4'], 'leak', (stack) =>
    invokeConfig(stack, { on_failure: { destination: 'arn:aws:s3:::acme-data' } }),
  ),
  unknown('a function whose answers go where a variable says', ['C4'], 'leak', (stack) =>
    invokeConfig(stack, { on_success: { destination: '${var.queue}' } }),
  ),
  unknown('a function whose answers go to what Terraform passes on', ['C4'], 'leak', (stack) => {
    add(stack, 'terraform_data', 'x', { input: THEIRS });
    invokeConfig(stack, { on_success: { destination: '${terraform_data.x.output}' } });
  }),
  unknown('a function whose destinations are a dynamic block', ['C4'], 'leak', (stack) =>
    invokeConfig(stack, {
      dynamic: { on_success: { for_each: '${var.more}', content: { destination: '${on_success.value}' } } },
    }),
  ),
  unknown("a stranger's queue for a function that may be a workload", ['C4'], 'leak', (stack) =>
    invokeConfig(stack, { on_success: { destination: THEIRS } }, { function_name: '${var.name}' }),
  ),
];
