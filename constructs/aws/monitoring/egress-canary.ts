import { Construct } from 'constructs';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { containerScript } from '../../../lib/delivery';
import { AwsFacts } from '../aws-facts';
import type { Connections, IConnectable } from '../connections';
import type { ContainerDefinition } from '../container-definition';
import type { EgressGateway } from '../egress-gateway';
import { variables } from '../gateway-containers';
import { grantImagePull } from '../image-pull';
import { ImageReference } from '../image-reference';
import { RoleSecurityGroup } from '../role-security-group';
import { inSameStack } from '../same-stack';
import { ServiceRole } from '../service-role';
import { TAG, withName, type Tags } from '../tags';
import { TaskDefinition } from '../task-definition';
import type { WorkloadProxy } from '../workload-proxy';
import { countCanary } from './canary-metrics';
import { CANARY_DEFAULTS, checkCanary, type CanaryProps } from './canary-props';

export type { CanaryProps } from './canary-props';

export interface EgressCanaryProps extends CanaryProps {
  readonly gateway: EgressGateway;
  readonly logRetentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

const CONTAINER = 'canary';
/** The smallest that Fargate has. */
const SIZE = { cpu: 256, memoryLimitMiB: 512 } as const;

/**
 * A task in an isolated subnet that runs every few minutes as a workload of its own: it tries one way that the policy allows, and ways out
 * that must be closed, and writes what came of each.
 */
export class EgressCanary extends Construct implements IConnectable {
  readonly everyMinutes: number;
  readonly connections: Connections;
  readonly task: TaskDefinition;
  private readonly proxy: WorkloadProxy;
  private readonly name: string;
  private readonly securityGroup: RoleSecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressCanaryProps,
  ) {
    super(scope, id);
    const { gateway, workload, tags } = props;
    checkCanary(this, gateway.policy, props);
    const { environmentName } = gateway.network;
    this.everyMinutes = props.everyMinutes ?? CANARY_DEFAULTS.everyMinutes;
    this.name = `${environmentName}-${workload}`;
    this.proxy = gateway.workload(workload);
    gateway.claim(workload);
    const { [TAG.role]: _, ...contractTags } = this.proxy.contractTags;
    this.securityGroup = new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId: gateway.network.vpcId,
      role: 'workload',
      groupName: this.name,
      peerName: workload,
      description: 'The canary: out to its port on the gateway alone',
      contractTags,
      tags,
    });
    this.connections = this.securityGroup.connections;
    this.task = this.makeTask();
    const { logGroupName } = this.task.logGroup;
    grantImagePull({
      network: gateway.network,
      peer: this,
      logGroupName,
      images: [new ImageReference(props.image)],
    });
    gateway.admit(workload, this);
    countCanary(this, environmentName, this.task.logGroup);
    this.schedule();
  }

  private makeTask(): TaskDefinition {
    const { gateway, workload } = this.props;
    return new TaskDefinition(this, 'Task', {
      ...this.props,
      family: this.name,
      logGroupName: `/mcp-egress/${gateway.network.environmentName}/${workload}`,
      launchType: 'FARGATE',
      platform: this.props.platform ?? CANARY_DEFAULTS.platform,
      ...SIZE,
      volumes: [],
      containers: (task) => [this.container(task)],
    });
  }

  private container(task: TaskDefinition): ContainerDefinition {
    return {
      name: CONTAINER,
      image: this.props.image,
      essential: true,
      entryPoint: ['/bin/sh', '-c'],
      command: [containerScript('canary')],
      environment: variables(this.environment()),
      linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true },
      readonlyRootFilesystem: true,
      logConfiguration: task.logConfiguration(CONTAINER),
    };
  }

  private environment(): Record<string, string> {
    const { gateway, workload, checkNames = gateway.network.ownsVpc, ...props } = this.props;
    const other = gateway.policy.workloads.find(({ name }) => name !== workload);
    return {
      PROXY_URL: this.proxy.proxyUrl,
      ALLOWED_URL: props.allowedUrl,
      // In mode observe nothing is refused for having no rule.
      REFUSED_URL: gateway.policy.mode === 'enforce' ? (props.refusedUrl ?? CANARY_DEFAULTS.refusedUrl) : '',
      OUTSIDE: props.outside ?? CANARY_DEFAULTS.outside,
      OUTSIDE_NAME: checkNames ? (props.outsideName ?? CANARY_DEFAULTS.outsideName) : '',
      OTHER_PORT: other === undefined ? '' : `${gateway.gatewayName}:${other.port}`,
    };
  }

  private schedule(): void {
    const { gateway, tags } = this.props;
    const { network, cluster } = gateway;
    const minutes = this.everyMinutes;
    const rule = new CloudwatchEventRule(this, 'Rule', {
      name: this.name,
      description: 'Starts the canary',
      scheduleExpression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
      tags: withName(tags, this.name),
    });
    const role = this.makeStarter();
    new CloudwatchEventTarget(this, 'Target', {
      rule: rule.name,
      arn: cluster.clusterArn,
      roleArn: role.roleArn,
      ecsTarget: {
        taskDefinitionArn: this.task.resource.arn,
        taskCount: 1,
        launchType: 'FARGATE',
        platformVersion: 'LATEST',
        networkConfiguration: {
          subnets: [...network.isolatedSubnetIds],
          securityGroups: [this.securityGroup.securityGroupId],
          assignPublicIp: false,
        },
      },
      dependsOn: inSameStack(this, [
        ...network.routes,
        ...network.endpoints.dependables,
        ...this.connections.dependables,
        ...this.task.dependables,
        ...role.dependables,
        ...gateway.dependables,
      ]),
    });
  }

  /** Lets EventBridge start this task with its two roles, in this cluster, and nothing else (EventBridge user guide, "Amazon ECS targets"). */
  private makeStarter(): ServiceRole {
    const facts = AwsFacts.of(this);
    const role = new ServiceRole(this, 'StartRole', {
      roleName: `${this.name}-start`,
      service: 'events.amazonaws.com',
      sourceArn: facts.arn('events', `rule/${this.name}`),
      permissionsBoundary: this.props.permissionsBoundary,
      tags: this.props.tags,
    });
    const { taskRole, executionRole } = this.task;
    role.grant([
      {
        sid: 'RunCanary',
        actions: ['ecs:RunTask'],
        resources: [facts.arn('ecs', `task-definition/${this.name}:*`)],
        condition: { ArnEquals: { 'ecs:cluster': this.props.gateway.cluster.clusterArn } },
      },
      {
        sid: 'PassRoles',
        actions: ['iam:PassRole'],
        resources: [taskRole.roleArn, executionRole.roleArn],
        condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
    return role;
  }
}
