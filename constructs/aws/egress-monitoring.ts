import { Construct } from 'constructs';
import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Token } from 'cdktf';
import { AwsFacts } from './aws-facts';
import type { EgressGateway } from './egress-gateway';
import { AlarmTopic } from './monitoring/alarm-topic';
import { dashboardBody } from './monitoring/dashboard';
import { EgressAlarms } from './monitoring/egress-alarms';
import { EgressCanary, type CanaryProps } from './monitoring/egress-canary';
import { GatewayMetrics } from './monitoring/gateway-metrics';
import { countRejectedTraffic } from './monitoring/rejected-traffic-metric';
import { saveQueries } from './monitoring/saved-queries';
import type { IMcpNetwork } from './network';
import { Problems } from './problems';
import type { Tags } from './tags';

export interface EgressMonitoringProps {
  readonly gateway: EgressGateway;
  /** A topic for the alarms; if it is encrypted, its key's policy must admit `cloudwatch.amazonaws.com`. @default - a new one */
  readonly topicArn?: string;
  /** Who is told by e-mail; each address has to confirm. Of a new topic. @default - nobody */
  readonly emailAddresses?: readonly string[];
  /** Encrypts a new topic; its policy must admit `cloudwatch.amazonaws.com`. @default - a new key */
  readonly topicKmsKeyArn?: string;
  /** Per cent of the requests of five minutes that may be refused without an alarm, 1 to 100. @default 20 */
  readonly refusalRatePercent?: number;
  /** A small task that tries, again and again, ways out that must be closed. @default - none */
  readonly canary?: CanaryProps;
  /** Days that the canary's log is kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Encrypts the canary's log; its policy must admit CloudWatch Logs. @default - a key that AWS owns */
  readonly kmsKeyArn?: string;
  /** For the roles that are made. */
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

const DEFAULT_REFUSAL_RATE = 20;

/**
 * What operators look at: metrics and saved queries over the gateway's log, alarms by SNS, a dashboard; and, if asked for, a canary. Logs
 * are those of the gateway and of the network.
 */
export class EgressMonitoring extends Construct {
  /** CloudWatch's name for the place of the metrics: `McpEgress/<environment>`. */
  readonly metricNamespace: string;
  /** Where alarms are published. */
  readonly topicArn: string;
  readonly dashboard: CloudwatchDashboard;
  readonly canary?: EgressCanary;

  constructor(scope: Construct, id: string, props: EgressMonitoringProps) {
    super(scope, id);
    check(this, props);
    const { gateway } = props;
    const { environmentName } = gateway.network;
    const { logGroup } = gateway.task;
    this.metricNamespace = new GatewayMetrics(this, 'Metrics', { environmentName, logGroup }).namespace;
    this.countRejected(gateway.network);
    this.topicArn = props.topicArn ?? this.makeTopic(props, environmentName);
    if (props.canary) this.canary = new EgressCanary(this, 'Canary', { ...props, ...props.canary });
    const watched = {
      environmentName,
      logGroupName: logGroup.logGroupName,
      clusterName: gateway.cluster.clusterName,
      serviceName: gateway.service.name,
      hasRejectedTraffic: gateway.network.rejectedLogGroup !== undefined,
    };
    new EgressAlarms(this, 'Alarms', {
      ...watched,
      topicArn: this.topicArn,
      workloads: gateway.policy.workloads.map(({ name }) => name),
      refusalRatePercent: props.refusalRatePercent ?? DEFAULT_REFUSAL_RATE,
      canaryMinutes: this.canary?.everyMinutes,
      tags: props.tags,
    });
    saveQueries(this, environmentName, { gateway: logGroup, rejected: gateway.network.rejectedLogGroup });
    const body = { ...watched, region: AwsFacts.of(this).region, hasCanary: this.canary !== undefined };
    this.dashboard = new CloudwatchDashboard(this, 'Dashboard', {
      dashboardName: environmentName,
      dashboardBody: dashboardBody(body),
    });
  }

  private countRejected({ environmentName, isolatedSubnetIds, rejectedLogGroup: logGroup }: IMcpNetwork): void {
    if (logGroup) countRejectedTraffic(this, 'RejectedTraffic', { environmentName, logGroup, isolatedSubnetIds });
  }

  private makeTopic({ emailAddresses, topicKmsKeyArn, tags }: EgressMonitoringProps, environmentName: string): string {
    const topicName = `${environmentName}-alarms`;
    return new AlarmTopic(this, 'Topic', { topicName, emailAddresses, kmsKeyArn: topicKmsKeyArn, tags }).topicArn;
  }
}

function check(scope: Construct, props: EgressMonitoringProps): void {
  const problems = new Problems(scope);
  problems.range('refusalRatePercent', props.refusalRatePercent, 1, 100);
  for (const prop of ['emailAddresses', 'topicKmsKeyArn'] as const)
    problems.check(
      props.topicArn === undefined || props[prop] === undefined,
      `${prop}: says how to make a topic, but topicArn gives one; leave one of them out.`,
    );
  for (const address of props.emailAddresses ?? [])
    problems.check(
      Token.isUnresolved(address) || /^[^\s@]+@[^\s@]+$/.test(address),
      `emailAddresses: ${JSON.stringify(address)} is not an e-mail address; write one like "team@example.com".`,
    );
  problems.throwIfAny();
}
