import type { Construct } from 'constructs';
import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { LogGroup } from '../log-group';
import { REJECTED_FIELDS } from '../rejected-flow-log';
import { inSameStack } from '../same-stack';
import { metricNamespace } from './gateway-metrics';

/** Packets that security groups refused on their way out of isolated subnets. */
export const REJECTED_METRIC = 'RejectedPackets';

export interface RejectedTrafficProps {
  readonly environmentName: string;
  /** Of the flow log of rejected traffic. */
  readonly logGroup: LogGroup;
  readonly isolatedSubnetIds: readonly string[];
}

/**
 * Counts rejected packets that leave isolated subnets: whoever sends them tries to get around the gateway. Answers of closed ports and what
 * comes in are other records.
 */
export function countRejectedTraffic(scope: Construct, id: string, props: RejectedTrafficProps): void {
  const conditions: Readonly<Record<string, string>> = {
    action: 'action = REJECT',
    flow_direction: 'flow_direction = egress',
    subnet_id: props.isolatedSubnetIds.map((subnet) => `subnet_id = ${subnet}`).join(' || '),
  };
  // A filter of space-delimited records names every field in order (CloudWatch Logs user guide, "Filter pattern syntax").
  const fields = REJECTED_FIELDS.map((field) => field.replaceAll('-', '_')).map((field) => conditions[field] ?? field);
  new CloudwatchLogMetricFilter(scope, id, {
    name: `${props.environmentName}-${REJECTED_METRIC}`,
    logGroupName: props.logGroup.logGroupName,
    pattern: `[${fields.join(', ')}]`,
    metricTransformation: {
      name: REJECTED_METRIC,
      namespace: metricNamespace(props.environmentName),
      value: '$packets',
      defaultValue: '0',
      unit: 'Count',
    },
    dependsOn: inSameStack(scope, [props.logGroup.resource]),
  });
}
