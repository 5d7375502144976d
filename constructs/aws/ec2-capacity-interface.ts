import type { ITerraformDependable } from 'cdktf';
import type { IConnectable } from './connections';
import type { EcsCluster } from './ecs-cluster';
import type { Platform } from './task-definition';

/**
 * EC2 instances of one cluster, for services that do not run on Fargate. `connections` are those of the hosts: there the agent pulls images
 * and reads secrets, and the `awslogs` driver writes, while a task's own traffic leaves from its own group.
 */
export interface IEc2Capacity extends IConnectable {
  readonly cluster: EcsCluster;
  readonly platform: Platform;
  readonly capacityProviderName: string;
  /** What services on it wait for. */
  readonly dependables: readonly ITerraformDependable[];
}
