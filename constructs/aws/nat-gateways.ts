import { Construct } from 'constructs';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import type { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { withName, type Tags } from './tags';

/** How the gateway reaches the Internet. */
export type NatStrategy = 'onePerAz' | 'single' | 'none';

export interface NatGatewaysProps {
  readonly strategy: NatStrategy;
  /** One a zone. */
  readonly publicSubnetIds: readonly string[];
  readonly eipAllocationIds?: readonly string[];
  readonly internetGateway: InternetGateway;
  readonly environmentName: string;
  readonly tags?: Tags;
}

/** NAT gateways, with the addresses that allowed hosts see. */
export class NatGateways extends Construct {
  /** Of addresses made here or, where allocations were given, of the gateways that use them. */
  readonly publicIps: readonly string[];
  private readonly ids: readonly string[];

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const count = { onePerAz: props.publicSubnetIds.length, single: 1, none: 0 }[props.strategy];
    const made = props.publicSubnetIds.slice(0, count).map((subnetId, zone) => this.makeOne(subnetId, zone, props));
    this.ids = made.map(({ id: natId }) => natId);
    this.publicIps = made.map(({ publicIp }) => publicIp);
  }

  /** The NAT gateway for a zone, counted from 0. */
  readonly idForZone = (zone: number): string | undefined => this.ids[zone] ?? this.ids[0];

  private makeOne(subnetId: string, zone: number, props: NatGatewaysProps): { id: string; publicIp: string } {
    const number = zone + 1;
    const tags = withName(props.tags, `${props.environmentName}-nat-${number}`);
    const given = props.eipAllocationIds?.[zone];
    const allocationId = given ?? new Eip(this, `Eip${number}`, { domain: 'vpc', tags }).allocationId;
    const nat = new NatGateway(this, `Gateway${number}`, {
      subnetId,
      allocationId,
      connectivityType: 'public',
      dependsOn: [props.internetGateway],
      tags,
    });
    return { id: nat.id, publicIp: nat.publicIp };
  }
}
