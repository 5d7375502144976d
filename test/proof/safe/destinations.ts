import { arn } from '../support/base';
import { add, get } from '../support/sealed';
import type { Safe } from './safe';

const NAME = '${aws_lambda_function.mailer.function_name}';
const CONFIG = 'aws_lambda_function_event_invoke_config';

export const DESTINATIONS: readonly Safe[] = [
  {
    name: 'a function whose answers go to a queue of the documents',
    change: (stack) => {
      add(stack, 'aws_sqs_queue', 'done', { name: 'done' });
      add(stack, CONFIG, 'done', {
        function_name: NAME,
        destination_config: {
          on_success: { destination: arn('aws_sqs_queue.done') },
          on_failure: { destination: 'arn:aws:sqs:eu-west-1:111111111111:failed' },
        },
      });
      get(stack, 'aws_lambda_function', 'mailer').dead_letter_config = { target_arn: arn('aws_sqs_queue.done') };
    },
  },
  {
    name: 'a function whose failures go to a bucket of the documents',
    change: (stack) => {
      add(stack, 'aws_s3_bucket', 'failed', { bucket: 'failed' });
      add(stack, CONFIG, 'failed', {
        function_name: NAME,
        maximum_retry_attempts: 0,
        destination_config: [{ on_failure: [{ destination: arn('aws_s3_bucket.failed') }], on_success: [] }],
      });
    },
  },
  {
    name: "a stranger's queue for a function that is no workload",
    change: (stack) => {
      add(stack, 'aws_lambda_function', 'other', { function_name: 'other', role: 'arn:aws:iam::111111111111:role/x' });
      add(stack, CONFIG, 'other', {
        function_name: 'other',
        destination_config: { on_success: { destination: 'arn:aws:sqs:eu-west-1:999999999999:queue' } },
      });
    },
  },
];
