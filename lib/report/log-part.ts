import { adviceFor, type LogCounts, type LogGroup, type LogSummary } from '../logs';
import { REASONS, type Reason } from '../policy/reasons';
import type { LogPart, LogRow } from './model';
import type { RefusalTimes } from './refusal-times';

/** What was read for a part of a page. */
export interface LogRead extends LogCounts {
  /** Names of files, or of a group of CloudWatch Logs. */
  readonly sources: readonly string[];
  /** RFC 3339; decisions before it were read and left out. */
  readonly since?: string;
}

/** What a log holds: its decisions in groups, and the refusals over time. */
export function logPart({ groups, others }: LogSummary, times: RefusalTimes, read: LogRead): LogPart {
  const shown = groups.reduce((sum, { count }) => sum + count, others);
  return { ...read, shown, others, groups: groups.map(logRow), times: times.series() };
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
