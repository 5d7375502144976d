import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { IEc2Capacity } from './ec2-capacity-interface';
import type { EgressGateway } from './egress-gateway';
import { GATEWAY_SERVICE } from './egress-gateway-props';
import { ImageReference } from './image-reference';
import { Problems } from './problems';
import { REJECTED_LOG } from './rejected-flow-log';
import { secretProblem } from './secret-references';
import type { Tags } from './tags';
import type { Platform } from './task-definition';

export interface McpServerProps {
  readonly gateway: EgressGateway;
  /** Its name in the policy. @default - the construct's id */
  readonly workload?: string;
  /** In a private registry of ECR, since isolated tasks pull without the Internet; by digest. */
  readonly image: string;
  /** On which it listens, for callers inside. @default - none: nobody can call it */
  readonly port?: number;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  /** Plain values; no secrets. Those of the proxy are added, and can be replaced. @default - the proxy's alone */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables whose values ECS reads at the start: ARNs in Secrets Manager or of SSM parameters. @default - none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Customer keys with which these are encrypted. @default - keys that AWS manages */
  readonly secretKmsKeyArns?: readonly string[];
  /** In units of 1,024 a processor. @default 256 */
  readonly cpu?: number;
  /** @default 512 */
  readonly memoryLimitMiB?: number;
  /** `CMD` or `CMD-SHELL` first. @default - none */
  readonly healthCheckCommand?: readonly string[];
  /** @default 1 */
  readonly desiredCount?: number;
  /** `uid:gid`. @default - the image's */
  readonly user?: string;
  /** @default true */
  readonly readonlyRootFilesystem?: boolean;
  /** Folders that the server may write; they are empty at each start. @default ['/tmp'] */
  readonly writablePaths?: readonly string[];
  /**
   * Keeps each of these folders in memory, so large in MiB (part of `memoryLimitMiB`), writable for every user. On Fargate since January 2026.
   * @default - on disk, where ECS gives them to root unless the image declares a VOLUME there
   */
  readonly writableMemoryMiB?: number;
  /** EC2 instances to run on. @default - Fargate */
  readonly capacity?: IEc2Capacity;
  /** @default - that of `capacity`, else 'x86' */
  readonly platform?: Platform;
  /** Days that logs are kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Encrypts logs; its policy must admit CloudWatch Logs. @default - a key that AWS owns */
  readonly kmsKeyArn?: string;
  /** For the roles that are made. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** Defaults of {@link McpServerProps}. */
export const SERVER_DEFAULTS = {
  platform: 'x86',
  cpu: 256,
  memoryLimitMiB: 512,
  desiredCount: 1,
  writablePaths: ['/tmp'],
} as const;

/** @throws {PropsError} with everything that is wrong */
export function checkServer(scope: Construct, props: McpServerProps): void {
  const problems = new Problems(scope);
  const image = new ImageReference(props.image);
  problems.check(
    image.isEcr,
    `image: ${JSON.stringify(props.image)} is not in ECR, and isolated tasks pull without the Internet; copy it to the account's ECR (docker pull, docker tag, docker push), or use a pull-through cache of ECR that has it already.`,
  );
  problems.check(
    !image.isEcr || image.hasEndpoint,
    `image: ${JSON.stringify(props.image)} names the registry by its FIPS or dual-stack host, which no endpoint in the VPC answers for; write ACCOUNT.dkr.ecr.REGION.amazonaws.com.`,
  );
  checkName(problems, props.workload ?? scope.node.id, props.gateway.network.environmentName);
  problems.range('port', props.port, 1, 65_535);
  problems.known('port', props.port);
  problems.range(
    'writableMemoryMiB',
    props.writableMemoryMiB,
    1,
    props.memoryLimitMiB ?? SERVER_DEFAULTS.memoryLimitMiB,
  );
  const { capacity, platform } = props;
  problems.check(
    capacity === undefined || capacity.cluster === props.gateway.cluster,
    "capacity: its cluster is not the gateway's, where the server runs; make it with cluster: gateway.cluster.",
  );
  problems.check(
    capacity === undefined || platform === undefined || capacity.platform === platform,
    `platform: ${JSON.stringify(platform)}, but the instances of capacity are ${JSON.stringify(capacity?.platform)}; leave it out, or use other instances.`,
  );
  problems.range('desiredCount', props.desiredCount, 0, 1000);
  const environment = Object.keys(props.environment ?? {});
  for (const name of environment.filter((each) => each in (props.secrets ?? {})))
    problems.check(false, `environment: ${name} stands in secrets, too; leave it out of one of them.`);
  for (const name of environment) {
    const value = props.environment?.[name] ?? '';
    problems.check(
      Token.isUnresolved(value) || !LOOKS_SECRET.test(value),
      `environment: the value of ${name} looks like a secret, and everybody who can read the task definition could read it; put it into Secrets Manager and name its ARN in secrets.`,
    );
  }
  for (const [name, reference] of Object.entries(props.secrets ?? {})) {
    const problem = secretProblem(name, reference);
    problems.check(problem === undefined, problem ?? '');
  }
  for (const path of props.writablePaths ?? [])
    problems.match('writablePaths', path, /^\/[^:]*[^/:]$/, 'an absolute path without ":" and without "/" at its end');
  problems.throwIfAny();
}

/** The workload's name is part of names in AWS. */
function checkName(problems: Problems, workload: string, environmentName: string): void {
  problems.check(
    workload !== GATEWAY_SERVICE,
    `workload: ${JSON.stringify(GATEWAY_SERVICE)} is the gateway's own name in the zone and in AWS; call the workload otherwise in the policy.`,
  );
  problems.check(
    workload !== REJECTED_LOG,
    `workload: ${JSON.stringify(REJECTED_LOG)} is the name of the log of rejected traffic, and each has a log group of its own; call the workload otherwise in the policy.`,
  );
  const roleName = `${environmentName}-${workload}-task`;
  problems.check(
    Token.isUnresolved(roleName) || roleName.length <= ROLE_NAME_LENGTH,
    `workload: with the environment's name it makes the role name ${JSON.stringify(roleName)} of ${roleName.length} characters, and IAM takes ${ROLE_NAME_LENGTH}; shorten one of the two.`,
  );
}

/** Characters in the name of a role (IAM quotas). */
const ROLE_NAME_LENGTH = 64;

/** Beginnings that providers give their keys. */
const LOOKS_SECRET =
  /^(sk-[A-Za-z0-9_-]{16,}|ghp_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/;
