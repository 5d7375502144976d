import { metricNamespace, type GatewayMetric } from './gateway-metrics';
import { CANARY_METRICS } from './canary-metrics';
import { REJECTED_METRIC } from './rejected-traffic-metric';
import { GATEWAY_QUERIES, queryText } from './saved-queries';

export interface DashboardProps {
  readonly environmentName: string;
  readonly region: string;
  readonly logGroupName: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly hasRejectedTraffic: boolean;
  readonly hasCanary: boolean;
}

/** Columns of a dashboard, and of each widget here. */
const [WIDTH, HALF, HEIGHT] = [24, 12, 6];

interface Widget {
  readonly type: 'metric' | 'log';
  readonly full?: true;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The body of a dashboard (CloudWatch API reference, "Dashboard Body Structure and Syntax"): the same props give the same text. */
export function dashboardBody(props: DashboardProps): string {
  const rows: object[] = [];
  let [x, y] = [0, 0];
  for (const { type, full, properties } of widgets(props)) {
    const width = full ? WIDTH : HALF;
    if (x + width > WIDTH) [x, y] = [0, y + HEIGHT];
    rows.push({ type, x, y, width, height: HEIGHT, properties: { region: props.region, ...properties } });
    x += width;
  }
  return JSON.stringify({ widgets: rows });
}

function widgets(props: DashboardProps): Widget[] {
  const { environmentName, clusterName, serviceName } = props;
  const namespace = metricNamespace(environmentName);
  const own = (name: GatewayMetric, more: object = {}): unknown[] => [namespace, name, { stat: 'Sum', ...more }];
  const byWorkload = (name: GatewayMetric): unknown[] => [search(namespace, ['Workload'], name)];
  const tasks = (name: string): unknown[] => [
    'ECS/ContainerInsights',
    name,
    'ClusterName',
    clusterName,
    'ServiceName',
    serviceName,
    { stat: 'Minimum', period: 60 },
  ];
  return [
    graph('Refusals by workload', [byWorkload('WorkloadRefusals')]),
    graph('Decisions by reason', [[search(namespace, ['Workload', 'Decision', 'Reason'], 'Decisions')]]),
    insights('Refusals by workload and destination', props.logGroupName, GATEWAY_QUERIES['refusals by destination']),
    graph('Requests and refusals', [own('Requests'), own('Refusals')]),
    graph('Duration of plain requests, ms', [
      own('RequestDuration', { stat: 'p50', label: 'p50' }),
      own('RequestDuration', { stat: 'p99', label: 'p99' }),
    ]),
    graph('Tunnels', [own('Tunnels')]),
    graph('Tasks of the gateway', [tasks('DesiredTaskCount'), tasks('RunningTaskCount')]),
    graph('Bytes from workloads (uploads)', [byWorkload('BytesFromWorkloads')]),
    graph('Bytes to workloads', [byWorkload('BytesToWorkloads')]),
    graph('Trouble with the configuration', [own('ConfigTrouble')]),
    ...(props.hasRejectedTraffic
      ? [graph('Packets that tried to get around the gateway', [[namespace, REJECTED_METRIC, { stat: 'Sum' }]])]
      : []),
    ...(props.hasCanary
      ? [
          graph(
            'Canary',
            Object.values(CANARY_METRICS).map((name) => [namespace, name, { stat: 'Sum' }]),
          ),
        ]
      : []),
  ];
}

function graph(title: string, metrics: readonly (readonly unknown[])[]): Widget {
  return { type: 'metric', properties: { title, view: 'timeSeries', stacked: false, period: 300, metrics } };
}

function insights(title: string, logGroupName: string, steps: readonly string[]): Widget {
  const query = `SOURCE '${logGroupName}' | ${queryText(steps)}`;
  return { type: 'log', full: true, properties: { title, view: 'table', query } };
}

/** One line for each value that the dimensions have. */
function search(namespace: string, dimensions: readonly string[], metric: GatewayMetric): object {
  const schema = [namespace, ...dimensions].join(',');
  return { expression: `SEARCH('{${schema}} MetricName="${metric}"', 'Sum', 300)`, id: metric.toLowerCase() };
}
