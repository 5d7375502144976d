import type { AwsServiceId } from './aws-service';

/** Where ECS runs a task. */
export type LaunchType = 'FARGATE' | 'EC2';

/** The services that a task definition's `secrets` can take values from; `kms` where they have a customer's key and the caller decrypts. */
export type SecretService = 'secretsmanager' | 'ssm' | 'kms';

export interface LaunchTypeEndpointsOptions {
  /** @default none */
  readonly secrets?: readonly SecretService[];
}

/** Images, their layers, and the `awslogs` driver (ECS Developer Guide, "Amazon ECS interface VPC endpoints"; ECR User Guide, same title). */
const EVERY_TASK: readonly AwsServiceId[] = ['ecr.api', 'ecr.dkr', 's3', 'logs'];

/** In the order in which AWS wants them created where container instances run already (same page). */
const CONTAINER_INSTANCES: readonly AwsServiceId[] = ['ecs-agent', 'ecs-telemetry', 'ecs'];

/**
 * The endpoints without which a task in an isolated subnet does not start, as ids of the catalogue. Fargate needs none
 * of ECS itself, but in regions opened since December 23, 2023, AWS lists `ecs-agent`, `ecs-telemetry` and `ecs` for it
 * as well: ask for `EC2` there.
 */
export function endpointsForLaunchType(
  launchType: LaunchType,
  { secrets = [] }: LaunchTypeEndpointsOptions = {},
): AwsServiceId[] {
  return [...EVERY_TASK, ...(launchType === 'EC2' ? CONTAINER_INSTANCES : []), ...new Set(secrets)];
}
