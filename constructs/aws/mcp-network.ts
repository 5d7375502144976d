import { propertyAccess, Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DefaultRouteTable } from '@cdktf/provider-aws/lib/default-route-table';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { planSubnets, type SubnetPlan } from '../../lib/network';
import { ExistingNetwork, type NetworkAttributes } from './existing-network';
import type { LogGroup } from './log-group';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import { RejectedFlowLog } from './rejected-flow-log';
import { SubnetTier } from './subnet-tier';
import { NatGateways, type NatStrategy } from './nat-gateways';
import { withName, type Tags } from './tags';
import { VpcEndpoints } from './vpc-endpoints';

export interface McpNetworkProps {
  /** The first part of the names of everything in it: lower case letters, digits and `-`, at most 24. @default 'mcp-egress' */
  readonly environmentName?: string;
  /** Of the VPC: /16 to /23, private. @default '10.64.0.0/16' */
  readonly cidr?: string;
  /** Availability zones, 1 to 6; two or more for a gateway that survives the loss of one. @default 2 */
  readonly zoneCount?: number;
  /** Names of the zones. @default - the first `zoneCount` that the region offers without an opt-in */
  readonly zoneNames?: readonly string[];
  /**
   * How the gateway reaches the Internet: a NAT gateway in each zone; one for all, whose zone is then a single point of failure; or none,
   * with the gateway's tasks in public subnets under changing addresses.
   * @default 'onePerAz'
   */
  readonly natStrategy?: NatStrategy;
  /** Allocation ids of elastic IPs for the NAT gateways, so that the addresses outlive the network. @default - new ones */
  readonly eipAllocationIds?: readonly string[];
  /** Days that the log of rejected traffic is kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Encrypts logs; its policy must admit CloudWatch Logs. @default - a key that AWS owns */
  readonly kmsKeyArn?: string;
  /** For the roles that are made. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/**
 * A VPC whose workloads have no route out: isolated subnets for them, egress subnets for the gateway alone, public subnets for NAT
 * gateways. The main route table and the default security group let nothing through, so that what is added by hand is sealed as well.
 * There is no IPv6.
 */
export class McpNetwork extends Construct implements IMcpNetwork {
  readonly environmentName: string;
  readonly resource: Vpc;
  readonly vpcId: string;
  readonly isolatedSubnetIds: readonly string[];
  readonly egressSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  readonly gatewayCidrs: readonly string[];
  readonly gatewayNeedsPublicIp: boolean;
  readonly egressAddresses: readonly string[];
  readonly ownsVpc = true;
  readonly endpoints: VpcEndpoints;
  readonly routes: readonly ITerraformDependable[];
  readonly rejectedLogGroup: LogGroup;
  /** The CIDRs of all subnets. */
  readonly plan: SubnetPlan;

  constructor(scope: Construct, id: string, props: McpNetworkProps = {}) {
    super(scope, id);
    const { environmentName = 'mcp-egress', natStrategy = 'onePerAz', tags } = props;
    const zoneCount = props.zoneNames?.length ?? props.zoneCount ?? 2;
    this.plan = checkProps(this, props, environmentName, zoneCount, natStrategy);
    this.environmentName = environmentName;
    this.resource = this.makeVpc(props.cidr ?? DEFAULT_CIDR, tags);
    this.vpcId = this.resource.id;
    const internet = new InternetGateway(this, 'InternetGateway', {
      vpcId: this.vpcId,
      tags: withName(tags, environmentName),
    });
    const zones = this.zones(zoneCount, props.zoneNames);
    const tier = { vpcId: this.vpcId, zones, zonesMayChange: !props.zoneNames, environmentName, tags };
    const publicTier = new SubnetTier(this, 'Public', { ...tier, tier: 'public', cidrs: this.plan.public });
    const egress = new SubnetTier(this, 'Egress', { ...tier, tier: 'egress', cidrs: this.plan.egress });
    const isolated = new SubnetTier(this, 'Isolated', { ...tier, tier: 'isolated', cidrs: this.plan.isolated });
    publicTier.routeToInternet(internet);
    const nat = new NatGateways(this, 'Nat', {
      strategy: natStrategy,
      publicSubnetIds: publicTier.subnetIds,
      eipAllocationIds: props.eipAllocationIds,
      internetGateway: internet,
      environmentName,
      tags,
    });
    egress.routeToNat(nat.idForZone);
    this.isolatedSubnetIds = isolated.subnetIds;
    this.publicSubnetIds = publicTier.subnetIds;
    this.gatewayNeedsPublicIp = natStrategy === 'none';
    this.egressSubnetIds = this.gatewayNeedsPublicIp ? publicTier.subnetIds : egress.subnetIds;
    this.gatewayCidrs = this.gatewayNeedsPublicIp ? this.plan.public : this.plan.egress;
    this.egressAddresses = nat.publicIps;
    this.routes = [...publicTier.dependables, ...egress.dependables, ...isolated.dependables];
    this.endpoints = new VpcEndpoints(this, 'Endpoints', {
      environmentName,
      vpcId: this.vpcId,
      subnetIds: isolated.subnetIds,
      routeTableIds: [...isolated.routeTableIds, ...(this.gatewayNeedsPublicIp ? publicTier : egress).routeTableIds],
      create: true,
      tags,
    });
    const log = new RejectedFlowLog(this, 'FlowLog', { ...props, vpcId: this.vpcId, environmentName });
    this.rejectedLogGroup = log.logGroup;
  }

  /**
   * A VPC that is there already. Nothing in it is made that acts on all of it, unless `ownsVpc` is true; what its owner has to provide
   * is said in one error.
   * @throws {PropsError}
   */
  static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): IMcpNetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  private makeVpc(cidrBlock: string, tags: Tags | undefined): Vpc {
    const vpc = new Vpc(this, 'Resource', {
      cidrBlock,
      // Both are needed for the private DNS of endpoints.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: false,
      tags: withName(tags, this.environmentName),
    });
    const name = `${this.environmentName}-default-unused`;
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', { vpcId: vpc.id, tags: withName(tags, name) });
    new DefaultRouteTable(this, 'DefaultRouteTable', {
      defaultRouteTableId: vpc.defaultRouteTableId,
      route: [],
      tags: withName(tags, name),
    });
    return vpc;
  }

  private zones(count: number, names: readonly string[] | undefined): readonly string[] {
    if (names) return names;
    const offered = new DataAwsAvailabilityZones(this, 'Zones', {
      state: 'available',
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    });
    // By index and not by `element`, which begins anew where a region has fewer zones.
    return Array.from({ length: count }, (_, index) => Token.asString(propertyAccess(offered.names, [index])));
  }
}

const DEFAULT_CIDR = '10.64.0.0/16';

function checkProps(
  scope: Construct,
  props: McpNetworkProps,
  environmentName: string,
  zoneCount: number,
  natStrategy: NatStrategy,
): SubnetPlan {
  const problems = new Problems(scope);
  problems.check(
    props.zoneNames === undefined || props.zoneCount === undefined || props.zoneCount === zoneCount,
    `zoneCount: ${props.zoneCount} is not the number of zoneNames, ${zoneCount}; leave it out.`,
  );
  problems.match('environmentName', environmentName, /^(?!sg-)[a-z][a-z0-9-]{0,22}[a-z0-9]$/, ENVIRONMENT_NAME);
  const addresses = { onePerAz: zoneCount, single: 1, none: 0 }[natStrategy];
  const given = props.eipAllocationIds?.length;
  problems.check(
    given === undefined || given === addresses,
    `eipAllocationIds: ${given} given, but natStrategy "${natStrategy}" with ${zoneCount} zone(s) takes ${addresses}.`,
  );
  problems.check(
    props.zoneNames === undefined || new Set(props.zoneNames).size === zoneCount,
    `zoneNames: ${JSON.stringify(props.zoneNames)} names a zone twice.`,
  );
  let plan: SubnetPlan = { public: [], egress: [], isolated: [] };
  try {
    plan = planSubnets({ cidr: props.cidr ?? DEFAULT_CIDR, zoneCount });
  } catch (error) {
    for (const problem of (error as { problems?: readonly string[] }).problems ?? [(error as Error).message])
      problems.check(false, problem);
  }
  problems.throwIfAny();
  return plan;
}

/** What is allowed as a name of an environment. */
const ENVIRONMENT_NAME =
  '2 to 24 lower case letters, digits and "-", beginning with a letter but not with "sg-", which EC2 keeps for ids';
