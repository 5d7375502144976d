import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import type { EgressPolicy } from '../../lib/policy';
import type { Acceptance } from '../../lib/proof';
import { DnsFirewall } from './dns-firewall';
import type { EcsCluster } from './ecs-cluster';
import { EgressGateway } from './egress-gateway';
import { EgressMonitoring, type EgressMonitoringProps } from './egress-monitoring';
import { McpNetwork } from './mcp-network';
import { McpServer, type McpServerProps } from './mcp-server';
import type { NatStrategy } from './nat-gateways';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import { SealedValidation } from './sealed-validation';
import type { Tags } from './tags';
import type { Platform } from './task-definition';

/** One MCP server of a perimeter: what it runs; gateway and name come from the perimeter. */
export type PerimeterServer = Omit<McpServerProps, 'gateway' | 'workload'>;

/** What is said of the monitoring of a perimeter; its gateway comes from the perimeter. */
export type PerimeterMonitoring = Omit<EgressMonitoringProps, 'gateway'>;

export interface EgressPerimeterProps {
  readonly policy: EgressPolicy;
  /** MCP servers by their names in the policy. @default - none: workloads come by `gateway.admit` */
  readonly servers?: Readonly<Record<string, PerimeterServer>>;
  /** A network that is there already. @default - a new {@link McpNetwork} */
  readonly network?: IMcpNetwork;
  /** Of a new network: the first part of all names. @default 'mcp-egress' */
  readonly environmentName?: string;
  /** Of a new network. @default '10.64.0.0/16' */
  readonly cidr?: string;
  /** Of a new network. @default 2 */
  readonly zoneCount?: number;
  /** Of a new network. @default 'onePerAz' */
  readonly natStrategy?: NatStrategy;
  /** Of a new network: elastic IPs for its NAT gateways. @default - new ones */
  readonly eipAllocationIds?: readonly string[];
  /** Envoy. @default - {@link EgressGatewayProps.image} */
  readonly gatewayImage?: string;
  /** The sidecar that brings the configuration. @default - {@link EgressGatewayProps.syncImage} */
  readonly syncImage?: string;
  /** Of the gateway and, unless they say otherwise, of the servers. @default 'x86' */
  readonly platform?: Platform;
  /** Tasks of the gateway at least. @default 2 */
  readonly minTasks?: number;
  /** Tasks of the gateway at most. @default 6 */
  readonly maxTasks?: number;
  /** The cluster for all of it. @default - a new one */
  readonly cluster?: EcsCluster;
  /** Whether the VPC's resolver answers the policy's names alone. @default - true where the VPC is owned */
  readonly dnsFirewall?: boolean;
  /** Metrics, alarms, dashboard and saved queries; `false`: none. @default {} */
  readonly monitoring?: PerimeterMonitoring | false;
  /**
   * What synth does where the proof cannot tell whether there is another way out, because something is not in the app's stacks. A leak
   * always fails it.
   * @default 'fail'
   */
  readonly onUnproven?: 'fail' | 'warn';
  /** Broken claims of the proof that somebody answers for; they count only while no complete path out exists. @default - none */
  readonly accept?: readonly Acceptance[];
  /** Days that logs are kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Encrypts logs and the configuration; its policy must admit CloudWatch Logs. @default - keys that AWS owns */
  readonly kmsKeyArn?: string;
  /** For every role that is made. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** Props that make a new network, and so contradict one that is given. */
const NETWORK_PROPS = ['environmentName', 'cidr', 'zoneCount', 'natStrategy', 'eipAllocationIds'] as const;

/**
 * A complete, sealed environment from one policy: network, gateway, DNS Firewall, and the MCP servers in it. Every part is an attribute,
 * to be added to; a proof over all stacks of the app fails the synth that opens another way out.
 */
export class EgressPerimeter extends Construct {
  readonly network: IMcpNetwork;
  readonly gateway: EgressGateway;
  readonly dnsFirewall?: DnsFirewall;
  readonly monitoring?: EgressMonitoring;
  /** By name in the policy. */
  readonly servers: Readonly<Record<string, McpServer>>;

  constructor(scope: Construct, id: string, props: EgressPerimeterProps) {
    super(scope, id);
    check(this, props);
    const { policy, servers = {}, tags, logRetentionDays, kmsKeyArn, permissionsBoundary, platform } = props;
    const common = { tags, logRetentionDays, kmsKeyArn, permissionsBoundary };
    this.network = props.network ?? new McpNetwork(this, 'Network', props);
    this.gateway = new EgressGateway(this, 'Gateway', {
      ...common,
      network: this.network,
      policy,
      image: props.gatewayImage,
      syncImage: props.syncImage,
      platform,
      minTasks: props.minTasks,
      maxTasks: props.maxTasks,
      cluster: props.cluster,
    });
    this.servers = Object.fromEntries(
      Object.keys(servers)
        .sort()
        .map((name) => {
          const own = {
            ...common,
            platform,
            ...servers[name],
            gateway: this.gateway,
            workload: name,
          } as McpServerProps;
          return [name, new McpServer(this, name, own)];
        }),
    );
    if (props.dnsFirewall ?? this.network.ownsVpc) this.dnsFirewall = this.makeFirewall(props);
    if (props.monitoring !== false)
      this.monitoring = new EgressMonitoring(this, 'Monitoring', {
        ...common,
        ...props.monitoring,
        gateway: this.gateway,
      });
    this.warn(props);
    SealedValidation.addTo(this, { onUnproven: props.onUnproven ?? 'fail', accept: props.accept ?? [] });
  }

  /** The public addresses from which allowed hosts see the gateway; empty where they are not fixed. */
  get egressAddresses(): readonly string[] {
    return this.network.egressAddresses;
  }

  /** The gateway's name for clients in the VPC. */
  get gatewayName(): string {
    return this.gateway.gatewayName;
  }

  /** The proxy of each workload of the policy. */
  get proxyUrls(): Readonly<Record<string, string>> {
    const { workloads } = this.gateway.policy;
    return Object.fromEntries(workloads.map(({ name }) => [name, this.gateway.workload(name).proxyUrl]));
  }

  private makeFirewall({ policy, tags, logRetentionDays, kmsKeyArn }: EgressPerimeterProps): DnsFirewall {
    const { gateway, network } = this;
    return new DnsFirewall(this, 'DnsFirewall', {
      network,
      policy,
      names: () => [...gateway.namespace.dnsNames, ...gateway.registryNames],
      tags,
      logRetentionDays,
      kmsKeyArn,
    });
  }

  private warn({ network, dnsFirewall }: EgressPerimeterProps): void {
    const annotations = Annotations.of(this);
    if (network?.ownsVpc === false && dnsFirewall === undefined)
      annotations.addWarning(
        'the VPC is not owned (ownsVpc), so DNS Firewall is not made: its owner has to let the resolver answer the names of the policy alone, or every workload can send data out in DNS questions.',
      );
  }
}

function check(scope: Construct, props: EgressPerimeterProps): void {
  const problems = new Problems(scope);
  for (const prop of NETWORK_PROPS)
    problems.check(
      props.network === undefined || props[prop] === undefined,
      `${prop}: says how to make a network, but network gives one; leave one of them out.`,
    );
  const known = props.policy.workloads.map(({ name }) => name);
  for (const name of Object.keys(props.servers ?? {}))
    problems.check(
      known.includes(name),
      `servers: ${JSON.stringify(name)} is not in the policy (it has: ${known.join(', ') || 'none'}); add it there with a port, or use one of these names.`,
    );
  problems.throwIfAny();
}
