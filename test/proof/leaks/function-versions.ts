import { arn } from '../support/base';
import { add, type Block } from '../support/sealed';
import type { Leak } from './leak';

function named(name: string, type: string, block: Block): Leak {
  return { name, unproven: ['C8'], names: `${type}.old`, change: (stack) => add(stack, type, 'old', block) };
}

const NAME = '${aws_lambda_function.mailer.function_name}';

/** Versions of a function, which keep the groups and subnets that it had. */
export const FUNCTION_VERSIONS: readonly Leak[] = [
  named('an alias of an older version of a function', 'aws_lambda_alias', {
    function_name: NAME,
    name: 'live',
    function_version: '1',
  }),
  named('an alias of a version that is a variable', 'aws_lambda_alias', {
    function_name: NAME,
    name: 'live',
    function_version: '${var.version}',
  }),
  named('an alias that sends some calls to an older version', 'aws_lambda_alias', {
    function_name: NAME,
    name: 'live',
    function_version: '${aws_lambda_function.mailer.version}',
    routing_config: { additional_version_weights: { '1': 0.5 } },
  }),
  named('events for an older version of a function', 'aws_lambda_event_source_mapping', {
    function_name: `${arn('aws_lambda_function.mailer')}:1`,
    event_source_arn: 'arn:aws:sqs:eu-west-1:111111111111:mail',
  }),
  named('events for an older version of a function by its name', 'aws_lambda_event_source_mapping', {
    function_name: 'mailer:1',
    event_source_arn: 'arn:aws:sqs:eu-west-1:111111111111:mail',
  }),
  named('a rule that calls an older version of a function', 'aws_cloudwatch_event_target', {
    rule: 'hourly',
    arn: 'arn:aws:lambda:eu-west-1:111111111111:function:mailer:1',
  }),
  named('environments of an alias that is not in the documents', 'aws_lambda_provisioned_concurrency_config', {
    function_name: NAME,
    qualifier: 'live',
    provisioned_concurrent_executions: 1,
  }),
];
