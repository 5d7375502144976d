import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { EcsCapacityProvider } from '@cdktf/provider-aws/lib/ecs-capacity-provider';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { containerAgent, endpointsForLaunchType } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import type { Connections } from './connections';
import type { IEc2Capacity } from './ec2-capacity-interface';
import { CAPACITY_DEFAULTS, checkCapacity, type Ec2CapacityProps } from './ec2-capacity-props';
import type { EcsCluster } from './ecs-cluster';
import { hostUserData } from './host-user-data';
import type { IMcpNetwork } from './network';
import { RoleSecurityGroup } from './role-security-group';
import { inSameStack } from './same-stack';
import { ServiceRole } from './service-role';
import { withName } from './tags';
import type { Platform } from './task-definition';

export type { Ec2CapacityProps } from './ec2-capacity-props';

/** Where AWS names the newest image (ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata"). */
const IMAGE_PARAMETERS: Readonly<Record<Platform, string>> = {
  x86: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  arm64: '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
};

/**
 * EC2 instances in isolated subnets on which MCP servers run in place of Fargate. Hosts reach endpoints and nothing else: not the gateway,
 * not the workloads. Tasks keep their own interface and group; they get neither privileges nor the host's credentials.
 *
 * Tasks of several workloads share a host, so its kernel stands between them; where that is not enough, give each its own capacity and
 * cluster, or use Fargate. See `instanceType` for how many fit.
 */
export class Ec2Capacity extends Construct implements IEc2Capacity {
  readonly cluster: EcsCluster;
  readonly platform: Platform;
  readonly capacityProviderName: string;
  readonly securityGroup: RoleSecurityGroup;
  readonly connections: Connections;
  /** The role of the hosts: the agent's work on this cluster and nothing else. */
  readonly instanceRole: ServiceRole;
  readonly launchTemplate: LaunchTemplate;
  readonly autoScalingGroup: AutoscalingGroup;
  readonly capacityProvider: EcsCapacityProvider;
  private readonly network: IMcpNetwork;
  private readonly name: string;
  private readonly association: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Ec2CapacityProps,
  ) {
    super(scope, id);
    const { network, cluster } = props;
    this.name = `${network.environmentName}-${props.capacityName ?? CAPACITY_DEFAULTS.capacityName}`;
    checkCapacity(this, props, this.name);
    this.network = network;
    this.cluster = cluster;
    this.platform = props.platform ?? CAPACITY_DEFAULTS.platform;
    this.securityGroup = this.makeGroup();
    this.connections = this.securityGroup.connections;
    this.instanceRole = this.makeRole();
    this.openAgent();
    this.launchTemplate = this.makeTemplate();
    this.autoScalingGroup = this.makeInstances();
    this.capacityProvider = this.makeProvider();
    this.capacityProviderName = this.capacityProvider.name;
    this.association = cluster.addCapacityProvider(this.capacityProviderName);
  }

  get dependables(): readonly ITerraformDependable[] {
    return [this.association, ...this.connections.dependables];
  }

  private makeGroup(): RoleSecurityGroup {
    return new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId: this.network.vpcId,
      role: 'host',
      groupName: this.name,
      peerName: this.props.capacityName ?? CAPACITY_DEFAULTS.capacityName,
      description: 'Container hosts: out to the endpoints that the agent needs, nothing in',
      tags: this.props.tags,
    });
  }

  private makeRole(): ServiceRole {
    const { permissionsBoundary, tags } = this.props;
    const roleName = `${this.name}-instance`;
    const role = new ServiceRole(this, 'InstanceRole', {
      roleName,
      service: 'ec2.amazonaws.com',
      permissionsBoundary,
      tags,
    });
    role.grant(containerAgent(AwsFacts.of(this), this.cluster.clusterName));
    return role;
  }

  /** What pulls and secrets need is opened for each service, by `McpServer`. */
  private openAgent(): void {
    const { endpoints } = this.network;
    const { clusterName } = this.cluster;
    const ofTasks = endpointsForLaunchType('FARGATE');
    for (const service of endpointsForLaunchType('EC2').filter((each) => !ofTasks.includes(each)))
      endpoints.grant(service, this, (facts) => (service === 'ecs' ? containerAgent(facts, clusterName) : []));
  }

  private makeTemplate(): LaunchTemplate {
    const { props, platform } = this;
    const tags = withName(props.tags, this.name);
    const profile = new IamInstanceProfile(this, 'InstanceProfile', {
      name: this.name,
      role: this.instanceRole.resource.name,
      tags,
    });
    return new LaunchTemplate(this, 'LaunchTemplate', {
      name: this.name,
      imageId: props.imageId ?? this.newestImage(),
      instanceType: props.instanceType ?? CAPACITY_DEFAULTS.instanceType[platform],
      iamInstanceProfile: { arn: profile.arn },
      // One hop: a container in a bridge network is two away.
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: 'disabled',
      },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: props.volumeGiB ?? CAPACITY_DEFAULTS.volumeGiB,
            encrypted: 'true',
            deleteOnTermination: 'true',
            ...(props.kmsKeyArn !== undefined && { kmsKeyId: props.kmsKeyArn }),
          },
        },
      ],
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: 'false',
          deleteOnTermination: 'true',
          securityGroups: [this.securityGroup.securityGroupId],
        },
      ],
      userData: hostUserData(this.cluster.clusterName),
      tagSpecifications: [{ resourceType: 'volume', tags }],
      tags,
    });
  }

  private newestImage(): string {
    const name = IMAGE_PARAMETERS[this.platform];
    // The other attribute, `value`, is a secret to Terraform, which would hide the image in every plan.
    return new DataAwsSsmParameter(this, 'Image', { name }).insecureValue;
  }

  private makeInstances(): AutoscalingGroup {
    const { props, network, launchTemplate } = this;
    // ECS sets AmazonECSManaged itself; named here, so that Terraform does not take it away (ECS API Reference, AutoScalingGroupProvider).
    const tags = { ...withName(props.tags, this.name), AmazonECSManaged: 'true' };
    return new AutoscalingGroup(this, 'Instances', {
      name: this.name,
      minSize: props.minInstances ?? CAPACITY_DEFAULTS.minInstances,
      maxSize: props.maxInstances ?? CAPACITY_DEFAULTS.maxInstances,
      vpcZoneIdentifier: [...network.isolatedSubnetIds],
      launchTemplate: { id: launchTemplate.id, version: launchTemplate.getStringAttribute('latest_version') },
      protectFromScaleIn: true,
      tag: Object.entries(tags)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      // ECS changes it.
      lifecycle: { ignoreChanges: ['desired_capacity'] },
      // A host that starts before its endpoints are there would not find its cluster.
      dependsOn: inSameStack(this, [
        ...network.routes,
        ...network.endpoints.dependables,
        ...this.connections.dependables,
        ...this.instanceRole.dependables,
        this.cluster.resource,
      ]),
    });
  }

  private makeProvider(): EcsCapacityProvider {
    return new EcsCapacityProvider(this, 'CapacityProvider', {
      name: this.name,
      autoScalingGroupProvider: {
        autoScalingGroupArn: this.autoScalingGroup.arn,
        managedTerminationProtection: 'ENABLED',
        managedScaling: { status: 'ENABLED', targetCapacity: 100 },
      },
      tags: withName(this.props.tags, this.name),
    });
  }
}
