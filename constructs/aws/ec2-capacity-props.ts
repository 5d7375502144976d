import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { EcsCluster } from './ecs-cluster';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import type { Tags } from './tags';
import type { Platform } from './task-definition';

export interface Ec2CapacityProps {
  /** The gateway's cluster (`gateway.cluster`), since MCP servers run there; of the same stack. */
  readonly cluster: EcsCluster;
  readonly network: IMcpNetwork;
  /** The part that tells its name from those of others in the environment. @default 'hosts' */
  readonly capacityName?: string;
  /** @default 'x86' */
  readonly platform?: Platform;
  /**
   * How many tasks fit is a matter of network interfaces as well: each task has one of its own beside the host's, so a type with three runs two
   * tasks. With the account setting `awsvpcTrunking`, types that have it take more (c5.large: ten); T types do not (ECS Developer Guide,
   * "Increasing Amazon ECS Linux container instance network interfaces").
   * @default 't3.medium' ('t4g.medium' for arm64): two tasks, as on an m5.large without trunking, at less than half the price
   */
  readonly instanceType?: string;
  /** @default 0: ECS starts them as tasks come */
  readonly minInstances?: number;
  /** @default 4 */
  readonly maxInstances?: number;
  /** The image of the hosts. @default - the newest ECS-optimized Amazon Linux 2023; running hosts keep theirs */
  readonly imageId?: string;
  /** Of the root volume, 30 or more. @default 30 */
  readonly volumeGiB?: number;
  /** Encrypts the root volume; its policy must admit the service-linked role of Auto Scaling. @default - the key that AWS manages for EBS */
  readonly kmsKeyArn?: string;
  /** For the role of the hosts. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** Defaults of {@link Ec2CapacityProps}. */
export const CAPACITY_DEFAULTS = {
  capacityName: 'hosts',
  platform: 'x86',
  instanceType: { x86: 't3.medium', arm64: 't4g.medium' },
  minInstances: 0,
  maxInstances: 4,
  // What the image itself has.
  volumeGiB: 30,
} as const;

/** Graviton: a `g` behind the generation's number (`m7gd.large`), and `a1` (EC2, "Instance type naming conventions"). */
const ARM_TYPE = /^(a1|[a-z-]+\d+[a-z]*g[a-z]*)\./;

/** @throws {PropsError} with everything that is wrong */
export function checkCapacity(scope: Construct, props: Ec2CapacityProps, capacityName: string): void {
  const problems = new Problems(scope);
  const {
    platform = CAPACITY_DEFAULTS.platform,
    minInstances = CAPACITY_DEFAULTS.minInstances,
    maxInstances = CAPACITY_DEFAULTS.maxInstances,
    instanceType,
  } = props;
  problems.match(
    'capacityName',
    props.capacityName,
    /^[a-z][a-z0-9-]{0,22}$/,
    '1 to 23 lower case letters, digits and "-"',
  );
  problems.check(
    TerraformStack.of(props.cluster) === TerraformStack.of(scope),
    `cluster: it stands in stack ${JSON.stringify(TerraformStack.of(props.cluster).node.id)}, and with it the one list of its capacity providers, so the two stacks would need each other; make the capacity there.`,
  );
  problems.check(
    !/^(aws|ecs|fargate)/.test(capacityName),
    `capacityName: with the environment's name it becomes ${JSON.stringify(capacityName)}, and ECS keeps names that begin with aws, ecs or fargate for itself; call the environment otherwise.`,
  );
  problems.match('instanceType', instanceType, /^[a-z0-9-]+\.[a-z0-9-]+$/, 'a type of EC2 instances (t3.medium)');
  if (instanceType !== undefined && !Token.isUnresolved(instanceType)) {
    const arm = ARM_TYPE.test(instanceType);
    problems.check(
      arm === (platform === 'arm64'),
      `instanceType: ${JSON.stringify(instanceType)} is ${arm ? 'arm64' : 'x86'}, but platform is ${JSON.stringify(platform)}; make them agree.`,
    );
  }
  problems.match('imageId', props.imageId, /^ami-[0-9a-z]+$/, 'the id of an image (ami-…)');
  problems.range('minInstances', minInstances, 0, 1000);
  problems.range('maxInstances', maxInstances, 1, 1000);
  problems.check(
    Token.isUnresolved(minInstances) || Token.isUnresolved(maxInstances) || minInstances <= maxInstances,
    `maxInstances: ${maxInstances} is less than minInstances: ${minInstances}.`,
  );
  problems.range('volumeGiB', props.volumeGiB, 30, 16_384, 'The image takes 30.');
  problems.throwIfAny();
}
