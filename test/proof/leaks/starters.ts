import { addStranger, id } from '../support/base';
import { add, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const SCHEDULE: Block = { schedule_expression: 'rate(1 hour)', flexible_time_window: { mode: 'OFF' } };
const ROLE = 'arn:aws:iam::111111111111:role/starter';

const schedule =
  (target: Block) =>
  (stack: Stack): void =>
    add(stack, 'aws_scheduler_schedule', 'x', { ...SCHEDULE, target: { role_arn: ROLE, ...target } });

const machine =
  (definition: string) =>
  (stack: Stack): void =>
    add(stack, 'aws_sfn_state_machine', 'x', { definition });

/** What calls AWS's API by itself, and so starts tasks or changes the network in the words of a text. */
export const STARTERS: readonly Leak[] = [
  unknown(
    'a schedule that runs a workload by the API',
    ['C8'],
    'aws_scheduler_schedule.x',
    schedule({
      arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask',
      input: JSON.stringify({
        TaskDefinition: 'search',
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' } },
      }),
    }),
  ),
  unknown(
    'a schedule that makes a route by the API',
    ['C8'],
    'aws_scheduler_schedule.x',
    schedule({ arn: 'arn:aws:scheduler:::aws-sdk:ec2:createRoute', input: '{}' }),
  ),
  unknown(
    'a schedule whose target is a variable',
    ['C8'],
    'aws_scheduler_schedule.x',
    schedule({ arn: '${var.target}' }),
  ),
  unknown(
    'a state machine whose definition is a file',
    ['C8'],
    'aws_sfn_state_machine.x',
    machine('${file("flow.asl.json")}'),
  ),
  unknown(
    'a state machine whose call is a variable',
    ['C8'],
    'aws_sfn_state_machine.x',
    machine('{"States":{"a":{"Resource":"${var.call}"}}}'),
  ),
  unknown(
    'a state machine that makes a stack of CloudFormation',
    ['C8'],
    'aws_sfn_state_machine.x',
    machine('{"States":{"a":{"Resource":"arn:aws:states:::aws-sdk:cloudformation:createStack"}}}'),
  ),
  unknown(
    'a state machine that writes its call with escapes',
    ['C8'],
    'aws_sfn_state_machine.x',
    machine('{"States":{"a":{"Resource":"arn:aws:states:::\\u0065cs:runTask"}}}'),
  ),
  unknown('an event that runs an automation', ['C8'], 'aws_cloudwatch_event_target.x', (stack) =>
    add(stack, 'aws_cloudwatch_event_target', 'x', {
      rule: 'r',
      arn: 'arn:aws:ssm:eu-west-1:111111111111:automation-definition/open:$DEFAULT',
    }),
  ),
  unknown('an event whose target is a variable', ['C8'], 'aws_cloudwatch_event_target.x', (stack) =>
    add(stack, 'aws_cloudwatch_event_target', 'x', { rule: 'r', arn: '${var.target}' }),
  ),
  unknown('a maintenance window that runs an automation', ['C8'], 'aws_ssm_maintenance_window_task.x', (stack) =>
    add(stack, 'aws_ssm_maintenance_window_task', 'x', { window_id: 'w', task_type: 'AUTOMATION', task_arn: 'open' }),
  ),
  unknown('a remediation that runs an automation', ['C8'], 'aws_config_remediation_configuration.x', (stack) =>
    add(stack, 'aws_config_remediation_configuration', 'x', { config_rule_name: 'r', target_id: 'open' }),
  ),
  unknown('a function that is called when it is applied', ['C8'], 'aws_lambda_invocation.x', (stack) =>
    add(stack, 'aws_lambda_invocation', 'x', {
      function_name: 'opener',
      input: `{"table":"${id('aws_route_table.isolated')}"}`,
    }),
  ),
  unknown(
    'a group of a workload in a list that is text, of a type that is not known',
    ['C8'],
    'aws_elastic_beanstalk_environment.x',
    (stack) => {
      addStranger(stack, 'open');
      add(stack, 'aws_elastic_beanstalk_environment', 'x', {
        name: 'x',
        application: 'x',
        setting: [{ name: 'Groups', value: `${id('aws_security_group.search')},${id('aws_security_group.open')}` }],
      });
    },
  ),
  unknown(
    'ids in a list that is text, of a type that is not known',
    ['C8'],
    'aws_elastic_beanstalk_environment.x',
    (stack) =>
      add(stack, 'aws_elastic_beanstalk_environment', 'x', {
        name: 'x',
        application: 'x',
        setting: [{ name: 'Networks', value: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1' }],
      }),
  ),
];
