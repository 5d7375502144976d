import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { withName, type Tags } from './tags';

export interface SubnetTierProps {
  readonly vpcId: string;
  readonly environmentName: string;
  readonly tier: 'public' | 'egress' | 'isolated';
  /** One a zone. */
  readonly cidrs: readonly string[];
  readonly zones: readonly string[];
  /** The list may come out otherwise another day, when the region has a new zone: subnets stay where they were made. */
  readonly zonesMayChange: boolean;
  readonly tags?: Tags;
}

/** The subnets of one kind, each with a route table of its own that leads nowhere until it is told to. */
export class SubnetTier extends Construct {
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  private readonly associations: RouteTableAssociation[] = [];
  private readonly routes: Route[] = [];

  constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    const made = props.cidrs.map((cidr, zone) => this.makeZone(cidr, zone, props));
    this.subnetIds = made.map(({ subnetId }) => subnetId);
    this.routeTableIds = made.map(({ routeTableId }) => routeTableId);
  }

  get dependables(): readonly ITerraformDependable[] {
    return [...this.associations, ...this.routes];
  }

  routeToInternet(gateway: InternetGateway): void {
    this.routeTableIds.forEach((routeTableId, zone) => {
      const route = { routeTableId, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id };
      this.routes.push(new Route(this, `Internet${zone + 1}`, route));
    });
  }

  /** @param idForZone the NAT gateway of a zone, counted from 0; undefined where there is none */
  routeToNat(idForZone: (zone: number) => string | undefined): void {
    this.routeTableIds.forEach((routeTableId, zone) => {
      const natGatewayId = idForZone(zone);
      if (natGatewayId === undefined) return;
      this.routes.push(
        new Route(this, `Nat${zone + 1}`, { routeTableId, destinationCidrBlock: '0.0.0.0/0', natGatewayId }),
      );
    });
  }

  private makeZone(cidrBlock: string, zone: number, props: SubnetTierProps) {
    const { vpcId, tags } = props;
    const number = zone + 1;
    const name = `${props.environmentName}-${props.tier}-${number}`;
    const subnet = new Subnet(this, `Subnet${number}`, {
      vpcId,
      cidrBlock,
      availabilityZone: props.zones[zone],
      mapPublicIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      tags: withName(tags, name),
      ...(props.zonesMayChange && { lifecycle: { ignoreChanges: ['availability_zone'] } }),
    });
    const table = new RouteTable(this, `RouteTable${number}`, { vpcId, tags: withName(tags, name) });
    const subnetId = subnet.id;
    const routeTableId = table.id;
    this.associations.push(new RouteTableAssociation(this, `Association${number}`, { subnetId, routeTableId }));
    return { subnetId, routeTableId };
  }
}
