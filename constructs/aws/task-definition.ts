import { Lazy, Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { pullImages, writeLogs, type Access } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import { checkContainers } from './check-containers';
import { renderContainers, type ContainerDefinition, type LogConfiguration } from './container-definition';
import { ecrRepositories } from './ecr-repositories';
import { checkTaskSize } from './task-size';
import { ImageReference } from './image-reference';
import { LogGroup } from './log-group';
import { Problems } from './problems';
import { ServiceRole } from './service-role';
import { withName, type Tags } from './tags';

/** Processors of tasks. */
export type Platform = 'x86' | 'arm64';

export interface TaskDefinitionProps {
  /** Also the first part of the names of its roles. */
  readonly family: string;
  readonly logGroupName: string;
  readonly launchType: 'FARGATE' | 'EC2';
  readonly platform: Platform;
  /** In units of 1,024 a processor. */
  readonly cpu: number;
  readonly memoryLimitMiB: number;
  readonly volumes: readonly string[];
  /** Asked once to check and again when the stack is written, when all that adds to it has been said. */
  readonly containers: (task: TaskDefinition) => readonly ContainerDefinition[];
  /** What the agent needs beside pulling and logging: reading secrets. */
  readonly executionAccess?: readonly Access[];
  readonly logRetentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** A task in awsvpc mode with its two roles and its log group, its containers checked against the rules of ECS. */
export class TaskDefinition extends Construct {
  readonly resource: EcsTaskDefinition;
  readonly logGroup: LogGroup;
  /** What the containers may do. Nothing until it is granted. */
  readonly taskRole: ServiceRole;
  /** What ECS may do to start them. */
  readonly executionRole: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TaskDefinitionProps,
  ) {
    super(scope, id);
    const { family, cpu, memoryLimitMiB, launchType, tags } = props;
    this.logGroup = new LogGroup(this, 'LogGroup', props);
    this.taskRole = this.makeRole('TaskRole', `${family}-task`);
    this.executionRole = this.makeRole('ExecutionRole', `${family}-exec`);
    this.check();
    this.grantStart();
    this.resource = new EcsTaskDefinition(this, 'Resource', {
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: [launchType],
      cpu: textOf(cpu),
      memory: textOf(memoryLimitMiB),
      runtimePlatform: {
        operatingSystemFamily: 'LINUX',
        cpuArchitecture: props.platform === 'arm64' ? 'ARM64' : 'X86_64',
      },
      taskRoleArn: this.taskRole.roleArn,
      executionRoleArn: this.executionRole.roleArn,
      volume: props.volumes.map((name) => ({ name })),
      containerDefinitions: Lazy.stringValue({ produce: () => renderContainers(props.containers(this)) }),
      tags: withName(tags, family),
    });
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** Where a container's output goes: one stream a task, below the container's name. */
  logConfiguration(container: string): LogConfiguration {
    return {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': this.logGroup.logGroupName,
        'awslogs-region': AwsFacts.of(this).region,
        'awslogs-stream-prefix': container,
        // A slow log must not stop the task; what does not fit in the buffer is lost.
        mode: 'non-blocking',
        'max-buffer-size': '8m',
      },
    };
  }

  /** What a service waits for. */
  get dependables(): readonly ITerraformDependable[] {
    return [...this.executionRole.dependables, ...this.taskRole.dependables, this.logGroup.resource];
  }

  private makeRole(id: string, roleName: string): ServiceRole {
    return new ServiceRole(this, id, {
      roleName,
      service: 'ecs-tasks.amazonaws.com',
      sourceArn: AwsFacts.of(this).arn('ecs', '*'),
      permissionsBoundary: this.props.permissionsBoundary,
      tags: this.props.tags,
    });
  }

  private grantStart(): void {
    const images = this.props.containers(this).map(({ image }) => new ImageReference(image));
    const repositories = ecrRepositories(images, AwsFacts.of(this));
    if (repositories.length > 0) this.executionRole.grant(pullImages(repositories));
    this.executionRole.grant([...writeLogs([this.logGroup.arn]), ...(this.props.executionAccess ?? [])]);
  }

  private check(): void {
    const problems = new Problems(this);
    for (const problem of this.problems()) problems.check(false, problem);
    problems.throwIfAny();
  }

  private problems(): string[] {
    const { launchType, volumes, cpu, memoryLimitMiB } = this.props;
    const containers = this.props.containers(this);
    return [
      ...checkContainers(containers, { launchType, volumes }, renderContainers(containers)),
      ...(launchType === 'FARGATE' ? checkTaskSize(cpu, memoryLimitMiB) : []),
    ];
  }
}

function textOf(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
