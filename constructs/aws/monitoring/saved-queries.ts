import type { Construct } from 'constructs';
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import type { LogGroup } from '../log-group';
import { REJECTED_FIELDS } from '../rejected-flow-log';
import { inSameStack } from '../same-stack';

const REFUSED = "filter decision in ['denied', 'would_deny']";

/** Queries over the gateway's log (CloudWatch Logs Insights query syntax), by name. */
export const GATEWAY_QUERIES = {
  'refusals by destination': [
    REFUSED,
    'stats count(*) as refusals, min(time) as first_seen, max(time) as last_seen by workload, authority, method, reason',
    'sort refusals desc',
    'limit 200',
  ],
  'refusals over time': [REFUSED, 'stats count(*) as refusals by bin(5m), workload'],
  'one refusal after another': [
    REFUSED,
    'fields time, workload, method, authority, sni, reason, rule, id',
    'sort @timestamp desc',
    'limit 200',
  ],
  'uploads by destination': [
    "filter decision = 'allowed'",
    'stats sum(bytes_received) as uploaded, count(*) as requests by workload, authority',
    'sort uploaded desc',
    'limit 100',
  ],
  'rules in use': [
    "filter decision = 'allowed'",
    'stats count(*) as requests, max(time) as last_seen by workload, rule',
    'sort workload, requests desc',
    'limit 1000',
  ],
  'slow requests': [
    "filter layer = 'request' and decision = 'allowed' and method != 'CONNECT'",
    'stats pct(duration_ms, 50) as p50, pct(duration_ms, 99) as p99, count(*) as requests by workload, authority',
    'sort p99 desc',
    'limit 100',
  ],
} as const;

/** The query over the flow log of rejected traffic, which has no field names. */
export const REJECTED_QUERY = [
  `parse @message "${REJECTED_FIELDS.map(() => '*').join(' ')}" as ${REJECTED_FIELDS.map(column).join(', ')}`,
  "filter flow_direction = 'egress'",
  'stats sum(packets) as rejected, min(@timestamp) as first_seen, max(@timestamp) as last_seen by subnet_id, interface_id, srcaddr, dstaddr, dstport, protocol',
  'sort rejected desc',
  'limit 200',
] as const;

/** As Logs Insights reads it: a step a line. */
export function queryText(steps: readonly string[]): string {
  return steps.join('\n| ');
}

/** Saves the queries under the environment's name. */
export function saveQueries(
  scope: Construct,
  environmentName: string,
  groups: { readonly gateway: LogGroup; readonly rejected?: LogGroup },
): void {
  const save = (name: string, steps: readonly string[], group: LogGroup): void => {
    new CloudwatchQueryDefinition(scope, name.replaceAll(' ', '-'), {
      name: `${environmentName}/${name}`,
      logGroupNames: [group.logGroupName],
      queryString: queryText(steps),
      dependsOn: inSameStack(scope, [group.resource]),
    });
  };
  for (const [name, steps] of Object.entries(GATEWAY_QUERIES)) save(name, steps, groups.gateway);
  if (groups.rejected !== undefined) save('rejected traffic', REJECTED_QUERY, groups.rejected);
}

function column(field: string): string {
  return field.replaceAll('-', '_');
}
