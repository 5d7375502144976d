import { Annotations, Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { bundle } from '../../lib/delivery';
import { compile, type CompiledConfig } from '../../lib/envoy';
import { bucketDnsName, decryptWithKeys, s3Objects } from '../../lib/network';
import { DEFAULT_HEALTH_PORT, type EgressPolicy, type Workload } from '../../lib/policy';
import { AwsFacts } from './aws-facts';
import { ConfigStore, CONFIG_PREFIX } from './config-store';
import type { Connections, IConnectable } from './connections';
import { EcsCluster } from './ecs-cluster';
import { ADMIN_SOCKET, CONFIG_DIRECTORY, gatewayContainers, GATEWAY_VOLUMES } from './gateway-containers';
import {
  checkGateway,
  DEFAULTS,
  GATEWAY_SERVICE,
  unpinnedImages,
  type EgressGatewayProps,
} from './egress-gateway-props';
import { ImageReference } from './image-reference';
import type { IMcpNetwork } from './network';
import { grantImagePull } from './image-pull';
import { policyEgress } from './policy-egress';
import { PrivateNamespace } from './private-namespace';
import { RoleSecurityGroup } from './role-security-group';
import { inSameStack } from './same-stack';
import { scaleService } from './scale-service';
import { TAG, withName } from './tags';
import { TaskDefinition } from './task-definition';
import { WorkloadProxy } from './workload-proxy';

export type { EgressGatewayProps } from './egress-gateway-props';

/**
 * Envoy as an ECS service on Fargate, the only way out of the network: what the policy does not name is refused, and each workload
 * reaches its own port alone.
 */
export class EgressGateway extends Construct implements IConnectable {
  readonly policy: EgressPolicy;
  readonly network: IMcpNetwork;
  readonly config: CompiledConfig;
  readonly cluster: EcsCluster;
  readonly namespace: PrivateNamespace;
  readonly securityGroup: RoleSecurityGroup;
  readonly connections: Connections;
  readonly task: TaskDefinition;
  readonly store: ConfigStore;
  readonly service: EcsService;
  /** `gateway.mcp.internal` */
  readonly gatewayName: string;
  /** Names that image pulls through NAT ask for; empty where both images come from ECR. */
  readonly registryNames: readonly string[];
  private readonly served = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressGatewayProps,
  ) {
    super(scope, id);
    const { network, policy } = props;
    checkGateway(this, props);
    this.policy = policy;
    this.network = network;
    const { environmentName } = network;
    this.config = this.compile();
    this.cluster = props.cluster ?? new EcsCluster(this, 'Cluster', { clusterName: environmentName, tags: props.tags });
    this.namespace = props.namespace ?? this.makeNamespace();
    this.gatewayName = this.namespace.nameOf(GATEWAY_SERVICE);
    this.securityGroup = this.makeGroup();
    this.connections = this.securityGroup.connections;
    this.task = this.makeTask();
    this.registryNames = this.openPulls();
    const s3 = this.openStore();
    this.store = new ConfigStore(this, 'Config', {
      environmentName,
      bundle: bundle(this.config),
      readerRoleArn: this.task.taskRole.roleArn,
      vpcEndpointId: s3,
      kmsKeyArn: props.kmsKeyArn,
      tags: props.tags,
    });
    this.openPolicy();
    this.service = this.makeService();
    this.scale();
    this.warn();
  }

  /**
   * The port and proxy of a workload of the policy.
   * @throws {Error} the policy does not name it
   */
  workload(name: string): WorkloadProxy {
    return new WorkloadProxy(this.requireWorkload(name), this.gatewayName, this.namespace.domainName);
  }

  /**
   * Lets something that is no {@link McpServer} use the gateway as a workload: a Lambda function, an EC2 instance, a service of your
   * own. Its group is tagged as the workload's where it is one of this app.
   *
   * @param workload a name in the policy
   * @param peer what has the group: `Connections.of(securityGroup, 'search')`
   * @returns what it has to be told about its proxy
   * @throws {Error} the policy does not name the workload
   */
  admit(workload: string, peer: IConnectable): WorkloadProxy {
    const proxy = this.workload(workload);
    if (!peer.connections.setContractTags(proxy.contractTags)) {
      Annotations.of(this).addWarning(
        `${workload}: its security group is known by id alone, so it is not tagged here; whoever made it has to set ${JSON.stringify(proxy.contractTags)}, or the proof does not know it.`,
      );
    }
    peer.connections.allowTo(this, proxy.port, `${workload} to its port on the gateway`);
    return proxy;
  }

  /**
   * Keeps a workload for one {@link McpServer}: two would have the same names in AWS.
   * @throws {Error} it has one already
   */
  claim(workload: string): void {
    if (this.served.has(workload))
      throw new Error(
        `workload ${JSON.stringify(workload)} has an MCP server already; raise its desiredCount, or give the second one a workload of its own in the policy.`,
      );
    this.served.add(workload);
  }

  /** What clients of the gateway wait for. */
  get dependables(): readonly ITerraformDependable[] {
    return [this.service];
  }

  private requireWorkload(name: string): Workload {
    const found = this.policy.workloads.find((workload) => workload.name === name);
    if (found) return found;
    const known = this.policy.workloads.map((workload) => workload.name).join(', ') || 'none';
    throw new Error(
      `workload ${JSON.stringify(name)} is not in the policy (it has: ${known}); add it there with a port, or use one of these names.`,
    );
  }

  private compile(): CompiledConfig {
    return compile(this.policy, {
      directory: CONFIG_DIRECTORY,
      adminSocket: ADMIN_SOCKET,
      adminSocketMode: 0o666,
      maxHeapMegabytes: heapFor(this.props.memoryLimitMiB ?? DEFAULTS.memoryLimitMiB),
      healthPort: this.props.healthPort ?? DEFAULT_HEALTH_PORT,
      gatewayAddresses: this.network.gatewayCidrs,
    });
  }

  private makeNamespace(): PrivateNamespace {
    const { namespaceName: domainName = DEFAULTS.namespaceName, tags } = this.props;
    return new PrivateNamespace(this, 'Namespace', { vpcId: this.network.vpcId, domainName, tags });
  }

  private makeGroup(): RoleSecurityGroup {
    return new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId: this.network.vpcId,
      role: 'gateway',
      groupName: `${this.network.environmentName}-gateway`,
      peerName: 'gateway',
      description: 'The egress gateway: in from workloads on their own ports, out on the ports of the policy',
      contractTags: { [TAG.mode]: this.policy.mode },
      tags: this.props.tags,
    });
  }

  private makeTask(): TaskDefinition {
    const { props } = this;
    const { environmentName } = this.network;
    return new TaskDefinition(this, 'Task', {
      ...props,
      family: `${environmentName}-gateway`,
      logGroupName: `/mcp-egress/${environmentName}/gateway`,
      launchType: 'FARGATE',
      platform: props.platform ?? DEFAULTS.platform,
      cpu: props.cpu ?? DEFAULTS.cpu,
      memoryLimitMiB: props.memoryLimitMiB ?? DEFAULTS.memoryLimitMiB,
      volumes: GATEWAY_VOLUMES,
      containers: (task) =>
        gatewayContainers({
          image: props.image ?? DEFAULTS.image,
          syncImage: props.syncImage ?? DEFAULTS.syncImage,
          bucketName: ConfigStore.bucketNameFor(AwsFacts.of(this), environmentName),
          config: this.config,
          healthPort: props.healthPort ?? DEFAULT_HEALTH_PORT,
          drainSeconds: props.drainSeconds ?? DEFAULTS.drainSeconds,
          pollSeconds: props.pollSeconds ?? DEFAULTS.pollSeconds,
          log: (container) => task.logConfiguration(container),
        }),
    });
  }

  /** @returns the names that pulls ask for, where they go through NAT */
  private openPulls(): readonly string[] {
    const { image = DEFAULTS.image, syncImage = DEFAULTS.syncImage } = this.props;
    return grantImagePull({
      network: this.network,
      peer: this,
      logGroupName: this.task.logGroup.logGroupName,
      images: [new ImageReference(image), new ImageReference(syncImage)],
      registryNames: this.props.registryNames,
    });
  }

  /** @returns the id of the S3 endpoint */
  private openStore(): string | undefined {
    const { environmentName, endpoints } = this.network;
    const { taskRole } = this.task;
    const read = (facts: AwsFacts) =>
      s3Objects({
        bucketArn: facts.arn('s3', ConfigStore.bucketNameFor(facts, environmentName)),
        keys: [`${CONFIG_PREFIX}/*`],
        owner: { account: facts.account },
      });
    // The endpoint may be of another stack, so the role's ARN is made from its name there.
    const theirs = AwsFacts.of(endpoints);
    const s3 = endpoints.grant('s3', this, read, { roleArns: [theirs.arn('iam', `role/${taskRole.roleName}`)] });
    endpoints.addDnsNames([bucketDnsName(ConfigStore.bucketNameFor(theirs, environmentName), theirs)]);
    const facts = AwsFacts.of(this);
    taskRole.grant(read(facts));
    const { kmsKeyArn } = this.props;
    const viaService = `s3.${facts.region}.${facts.dnsSuffix}`;
    if (kmsKeyArn !== undefined) taskRole.grant(decryptWithKeys([kmsKeyArn], { viaService }));
    return s3.vpcEndpointId;
  }

  private openPolicy(): void {
    const pulls = this.registryNames.length > 0 ? [443] : [];
    for (const { range, port, name, description } of policyEgress(this.policy, pulls)) {
      this.connections.allowToRange(range, port, name, description);
    }
  }

  private makeService(): EcsService {
    const { network, props } = this;
    const name = `${network.environmentName}-gateway`;
    const registry = this.namespace.addService(this, 'Discovery', GATEWAY_SERVICE);
    return new EcsService(this, 'Service', {
      name,
      cluster: this.cluster.clusterArn,
      taskDefinition: this.task.resource.arn,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      desiredCount: props.minTasks ?? DEFAULTS.minTasks,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: {
        subnets: [...network.egressSubnetIds],
        securityGroups: [this.securityGroup.securityGroupId],
        assignPublicIp: network.gatewayNeedsPublicIp,
      },
      serviceRegistries: { registryArn: registry.arn },
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      tags: withName(props.tags, name),
      // Autoscaling changes the count.
      lifecycle: { ignoreChanges: ['desired_count'] },
      dependsOn: inSameStack(this, [
        ...network.routes,
        ...network.endpoints.dependables,
        ...this.connections.dependables,
        ...this.task.dependables,
        ...this.store.dependables,
      ]),
    });
  }

  private scale(): void {
    const { minTasks = DEFAULTS.minTasks, maxTasks = DEFAULTS.maxTasks, tags } = this.props;
    scaleService(this, {
      clusterName: this.cluster.resource.name,
      serviceName: this.service.name,
      policyName: `${this.network.environmentName}-gateway-cpu`,
      minTasks,
      maxTasks,
      tags,
    });
  }

  private warn(): void {
    const annotations = Annotations.of(this);
    for (const warning of unpinnedImages(this.props)) annotations.addWarning(warning);
    if (this.policy.mode === 'observe')
      annotations.addWarning(
        'the policy is in mode observe: what it does not allow passes and is only logged; set mode: enforce.',
      );
  }
}

/** Envoy's part of a task's memory, in MiB: a quarter is left for the sidecar and what is not heap. A token is not known yet. */
function heapFor(memoryLimitMiB: number): number | undefined {
  return Token.isUnresolved(memoryLimitMiB) ? undefined : Math.floor(memoryLimitMiB * 0.75);
}
