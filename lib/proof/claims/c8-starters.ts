import type { Resource } from '../load/resource';
import type { Model } from '../model/model';
import { blocks, text } from '../value/read';
import { Ref, show, Template, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { hop, type Findings } from './claim';

/** Services that keep or work on data, so that a call of theirs starts nothing in a network and changes none. */
const DATA_SERVICES =
  'athena|bedrock\\w*|cloudwatch|cloudwatchlogs|comprehend|dynamodb|firehose|kinesis|kms|polly|rekognition|s3|secretsmanager|ses|sesv2|sns|sqs|textract|transcribe|translate|xray';

/**
 * A call that may start a task or change a network (Step Functions Developer Guide, "AWS SDK service integrations"; EventBridge Scheduler User
 * Guide, "Universal targets"): `arn:aws:states:::aws-sdk:ec2:createRoute`, `arn:aws:scheduler:::aws-sdk:ecs:runTask`.
 */
const CALL = new RegExp(`:ecs:runTask|:aws-sdk:(?!(${DATA_SERVICES}):)`, 'i');

/** Who calls AWS's API by itself, in the words of a text, with a role that the proof does not read: a state machine, a schedule, an automation. */
export function checkStarters(model: Model, findings: Findings): void {
  const { inventory } = model;
  for (const machine of inventory.of('aws_sfn_state_machine')) {
    const definition = machine.get('definition');
    if (!isReadable(definition)) tell(findings, machine, 'runs a definition that is not known', STATE_MACHINE);
    else if (CALL.test(show(definition)))
      tell(findings, machine, 'starts tasks or changes what it is not asked to show', STATE_MACHINE);
  }
  for (const schedule of inventory.of('aws_scheduler_schedule'))
    for (const target of blocks(schedule.get('target'))) {
      const arn = target instanceof Unknown ? target : target.arn;
      if (isUnnamed(arn)) tell(findings, schedule, 'calls a target that is not known', NAME_IT);
      else if (CALL.test(show(arn)))
        tell(findings, schedule, "calls AWS's API by itself", 'start workloads by a service');
    }
  for (const target of inventory.of('aws_cloudwatch_event_target')) {
    const arn = target.get('arn');
    if (isUnnamed(arn)) tell(findings, target, 'calls a target that is not known', NAME_IT);
    else if (isAutomation(arn)) tell(findings, target, 'runs an automation of Systems Manager', BY_HAND);
  }
  for (const task of inventory.of('aws_ssm_maintenance_window_task'))
    if (text(task.get('task_type')) !== 'RUN_COMMAND' && text(task.get('task_type')) !== 'LAMBDA')
      tell(findings, task, 'runs an automation of Systems Manager', BY_HAND);
  for (const remediation of inventory.of('aws_config_remediation_configuration'))
    tell(findings, remediation, 'runs an automation of Systems Manager', BY_HAND);
}

const STATE_MACHINE = 'start workloads by a service or a schedule; of a plan, prove the synthesized document as well';
const NAME_IT = 'write the ARN of the target';
const BY_HAND = 'check by hand what it starts and what it changes, or remove it';

function tell(findings: Findings, resource: Resource, what: string, change: string): void {
  findings.unproven(
    resource,
    `${resource.address} ${what}, and what that does to the network is not read`,
    [hop(resource, what)],
    change,
  );
}

/** Whether all of a text can be read; `\u0065cs` would be another way to write `ecs`. */
function isReadable(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  const parts = [...walk(value)].flatMap(({ value: each }): readonly Value[] =>
    each instanceof Template ? each.parts : [each],
  );
  return parts.every((part) => !(part instanceof Unknown) && !(typeof part === 'string' && /\\u00/i.test(part)));
}

/** Whether nothing says of which service a target is. */
function isUnnamed(arn: Value | undefined): boolean {
  if (arn === undefined || arn === null || typeof arn === 'string' || arn instanceof Ref) return false;
  const [first] = arn instanceof Template ? arn.parts : [];
  return !(typeof first === 'string' && /^arn:[^:]+:[a-z0-9-]+:/.test(first));
}

function isAutomation(arn: Value | undefined): boolean {
  return arn instanceof Ref ? arn.resource.type === 'aws_ssm_document' : /^"?arn:[^:]*:ssm:/.test(show(arn));
}
