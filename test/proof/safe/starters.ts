import { arn } from '../support/base';
import { add } from '../support/sealed';
import type { Safe } from './safe';

const SCHEDULE = { schedule_expression: 'rate(1 hour)', flexible_time_window: { mode: 'OFF' } };
const ROLE = 'arn:aws:iam::111111111111:role/starter';

/** What calls AWS's API by itself, and does nothing to a network. */
export const STARTERS: readonly Safe[] = [
  {
    name: 'a state machine, schedules and an event that work on data or call what they name',
    change: (stack) => {
      const queue = arn('aws_sqs_queue.q');
      add(stack, 'aws_sqs_queue', 'q', { name: 'q' });
      add(stack, 'aws_sfn_state_machine', 'x', {
        definition: `{"States":{"a":{"Resource":"arn:aws:states:::aws-sdk:dynamodb:putItem","Queue":"${queue}"}}}`,
      });
      add(stack, 'aws_scheduler_schedule', 'x', { ...SCHEDULE, target: { role_arn: ROLE, arn: queue } });
      add(stack, 'aws_scheduler_schedule', 'data', {
        ...SCHEDULE,
        target: { role_arn: ROLE, arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', input: '{}' },
      });
      add(stack, 'aws_cloudwatch_event_target', 'x', { rule: 'r', arn: 'arn:aws:sns:${var.region}:111111111111:t' });
    },
  },
];
