import type { Construct } from 'constructs';
import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { LogGroup } from '../log-group';
import { metricNamespace } from './gateway-metrics';

/** Names of the metrics that a canary raises. */
export const CANARY_METRICS = { escapes: 'CanaryEscapes', broken: 'CanaryBroken', runs: 'CanaryRuns' } as const;

/** What stands in the canary's lines; see `container-scripts/canary.sh`. */
const PATTERNS = {
  escapes: '($.layer = "canary") && ($.result = "escape")',
  broken: '($.layer = "canary") && ($.result = "broken")',
  runs: '($.layer = "canary") && ($.check = "run")',
} as const;

/** Counts what a canary writes. */
export function countCanary(scope: Construct, environmentName: string, logGroup: LogGroup): void {
  for (const kind of ['escapes', 'broken', 'runs'] as const) {
    const name = CANARY_METRICS[kind];
    new CloudwatchLogMetricFilter(scope, name, {
      name: `${environmentName}-${name}`,
      logGroupName: logGroup.logGroupName,
      pattern: `{ ${PATTERNS[kind]} }`,
      metricTransformation: { name, namespace: metricNamespace(environmentName), value: '1', unit: 'Count' },
      dependsOn: [logGroup.resource],
    });
  }
}
