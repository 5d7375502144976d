import { Construct } from 'constructs';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { withName, type Tags } from '../tags';
import { CANARY_METRICS } from './canary-metrics';
import { metricNamespace, type GatewayMetric } from './gateway-metrics';
import { REJECTED_METRIC } from './rejected-traffic-metric';

export interface EgressAlarmsProps {
  readonly environmentName: string;
  readonly topicArn: string;
  readonly logGroupName: string;
  /** Names in the policy. */
  readonly workloads: readonly string[];
  readonly clusterName: string;
  readonly serviceName: string;
  /** Per cent of all requests of five minutes. */
  readonly refusalRatePercent: number;
  /** Whether there is a log of rejected traffic. */
  readonly hasRejectedTraffic: boolean;
  /** Minutes between two runs. @default - there is no canary */
  readonly canaryMinutes?: number;
  readonly tags?: Tags;
}

/** Fewer requests than this in five minutes have no rate worth an alarm. */
const ENOUGH_REQUESTS = 20;
const FIVE_MINUTES = 300;
/** What Container Insights says of a service (Container Insights, "Amazon ECS metrics"). */
const INSIGHTS = 'ECS/ContainerInsights';

/** What one alarm says beside its name; the rest is the same for all. */
interface Alarm {
  readonly name: string;
  readonly says: string;
  readonly threshold?: number;
  readonly below?: boolean;
  readonly periodSeconds?: number;
  readonly statistic?: 'Sum' | 'Minimum';
  /** Of so many periods, so many. @default 1 of 1 */
  readonly datapoints?: readonly [number, number];
  /** Silence is trouble as well. @default false */
  readonly silenceIsBad?: boolean;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** Alarms of an environment; each description says what to do. */
export class EgressAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressAlarmsProps,
  ) {
    super(scope, id);
    for (const workload of props.workloads) this.onRefusal(workload);
    this.onRate();
    this.onTasks();
    this.onConfig();
    if (props.hasRejectedTraffic) this.onRejectedTraffic();
    if (props.canaryMinutes !== undefined) this.onCanary(props.canaryMinutes);
  }

  private onRefusal(workload: string): void {
    const command = `mcp-egress logs --log-group ${this.props.logGroupName} --denied --workload ${workload} --since 1h`;
    this.add<GatewayMetric>(`Refused-${workload}`, 'WorkloadRefusals', {
      name: `refused-${workload}`,
      says: `The gateway refused a request of ${workload}. What it was, and the line that would allow it: ${command}`,
      dimensions: { Workload: workload },
    });
  }

  private onRate(): void {
    const metric = (id: string, metricName: GatewayMetric) => this.query(id, this.namespace, metricName, 'Sum');
    this.addMath('RefusalRate', {
      name: 'refusal-rate',
      says: `The gateway refused more than ${this.props.refusalRatePercent} % of the requests of five minutes: a policy that misses a rule, or an agent that tries what it must not.`,
      threshold: this.props.refusalRatePercent,
      expression: `IF(requests >= ${ENOUGH_REQUESTS}, 100 * refusals / requests, 0)`,
      metrics: [metric('requests', 'Requests'), metric('refusals', 'Refusals')],
    });
  }

  private onTasks(): void {
    const { clusterName: ClusterName, serviceName: ServiceName } = this.props;
    const dimensions = { ClusterName, ServiceName };
    this.add('NoTask', 'RunningTaskCount', {
      name: 'gateway-down',
      says: 'No task of the gateway is healthy, so workloads reach nothing (never another way out). Look at the events of its ECS service.',
      namespace: INSIGHTS,
      dimensions,
      statistic: 'Minimum',
      threshold: 1,
      below: true,
      periodSeconds: 60,
      datapoints: [3, 3],
      silenceIsBad: true,
    });
    const metric = (id: string, name: string) => this.query(id, INSIGHTS, name, 'Minimum', dimensions, 60);
    this.addMath('TasksMissing', {
      name: 'gateway-unhealthy',
      says: 'For ten minutes the gateway has had fewer healthy tasks than it should. Look at the events of its ECS service and at its log.',
      threshold: 0,
      expression: 'desired - running',
      metrics: [metric('desired', 'DesiredTaskCount'), metric('running', 'RunningTaskCount')],
      datapoints: [10, 10],
    });
  }

  private onConfig(): void {
    this.add<GatewayMetric>('ConfigTrouble', 'ConfigTrouble', {
      name: 'policy-not-in-force',
      says: `The gateway cannot take the policy that was deployed and goes on with the old one. Lines with "layer":"sync" in ${this.props.logGroupName} say why.`,
      periodSeconds: 60,
      datapoints: [3, 5],
    });
  }

  private onRejectedTraffic(): void {
    this.add('RejectedTraffic', REJECTED_METRIC, {
      name: 'around-the-gateway',
      says: 'Something in an isolated subnet sent packets that no security group allows: it tries to get around the gateway, or does not know its proxy. The saved query "rejected traffic" says from which interface and whereto.',
    });
  }

  private onCanary(minutes: number): void {
    this.add('CanaryEscaped', CANARY_METRICS.escapes, {
      name: 'canary-escaped',
      says: 'The canary found a way out that must be closed. Its log says which one; stop the workloads until it is closed.',
    });
    this.add('CanaryBroken', CANARY_METRICS.broken, {
      name: 'canary-broken',
      says: 'The canary could not use the way that the policy allows. Its log says which answer it got.',
      periodSeconds: minutes * 60,
      datapoints: [2, 2],
    });
    this.add('CanarySilent', CANARY_METRICS.runs, {
      name: 'canary-silent',
      says: 'The canary has not come to its end for three times its interval. Look at the stopped tasks of its family, and at its rule.',
      periodSeconds: minutes * 60,
      datapoints: [3, 3],
      below: true,
      silenceIsBad: true,
    });
  }

  private get namespace(): string {
    return metricNamespace(this.props.environmentName);
  }

  private add<Name extends string>(id: string, metricName: Name, alarm: Alarm): void {
    new CloudwatchMetricAlarm(this, id, {
      ...this.common(alarm),
      namespace: alarm.namespace ?? this.namespace,
      metricName,
      statistic: alarm.statistic ?? 'Sum',
      period: alarm.periodSeconds ?? FIVE_MINUTES,
      ...(alarm.dimensions && { dimensions: { ...alarm.dimensions } }),
    });
  }

  private addMath(
    id: string,
    { expression, metrics, ...alarm }: Alarm & { expression: string; metrics: CloudwatchMetricAlarmMetricQuery[] },
  ): void {
    const result = { id: 'result', expression, label: alarm.name, returnData: true };
    new CloudwatchMetricAlarm(this, id, {
      ...this.common(alarm),
      comparisonOperator: 'GreaterThanThreshold',
      metricQuery: [result, ...metrics],
    });
  }

  private query(
    id: string,
    namespace: string,
    metricName: string,
    stat: string,
    dimensions: Readonly<Record<string, string>> = {},
    period = FIVE_MINUTES,
  ): CloudwatchMetricAlarmMetricQuery {
    return { id, returnData: false, metric: { namespace, metricName, stat, period, dimensions: { ...dimensions } } };
  }

  private common({ name, says, threshold = 1, below = false, datapoints = [1, 1], silenceIsBad = false }: Alarm) {
    const alarmName = `${this.props.environmentName}-${name}`;
    const [datapointsToAlarm, evaluationPeriods] = datapoints;
    return {
      alarmName,
      alarmDescription: says,
      comparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      threshold,
      datapointsToAlarm,
      evaluationPeriods,
      treatMissingData: silenceIsBad ? 'breaching' : 'notBreaching',
      alarmActions: [this.props.topicArn],
      okActions: [this.props.topicArn],
      tags: withName(this.props.tags, alarmName),
    };
  }
}
