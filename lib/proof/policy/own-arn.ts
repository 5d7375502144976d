import type { Resource } from '../load/resource';
import { Ref, Template, type Value } from '../value/value';

/** An attribute of a resource itself or of its nested blocks; what a map of outputs holds may be anybody's. */
const ATTRIBUTE = /^(\w+\[(\d+|\*)\]\.)*(\w+_)?arn$/;

/** What is looked up in the own account, whatever is written. */
const OF_ACCOUNT = new Set([
  'aws_caller_identity',
  'aws_iam_group',
  'aws_iam_instance_profile',
  'aws_iam_role',
  'aws_iam_user',
]);

/** What is looked up in the own account by a name, but may be somebody else's by an ARN or an account. */
const BY_NAME = new Set([
  'aws_cloudwatch_log_group',
  'aws_dynamodb_table',
  'aws_ecr_repository',
  'aws_ecs_cluster',
  'aws_kinesis_stream',
  'aws_kms_alias',
  'aws_kms_key',
  'aws_lambda_alias',
  'aws_lambda_function',
  'aws_secretsmanager_secret',
  'aws_sfn_state_machine',
  'aws_sns_topic',
  'aws_sqs_queue',
  'aws_ssm_parameter',
  // Its ARN names no account: the bucket is the one of that name.
  'aws_s3_bucket',
]);

/** Whether an attribute is an ARN that AWS gives to something of our own: to a resource of the documents, or to one looked up in the account. */
export function isOwnArn({ resource, attribute }: Ref): boolean {
  const { mode, type } = resource;
  if (!type.startsWith('aws_')) return false;
  if (mode === 'managed') return ATTRIBUTE.test(attribute);
  return attribute === 'arn' && (OF_ACCOUNT.has(type) || (BY_NAME.has(type) && isByName(resource)));
}

function isByName(resource: Resource): boolean {
  return resource.keys.every((key) => !/(owner|account|registry)/.test(key) && isName(resource.get(key)));
}

function isName(value: Value | undefined): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return true;
  const first = value instanceof Template ? value.parts[0] : value;
  if (first instanceof Ref) return first.resource.mode === 'managed' && first.resource.type.startsWith('aws_');
  return typeof first === 'string' && !/^(arn:|\d{12}:|.*[*?])/.test(first);
}
