import { printable, type LogRecord } from '../gateway/log-line';
import { decisionWord } from './decision-rows';
import { table } from './table';
import { type Colors } from './terminal';

/** Names come from requests, so their number is bounded; what comes after is counted together. */
const MOST_KEYS = 1000;
const MOST_ROWS = 12;

interface Line {
  readonly record: Pick<LogRecord, 'workload' | 'decision' | 'reason'>;
  readonly authority: string;
  count: number;
}

/** Counts decisions for the summary at the end of a run. */
export class Tally {
  private readonly counts = new Map<string, Line>();
  private readonly totals = { allowed: 0, denied: 0, would_deny: 0 };

  add(record: LogRecord): void {
    this.totals[record.decision] += 1;
    const known = this.counts.size < MOST_KEYS || this.counts.has(keyOf(record, record.authority));
    const authority = known ? (record.authority ?? '-') : '(others)';
    const line = this.counts.get(keyOf(record, authority)) ?? { record, authority, count: 0 };
    line.count += 1;
    this.counts.set(keyOf(record, authority), line);
  }

  /** `12 allowed, 3 denied`, and the most frequent hosts of each workload and decision. */
  summary(options: { width?: number | undefined; colors: Colors }): string {
    const { allowed, denied, would_deny: wouldDeny } = this.totals;
    const total = `${allowed} allowed, ${denied} denied${wouldDeny > 0 ? `, ${wouldDeny} would be denied` : ''}`;
    if (this.counts.size === 0) return total;
    const sorted = [...this.counts.values()].sort((a, b) => b.count - a.count);
    const rows = sorted
      .slice(0, MOST_ROWS)
      .map(({ record, authority, count }) => [
        String(count),
        decisionWord(record.decision, options.colors),
        printable(record.workload),
        printable(authority),
        printable(record.reason),
      ]);
    const more = sorted.length > MOST_ROWS ? `\n… and ${sorted.length - MOST_ROWS} more` : '';
    return `${total}\n\n${table(['count', 'decision', 'workload', 'host', 'reason'], rows, options)}${more}`;
  }
}

function keyOf({ workload, decision, reason }: LogRecord, authority = '-'): string {
  return JSON.stringify([workload, decision, reason, authority]);
}
