import type { Access } from '../access';

/**
 * Writing to some log groups, as the `awslogs` driver does, for the endpoint `logs` and for execution roles. Nothing can be read.
 * @param logGroupArns `arn:aws:logs:R:ACCOUNT:log-group:NAME`, with or without `:*` behind it
 */
export function writeLogs(logGroupArns: readonly string[]): Access[] {
  return [
    {
      sid: 'LogsWrite',
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      // The form with `:*` names the group for these actions, and its streams (CloudWatch Logs API Reference, LogGroup, `arn`).
      resources: logGroupArns.map((arn) => (arn.endsWith(':*') ? arn : `${arn}:*`)),
    },
  ];
}
