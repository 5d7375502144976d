import { adviceFor, type LogCounts, type LogGroup, type LogSummary } from '../logs';
import { REASONS, type Reason } from '../policy/reasons';
import type { LogPart, LogRow } from './model';
import type { RefusalTimes } from './refusal-times';

/** What a log holds: its decisions in groups, and the refusals over time. */
export function logPart({ groups, others }: LogSummary, times: RefusalTimes, counts: LogCounts): LogPart {
  return { ...counts, others, groups: groups.map(logRow), times: times.series() };
}

function logRow(group: LogGroup): LogRow {
  const { workload, destination, method, sni, decision, reason, rule, count, firstSeen, lastSeen } = group;
  return {
    workload,
    destination,
    ...(method !== undefined && { method }),
    ...(sni !== undefined && { sni }),
    decision,
    reason,
    ...(Object.hasOwn(REASONS, reason) && { why: REASONS[reason as Reason].text }),
    ...(rule !== undefined && { rule }),
    count,
    firstSeen,
    lastSeen,
    ...adviceFor(group),
  };
}
