import type { LogRecord } from '../gateway/log-line';
import { bracketHost } from '../policy/hosts';
import { destinationOf, type Destination } from './destination';
import { logText } from './log-text';

/** All decisions of a log that are alike. Every text in it is fit for a terminal. */
export interface LogGroup {
  readonly workload: string;
  /** `host:port`; what is no authority stands as it was asked for, made printable and cut off. */
  readonly destination: string;
  /** Absent where no rule could name it. */
  readonly parsed?: Destination;
  readonly method?: string;
  /** The server name that was sent, where it is the fault. */
  readonly sni?: string;
  readonly decision: LogRecord['decision'];
  readonly reason: string;
  readonly rule?: string;
  count: number;
  /** RFC 3339, UTC. */
  firstSeen: string;
  lastSeen: string;
  bytesSent: number;
  bytesReceived: number;
}

/** Names come from requests, so their number is bounded; what comes after is counted alone. */
const MOST_GROUPS = 10_000;
const ORDER: readonly LogRecord['decision'][] = ['denied', 'would_deny', 'allowed'];

/** Groups the decisions of a log by workload, destination and reason. */
export class LogSummary {
  /** Decisions of destinations beyond the 10,000th. */
  others = 0;
  private readonly byKey = new Map<string, LogGroup>();

  add(record: LogRecord): void {
    const key = keyOf(record);
    const known = this.byKey.get(key);
    if (!known && this.byKey.size >= MOST_GROUPS) {
      this.others += 1;
      return;
    }
    const group = known ?? groupOf(record);
    if (!known) this.byKey.set(key, group);
    group.count += 1;
    group.bytesSent += record.bytesSent ?? 0;
    group.bytesReceived += record.bytesReceived ?? 0;
    const time = logText(record.time);
    if (time < group.firstSeen) group.firstSeen = time;
    if (time > group.lastSeen) group.lastSeen = time;
  }

  /** Refusals first, then by count; the order of equals does not depend on that of the log. */
  get groups(): readonly LogGroup[] {
    return [...this.byKey]
      .sort(
        ([one, a], [other, b]) =>
          ORDER.indexOf(a.decision) - ORDER.indexOf(b.decision) || b.count - a.count || (one < other ? -1 : 1),
      )
      .map(([, group]) => group);
  }
}

function keyOf({ workload, authority, method, sni, decision, reason, rule }: LogRecord): string {
  const named = reason === 'sni_mismatch' ? sni : undefined;
  return JSON.stringify([workload, authority?.toLowerCase(), method ?? 'CONNECT', named, decision, reason, rule]);
}

function groupOf(record: LogRecord): LogGroup {
  const { workload, authority = '-', method = 'CONNECT', sni, decision, reason, rule, time } = record;
  const parsed = destinationOf(record);
  const seen = logText(time);
  return {
    workload: logText(workload),
    destination: parsed ? `${bracketHost(parsed.host)}:${parsed.port}` : logText(authority),
    ...(parsed && { parsed }),
    method: logText(method),
    ...(reason === 'sni_mismatch' && sni !== undefined && { sni: logText(sni) }),
    decision,
    reason: logText(reason),
    ...(rule !== undefined && { rule: logText(rule) }),
    count: 0,
    firstSeen: seen,
    lastSeen: seen,
    bytesSent: 0,
    bytesReceived: 0,
  };
}
