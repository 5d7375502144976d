import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DefaultRouteTable } from '@cdktf/provider-aws/lib/default-route-table';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { EgressPolicy } from 'cdktf-mcp-egress';
import { DnsFirewall, McpNetwork, TAG, type ExistingEndpoint } from 'cdktf-mcp-egress/aws';

const REGION = 'eu-central-1';
const ZONES = ['eu-central-1a', 'eu-central-1b'];
const INTERFACES = ['ecr.api', 'ecr.dkr', 'logs'];

/** A VPC as a platform team keeps it: made without our network construct, with what its tenants need. */
export class VpcStack extends TerraformStack {
  readonly vpcId: string;
  readonly isolatedSubnetIds: string[] = [];
  readonly egressSubnetIds: string[] = [];
  readonly endpoints: Record<string, ExistingEndpoint> = {};
  private readonly routeTableIds: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly policy: EgressPolicy,
  ) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: REGION });
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: '10.20.0.0/16',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: 'platform' },
    });
    this.vpcId = vpc.id;
    new DefaultSecurityGroup(this, 'default-group', { vpcId: vpc.id });
    new DefaultRouteTable(this, 'main-table', { defaultRouteTableId: vpc.defaultRouteTableId, route: [] });
    const internet = new InternetGateway(this, 'internet', { vpcId: vpc.id });
    ZONES.forEach((zone, index) => this.makeZone(zone, index, internet));
    this.makeEndpoints();
    this.makeFirewall();
  }

  private makeZone(zone: string, index: number, internet: InternetGateway): void {
    const front = this.makeSubnet(`public-${index}`, zone, `10.20.${index}.0/24`);
    this.route(`public-${index}-internet`, front.routeTableId, { gatewayId: internet.id });
    const eip = new Eip(this, `eip-${index}`, { domain: 'vpc' });
    const nat = new NatGateway(this, `nat-${index}`, { subnetId: front.subnetId, allocationId: eip.allocationId });
    const egress = this.makeSubnet(`egress-${index}`, zone, `10.20.${10 + index}.0/24`);
    this.route(`egress-${index}-nat`, egress.routeTableId, { natGatewayId: nat.id });
    const isolated = this.makeSubnet(`isolated-${index}`, zone, `10.20.${20 + index}.0/24`);
    this.egressSubnetIds.push(egress.subnetId);
    this.isolatedSubnetIds.push(isolated.subnetId);
    this.routeTableIds.push(egress.routeTableId, isolated.routeTableId);
  }

  private makeSubnet(name: string, availabilityZone: string, cidrBlock: string) {
    const { vpcId } = this;
    const subnet = new Subnet(this, name, { vpcId, cidrBlock, availabilityZone, tags: { Name: name } });
    const table = new RouteTable(this, `${name}-table`, { vpcId, tags: { Name: name } });
    new RouteTableAssociation(this, `${name}-association`, { subnetId: subnet.id, routeTableId: table.id });
    return { subnetId: subnet.id, routeTableId: table.id };
  }

  private route(id: string, routeTableId: string, target: { gatewayId?: string; natGatewayId?: string }): void {
    new Route(this, id, { routeTableId, destinationCidrBlock: '0.0.0.0/0', ...target });
  }

  /** Whoever uses them, and what they reach, is of this account; image layers come from a bucket of ECR's own. */
  private makeEndpoints(): void {
    const { accountId } = new DataAwsCallerIdentity(this, 'caller');
    const ours = { 'aws:PrincipalAccount': accountId, 'aws:ResourceAccount': accountId };
    const withinAccount = {
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: ours },
    };
    const login = {
      ...withinAccount,
      Action: 'ecr:GetAuthorizationToken',
      Condition: { StringEquals: { 'aws:PrincipalAccount': accountId } },
    };
    const layers = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/*`,
    };
    const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
    for (const service of INTERFACES) {
      const group = new SecurityGroup(this, `${service}-group`, {
        vpcId: this.vpcId,
        description: `Who may use ${service}`,
        tags: { Name: `platform-${service}`, [TAG.role]: 'endpoint' },
      });
      new VpcEndpoint(this, `${service}-endpoint`, {
        vpcId: this.vpcId,
        serviceName: `com.amazonaws.${REGION}.${service}`,
        vpcEndpointType: 'Interface',
        subnetIds: this.isolatedSubnetIds,
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        policy: service.startsWith('ecr') ? policy(withinAccount, login) : policy(withinAccount),
      });
      this.endpoints[service] = { securityGroupId: group.id };
    }
    const s3 = new VpcEndpoint(this, 's3-endpoint', {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${REGION}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: this.routeTableIds,
      policy: policy(withinAccount, layers),
    });
    this.endpoints.s3 = { prefixListId: s3.prefixListId, vpcEndpointId: s3.id };
  }

  /** The VPC is this team's, so what binds all of it is made here, for the policy of its tenant. */
  private makeFirewall(): void {
    const network = McpNetwork.fromNetworkAttributes(this, 'owned', {
      environmentName: 'platform',
      vpcId: this.vpcId,
      isolatedSubnetIds: this.isolatedSubnetIds,
      egressSubnetIds: this.egressSubnetIds,
      routeTableIds: this.routeTableIds,
      existingEndpoints: this.endpoints,
      ownsVpc: true,
    });
    new DnsFirewall(this, 'dns-firewall', {
      network,
      policy: this.policy,
      names: () => [...AWS_NAMES, ...TENANT_NAMES],
    });
  }
}

/** By these names the endpoints are called. */
const AWS_NAMES = ['api.ecr', 'logs', 's3', `prod-${REGION}-starport-layer-bucket.s3`, '123456789012.dkr.ecr'].map(
  (name) => `${name}.${REGION}.amazonaws.com`,
);
/** What the tenant calls inside, and the bucket of its gateway's configuration. */
const TENANT_NAMES = [
  'gateway.reports.internal',
  'ticket-search.reports.internal',
  `reports-config-123456789012-${REGION}.s3.${REGION}.amazonaws.com`,
];
