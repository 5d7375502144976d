import { Construct } from 'constructs';
import {
  CloudwatchLogMetricFilter,
  type CloudwatchLogMetricFilterMetricTransformation,
} from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { LogGroup } from '../log-group';
import { inSameStack } from '../same-stack';

export interface GatewayMetricsProps {
  readonly environmentName: string;
  /** Of the gateway's containers. */
  readonly logGroup: LogGroup;
}

/** Lines that carry a decision; the line `pending` of a CONNECT is no decision, its tunnel's line is. */
const DECIDED = '($.decision = "allowed") || ($.decision = "denied") || ($.decision = "would_deny")';
const REFUSED = '($.decision = "denied") || ($.decision = "would_deny")';
/** Events of the sidecar after which the policy in force is the one that was deployed. */
const IN_ORDER = ['applied', 'resumed', 'put_back'].map((event) => `($.event != "${event}")`).join(' && ');

/** CloudWatch takes a default value only where there are no dimensions (`PutMetricFilter`, `MetricTransformation`). */
const COUNT = { value: '1', defaultValue: '0', unit: 'Count' } as const;
/** Names of dimensions and fields of the log that fill them; all are words of the policy or of ours, never a client's. */
const BY_WORKLOAD = { Workload: '$.workload' } as const;

/** What the metrics are, by their names in CloudWatch. */
const METRICS = {
  Requests: { pattern: DECIDED, ...COUNT },
  Refusals: { pattern: REFUSED, ...COUNT },
  Decisions: {
    pattern: DECIDED,
    value: '1',
    unit: 'Count',
    dimensions: { ...BY_WORKLOAD, Decision: '$.decision', Reason: '$.reason' },
  },
  WorkloadRefusals: { pattern: REFUSED, value: '1', unit: 'Count', dimensions: BY_WORKLOAD },
  Tunnels: { pattern: '($.layer = "tunnel") && ($.decision = "allowed")', ...COUNT },
  RequestDuration: {
    pattern: '($.layer = "request") && ($.decision = "allowed") && ($.method != "CONNECT")',
    value: '$.duration_ms',
    unit: 'Milliseconds',
  },
  BytesFromWorkloads: {
    pattern: '$.decision = "allowed"',
    value: '$.bytes_received',
    unit: 'Bytes',
    dimensions: BY_WORKLOAD,
  },
  BytesToWorkloads: {
    pattern: '$.decision = "allowed"',
    value: '$.bytes_sent',
    unit: 'Bytes',
    dimensions: BY_WORKLOAD,
  },
  ConfigTrouble: { pattern: `($.layer = "sync") && ${IN_ORDER}`, ...COUNT },
} as const satisfies Readonly<
  Record<
    string,
    { readonly pattern: string } & Omit<CloudwatchLogMetricFilterMetricTransformation, 'name' | 'namespace'>
  >
>;

/** A metric that is made from the gateway's log. */
export type GatewayMetric = keyof typeof METRICS;

/** The CloudWatch namespace of an environment's metrics. */
export function metricNamespace(environmentName: string): string {
  return `McpEgress/${environmentName}`;
}

/** Counts what the gateway logs: decisions by workload and reason, tunnels, bytes, durations, and trouble with its configuration. */
export class GatewayMetrics extends Construct {
  /** `McpEgress/<environment>` */
  readonly namespace: string;

  constructor(scope: Construct, id: string, { environmentName, logGroup }: GatewayMetricsProps) {
    super(scope, id);
    this.namespace = metricNamespace(environmentName);
    for (const [name, { pattern, ...transformation }] of Object.entries(METRICS)) {
      new CloudwatchLogMetricFilter(this, name, {
        name: `${environmentName}-${name}`,
        logGroupName: logGroup.logGroupName,
        pattern: `{ ${pattern} }`,
        metricTransformation: { name, namespace: this.namespace, ...transformation },
        dependsOn: inSameStack(this, [logGroup.resource]),
      });
    }
  }
}
