import { Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AWS_SERVICES } from '../../lib/network';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import type { Tags } from './tags';
import { VpcEndpoints, type ExistingEndpoint } from './vpc-endpoints';

/** A VPC that is there already. Lists must be known at synth, one entry a zone; their entries may be tokens. */
export interface NetworkAttributes {
  /** The first part of the names of everything that is made in it. @default 'mcp-egress' */
  readonly environmentName?: string;
  readonly vpcId: string;
  /** Subnets without a route to the Internet or to other networks. */
  readonly isolatedSubnetIds: readonly string[];
  /** Subnets with a route to the Internet, for the gateway alone. */
  readonly egressSubnetIds: readonly string[];
  /** CIDRs of the egress subnets; no rule of the policy may lead there. @default - unknown */
  readonly gatewayCidrs?: readonly string[];
  /** Route tables of both kinds of subnet, for gateway endpoints that are made. Needed with `ownsVpc`. @default - none */
  readonly routeTableIds?: readonly string[];
  /** The egress subnets are public ones: the gateway's tasks get public addresses. @default false */
  readonly gatewayNeedsPublicIp?: boolean;
  /** The addresses of the NAT gateways, to be shown. @default - unknown */
  readonly egressAddresses?: readonly string[];
  /** Endpoints that are in it, by service id. @default - none */
  readonly existingEndpoints?: Readonly<Record<string, ExistingEndpoint>>;
  /**
   * Whether things that act on the whole VPC may be made: DNS Firewall, endpoints with private DNS.
   * @default false
   */
  readonly ownsVpc?: boolean;
  readonly tags?: Tags;
}

/** Made by {@link McpNetwork.fromNetworkAttributes}. */
export class ExistingNetwork extends Construct implements IMcpNetwork {
  readonly environmentName: string;
  readonly vpcId: string;
  readonly isolatedSubnetIds: readonly string[];
  readonly egressSubnetIds: readonly string[];
  readonly gatewayCidrs: readonly string[];
  readonly gatewayNeedsPublicIp: boolean;
  readonly egressAddresses: readonly string[];
  readonly ownsVpc: boolean;
  readonly endpoints: VpcEndpoints;
  readonly routes: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    const { environmentName = 'mcp-egress', ownsVpc = false, tags } = attributes;
    check(this, attributes, environmentName, ownsVpc);
    this.environmentName = environmentName;
    this.vpcId = attributes.vpcId;
    this.isolatedSubnetIds = attributes.isolatedSubnetIds;
    this.egressSubnetIds = attributes.egressSubnetIds;
    this.gatewayCidrs = (attributes.gatewayCidrs ?? []).filter((cidr) => !Token.isUnresolved(cidr));
    this.gatewayNeedsPublicIp = attributes.gatewayNeedsPublicIp ?? false;
    this.egressAddresses = attributes.egressAddresses ?? [];
    this.ownsVpc = ownsVpc;
    this.endpoints = new VpcEndpoints(this, 'Endpoints', {
      environmentName,
      vpcId: this.vpcId,
      subnetIds: this.isolatedSubnetIds,
      routeTableIds: attributes.routeTableIds ?? [],
      existing: attributes.existingEndpoints,
      create: ownsVpc,
      tags,
    });
  }
}

const LISTS = ['isolatedSubnetIds', 'egressSubnetIds', 'routeTableIds', 'gatewayCidrs', 'egressAddresses'] as const;

function check(scope: Construct, attributes: NetworkAttributes, environmentName: string, ownsVpc: boolean): void {
  const problems = new Problems(scope);
  problems.match(
    'environmentName',
    environmentName,
    /^(?!sg-)[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
    '2 to 24 lower case letters, digits and "-", beginning with a letter but not with "sg-", which EC2 keeps for ids',
  );
  problems.match('vpcId', attributes.vpcId, /^vpc-[0-9a-z]+$/, 'the id of a VPC (vpc-…)');
  for (const list of LISTS) {
    problems.check(
      !Token.isUnresolved(attributes[list]),
      `${list}: the list is not known at synth, so nobody can say how many there are; write it as a list of entries (each may be a token).`,
    );
  }
  for (const list of ['isolatedSubnetIds', 'egressSubnetIds'] as const) {
    const ids = attributes[list];
    if (Token.isUnresolved(ids)) continue;
    problems.check(ids.length > 0, `${list}: none given; name one subnet a zone.`);
    problems.check(ids.length <= 16, `${list}: ${ids.length} given; ECS takes 16 subnets at most.`);
  }
  checkEndpoints(problems, attributes.existingEndpoints ?? {});
  problems.check(
    !ownsVpc || (attributes.routeTableIds ?? []).length > 0,
    'routeTableIds: none given, but with ownsVpc the S3 gateway endpoint is made here and needs them.',
  );
  problems.throwIfAny();
}

/** What callers are let through to depends on the kind of endpoint; without it they would silently be let through to nothing. */
function checkEndpoints(problems: Problems, endpoints: Readonly<Record<string, ExistingEndpoint>>): void {
  const ids = AWS_SERVICES.map(({ id }) => id);
  for (const [id, { prefixListId, securityGroupId }] of Object.entries(endpoints)) {
    const service = AWS_SERVICES.find((each) => each.id === id);
    const gateway = service?.endpoint === 'Gateway';
    problems.check(
      service !== undefined,
      `existingEndpoints: ${JSON.stringify(id)} is not a service that is known here; use one of ${ids.join(', ')}.`,
    );
    problems.check(
      service === undefined || (gateway ? prefixListId : securityGroupId) !== undefined,
      gateway
        ? `existingEndpoints.${id}: is a gateway endpoint, so rules name its prefix list; give prefixListId (pl-…).`
        : `existingEndpoints.${id}: is an interface endpoint, so rules name its security group; give securityGroupId (sg-…).`,
    );
  }
}
