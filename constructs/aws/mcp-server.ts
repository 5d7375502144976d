import { Annotations, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import type { Access } from '../../lib/network';
import type { Connections, IConnectable } from './connections';
import type { ContainerDefinition } from './container-definition';
import type { EgressGateway } from './egress-gateway';
import { variables } from './gateway-containers';
import { grantImagePull } from './image-pull';
import { ImageReference } from './image-reference';
import { checkServer, SERVER_DEFAULTS, type McpServerProps } from './mcp-server-props';
import { RoleSecurityGroup } from './role-security-group';
import { inSameStack } from './same-stack';
import { secretAccess, secretServices } from './secret-references';
import type { ServiceRole } from './service-role';
import { TAG, TAG_VALUE_LENGTH, withName } from './tags';
import { TaskDefinition } from './task-definition';
import type { WorkloadProxy } from './workload-proxy';

export type { McpServerProps } from './mcp-server-props';

/** The container that runs the server. */
const CONTAINER = 'server';

/**
 * One MCP server as an ECS service in isolated subnets: it reaches its own port on the gateway, the endpoints that it was granted, and
 * nothing else. Nobody reaches it but who is let in by `connections.allowFrom`.
 */
export class McpServer extends Construct implements IConnectable {
  readonly gateway: EgressGateway;
  readonly workload: string;
  readonly proxy: WorkloadProxy;
  readonly securityGroup: RoleSecurityGroup;
  readonly connections: Connections;
  readonly task: TaskDefinition;
  /** What the server itself may do in AWS: nothing until it is granted. */
  readonly taskRole: ServiceRole;
  readonly service: EcsService;
  /** `web-search.mcp.internal`; callers reach it on `port`. Undefined where it has no port. */
  readonly serverName?: string;
  private readonly direct = new Set<string>();
  private readonly calls = new Map<string, number>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: McpServerProps,
  ) {
    super(scope, id);
    checkServer(this, props);
    const { gateway } = props;
    this.gateway = gateway;
    this.workload = props.workload ?? id;
    this.proxy = gateway.workload(this.workload);
    gateway.claim(this.workload);
    this.securityGroup = this.makeGroup();
    this.connections = this.securityGroup.connections;
    this.task = this.makeTask();
    this.taskRole = this.task.taskRole;
    this.openPulls();
    gateway.admit(this.workload, this);
    const registry = props.port === undefined ? undefined : this.register();
    this.serverName = registry && gateway.namespace.nameOf(this.workload);
    this.service = this.makeService(registry?.arn);
    if (!new ImageReference(props.image).isPinned) {
      const image = JSON.stringify(props.image);
      Annotations.of(this).addWarning(`image: ${image} has no digest, so it may become another image; add @sha256:….`);
    }
  }

  /** `http://web-search.mcp.internal:8080`; undefined where it has no port. */
  get url(): string | undefined {
    return this.serverName && `http://${this.serverName}:${this.props.port}`;
  }

  /**
   * Lets this server call another one on its port, under its name, without the gateway.
   * @throws {Error} the other one has no port
   */
  call(server: McpServer): void {
    const { port } = server.props;
    if (port === undefined)
      throw new Error(`${this.workload} cannot call ${server.workload}: it has no port; give it one in its props.`);
    this.connections.allowTo(server, port, `${this.workload} calls ${server.workload}`);
    this.calls.set(server.workload, port);
    this.setCallsTag();
  }

  /** Names that the server reaches without the gateway, as entries of NO_PROXY. */
  addDirectNames(names: readonly string[]): void {
    for (const name of names) this.direct.add(name);
  }

  get dependables(): readonly ITerraformDependable[] {
    return [this.service];
  }

  private setCallsTag(): void {
    const entries = [...this.calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, port]) => `${name}:${port}`);
    const calls = entries.join('/');
    if (calls.length > TAG_VALUE_LENGTH)
      throw new Error(
        `${this.workload} calls ${entries.length} servers, so its tag ${TAG.calls} would have ${calls.length} characters, and AWS takes ${TAG_VALUE_LENGTH}; shorten the workloads' names, or let it call fewer.`,
      );
    this.connections.setContractTags({ [TAG.calls]: calls });
  }

  private get name(): string {
    return `${this.gateway.network.environmentName}-${this.workload}`;
  }

  private makeGroup(): RoleSecurityGroup {
    const { [TAG.role]: _, ...contractTags } = this.proxy.contractTags;
    return new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId: this.gateway.network.vpcId,
      role: 'workload',
      groupName: this.name,
      peerName: this.workload,
      description: `MCP server ${this.workload}: out to its port on the gateway and to the endpoints that it was granted`,
      contractTags,
      tags: this.props.tags,
    });
  }

  private makeTask(): TaskDefinition {
    const { props } = this;
    const { environmentName } = this.gateway.network;
    return new TaskDefinition(this, 'Task', {
      ...props,
      family: this.name,
      logGroupName: `/mcp-egress/${environmentName}/${this.workload}`,
      launchType: props.capacity ? 'EC2' : 'FARGATE',
      platform: props.platform ?? props.capacity?.platform ?? SERVER_DEFAULTS.platform,
      cpu: props.cpu ?? SERVER_DEFAULTS.cpu,
      memoryLimitMiB: props.memoryLimitMiB ?? SERVER_DEFAULTS.memoryLimitMiB,
      volumes: this.volumes.map(({ name }) => name),
      executionAccess: this.secretAccess(),
      containers: (task) => [this.container(task)],
    });
  }

  private container(task: TaskDefinition): ContainerDefinition {
    const { props } = this;
    const secrets = Object.entries(props.secrets ?? {}).map(([name, valueFrom]) => ({ name, valueFrom }));
    return {
      name: CONTAINER,
      image: props.image,
      essential: true,
      ...(props.entryPoint && { entryPoint: props.entryPoint }),
      ...(props.command && { command: props.command }),
      ...(props.user !== undefined && { user: props.user }),
      environment: variables(this.environment()),
      ...(secrets.length > 0 && { secrets: secrets.sort((a, b) => (a.name < b.name ? -1 : 1)) }),
      ...(props.port !== undefined && { portMappings: [{ containerPort: props.port, protocol: 'tcp' as const }] }),
      mountPoints: this.volumes.map(({ name, containerPath }) => ({
        sourceVolume: name,
        containerPath,
        readOnly: false,
      })),
      ...(props.healthCheckCommand && {
        healthCheck: { command: props.healthCheckCommand, interval: 10, timeout: 5, retries: 3, startPeriod: 30 },
      }),
      linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true, ...this.memoryFolders() },
      // EC2 has the option; on Fargate a container cannot gain privileges that way.
      ...(props.capacity && { dockerSecurityOptions: ['no-new-privileges'] }),
      readonlyRootFilesystem: props.readonlyRootFilesystem ?? true,
      logConfiguration: task.logConfiguration(CONTAINER),
    };
  }

  /** A name that a secret takes is left to it: ECS refuses one that stands in both. */
  private environment(): Record<string, string> {
    const { environment, secrets = {} } = this.props;
    const all = { ...this.proxy.environment([...this.direct].sort()), ...environment };
    return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in secrets)));
  }

  private get writablePaths(): readonly string[] {
    return this.props.writablePaths ?? SERVER_DEFAULTS.writablePaths;
  }

  /** Writable folders on disk. */
  private get volumes(): readonly { name: string; containerPath: string }[] {
    if (this.props.writableMemoryMiB !== undefined) return [];
    return this.writablePaths.map((containerPath, index) => ({ name: `scratch-${index + 1}`, containerPath }));
  }

  /** Writable folders in memory, as `/tmp` is elsewhere: for every user, each seeing its own files alone. */
  private memoryFolders() {
    const { writableMemoryMiB: size } = this.props;
    if (size === undefined) return {};
    return { tmpfs: this.writablePaths.map((containerPath) => ({ containerPath, size, mountOptions: ['mode=1777'] })) };
  }

  private secretAccess(): readonly Access[] {
    return secretAccess(Object.values(this.props.secrets ?? {}), this.props.secretKmsKeyArns);
  }

  private openPulls(): void {
    const { network } = this.gateway;
    const { logGroupName } = this.task.logGroup;
    // On Fargate the agent pulls, logs and reads secrets from the task's own interface, on EC2 from the host's.
    const peer = this.props.capacity ?? this;
    grantImagePull({ network, peer, logGroupName, images: [new ImageReference(this.props.image)] });
    for (const [service, access] of secretServices(Object.values(this.props.secrets ?? {}))) {
      network.endpoints.grant(service, peer, () => access);
    }
  }

  private register() {
    return this.gateway.namespace.addService(this, 'Discovery', this.workload);
  }

  private makeService(registryArn: string | undefined): EcsService {
    const { props, gateway } = this;
    const { network } = gateway;
    const { capacity } = props;
    return new EcsService(this, 'Service', {
      name: this.name,
      cluster: gateway.cluster.clusterArn,
      taskDefinition: this.task.resource.arn,
      ...(capacity
        ? { capacityProviderStrategy: [{ capacityProvider: capacity.capacityProviderName, weight: 1 }] }
        : { launchType: 'FARGATE', platformVersion: 'LATEST' }),
      desiredCount: props.desiredCount ?? SERVER_DEFAULTS.desiredCount,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: {
        subnets: [...network.isolatedSubnetIds],
        securityGroups: [this.securityGroup.securityGroupId],
        assignPublicIp: false,
      },
      ...(registryArn !== undefined && { serviceRegistries: { registryArn } }),
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      tags: withName(props.tags, this.name),
      dependsOn: inSameStack(this, [
        ...network.routes,
        ...network.endpoints.dependables,
        ...this.connections.dependables,
        ...this.task.dependables,
        ...gateway.dependables,
        ...(capacity?.dependables ?? []),
      ]),
    });
  }
}
