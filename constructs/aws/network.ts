import type { ITerraformDependable } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { LogGroup } from './log-group';
import type { VpcEndpoints } from './vpc-endpoints';

/** A VPC in which workloads and the gateway live: made by {@link McpNetwork}, or there already. */
export interface IMcpNetwork extends IConstruct {
  /** The environment's name: the first part of the names of everything in it. */
  readonly environmentName: string;
  readonly vpcId: string;
  /** Subnets without a route to the Internet, for workloads, container hosts and endpoints; one a zone. */
  readonly isolatedSubnetIds: readonly string[];
  /** Subnets of the gateway, with a route to the Internet; one a zone. */
  readonly egressSubnetIds: readonly string[];
  /** CIDRs of those subnets, as far as they are known at synth: no rule may lead there. */
  readonly gatewayCidrs: readonly string[];
  /** Whether the gateway's tasks need public addresses, because there is no NAT gateway in front of them. */
  readonly gatewayNeedsPublicIp: boolean;
  /** The public addresses from which allowed hosts see the gateway; empty where they are not fixed. */
  readonly egressAddresses: readonly string[];
  /** Whether things that act on the whole VPC (DNS Firewall, private DNS of endpoints) may be made. */
  readonly ownsVpc: boolean;
  /** Private ways to AWS services, made when they are first asked for. */
  readonly endpoints: VpcEndpoints;
  /** Of the flow log of what security groups refuse; undefined where none is made here. */
  readonly rejectedLogGroup?: LogGroup;
  /** What has to be there before a task in it can start. */
  readonly routes: readonly ITerraformDependable[];
}
