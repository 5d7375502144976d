import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { DEFAULT_HEALTH_PORT, type EgressPolicy } from '../../lib/policy';
import type { EcsCluster } from './ecs-cluster';
import { gatewayBefore } from './environment-names';
import { ImageReference } from './image-reference';
import type { IMcpNetwork } from './network';
import type { PrivateNamespace } from './private-namespace';
import { Problems } from './problems';
import type { Tags } from './tags';
import type { Platform } from './task-definition';

export interface EgressGatewayProps {
  readonly network: IMcpNetwork;
  readonly policy: EgressPolicy;
  /**
   * Envoy 1.39 or newer, with a shell (not `-distroless`). Production: a copy in ECR, by digest.
   * @default 'docker.io/envoyproxy/envoy:v1.40.0'
   */
  readonly image?: string;
  /** The AWS CLI version 2, with `sh`, `awk` and `curl`. Production: a copy in ECR, by digest. @default 'public.ecr.aws/aws-cli/aws-cli:2.31.0' */
  readonly syncImage?: string;
  /** Names that pulls of the two images ask for. @default - known for Docker Hub, ECR Public, GitHub and Quay; none for ECR */
  readonly registryNames?: readonly string[];
  /** @default 'x86' */
  readonly platform?: Platform;
  /** Of one task, in units of 1,024 a processor. @default 512 */
  readonly cpu?: number;
  /** Of one task. @default 1024 */
  readonly memoryLimitMiB?: number;
  /** Tasks at least; they are spread over the zones. @default 2 */
  readonly minTasks?: number;
  /** Tasks at most. @default 6 */
  readonly maxTasks?: number;
  /** Seconds for which a stopping task goes on serving, 15 to 110. @default 60 */
  readonly drainSeconds?: number;
  /**
   * Seconds between two looks for a new policy, 1 to 15: a withdrawn rule's tunnels have to end within 30 s. Each look starts the AWS CLI, about half a
   * second of a processor.
   * @default 10
   */
  readonly pollSeconds?: number;
  /** @default 9900 */
  readonly healthPort?: number;
  /** The cluster of the gateway and of MCP servers. @default - a new one */
  readonly cluster?: EcsCluster;
  /** The private DNS zone in which it is found. @default - a new one */
  readonly namespace?: PrivateNamespace;
  /** Name of a new zone. @default 'mcp.internal' */
  readonly namespaceName?: string;
  /** Days that logs are kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Encrypts logs and the configuration's bucket; its policy must admit CloudWatch Logs. @default - keys that AWS owns */
  readonly kmsKeyArn?: string;
  /** For the roles that are made. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** The name below the namespace under which clients find the gateway. */
export const GATEWAY_SERVICE = 'gateway';

/** Defaults of {@link EgressGatewayProps}. */
export const DEFAULTS = {
  image: 'docker.io/envoyproxy/envoy:v1.40.0',
  syncImage: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
  platform: 'x86',
  cpu: 512,
  memoryLimitMiB: 1024,
  minTasks: 2,
  maxTasks: 6,
  drainSeconds: 60,
  pollSeconds: 10,
  namespaceName: 'mcp.internal',
} as const;

/** @throws {PropsError} with everything that is wrong */
export function checkGateway(scope: Construct, props: EgressGatewayProps): void {
  const problems = new Problems(scope);
  const { minTasks = DEFAULTS.minTasks, maxTasks = DEFAULTS.maxTasks } = props;
  problems.range('minTasks', minTasks, 1, 100, 'Two or more survive the loss of a zone.');
  problems.range('maxTasks', maxTasks, 1, 1000);
  problems.check(
    Token.isUnresolved(minTasks) || Token.isUnresolved(maxTasks) || minTasks <= maxTasks,
    `maxTasks: ${maxTasks} is less than minTasks: ${minTasks}.`,
  );
  for (const prop of ['drainSeconds', 'pollSeconds', 'healthPort'] as const) problems.known(prop, props[prop]);
  problems.range('drainSeconds', props.drainSeconds, 15, 110, 'Fargate ends a container after 120 seconds.');
  problems.range('pollSeconds', props.pollSeconds, 1, 15);
  problems.range('healthPort', props.healthPort, 1024, 65_535);
  problems.check(
    props.namespace === undefined || props.namespaceName === undefined,
    'namespaceName: names a new zone, but namespace gives one; leave one of them out.',
  );
  for (const prop of ['image', 'syncImage'] as const) {
    const image = new ImageReference(props[prop] ?? DEFAULTS[prop]);
    problems.check(
      props.registryNames !== undefined || image.registryNames !== undefined,
      `${prop}: the registry ${JSON.stringify(image.registry)} is not known here; copy the image to ECR, or say in registryNames which names a pull asks for.`,
    );
  }
  const { environmentName } = props.network;
  const before = gatewayBefore(scope, props.network, environmentName);
  problems.check(
    before === undefined,
    `network: its environmentName ${JSON.stringify(environmentName)} is that of gateway ${JSON.stringify(before?.node.path)}, and the names of roles, buckets and log groups are made of it; give each gateway a network with an environmentName of its own.`,
  );
  const health = props.healthPort ?? DEFAULT_HEALTH_PORT;
  const taken = props.policy.workloads.find(({ port }) => port === health);
  problems.check(
    taken === undefined,
    `healthPort: ${health} is the port of workload ${taken?.name}; choose another one.`,
  );
  problems.throwIfAny();
}

/** Warnings about images whose names can come to mean other bytes. */
export function unpinnedImages(props: EgressGatewayProps): string[] {
  return (['image', 'syncImage'] as const).flatMap((prop) => {
    const image = props[prop] ?? DEFAULTS[prop];
    if (new ImageReference(image).isPinned) return [];
    return [`${prop}: ${JSON.stringify(image)} has no digest, so it may become another image; add @sha256:….`];
  });
}
