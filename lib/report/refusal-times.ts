import type { LogRecord } from '../gateway/log-line';
import { logText } from '../logs';
import type { RefusalSeries } from './model';

/** Spans that people think in, in minutes; each is a multiple of the first one. */
const STEPS = [1, 5, 15, 60, 180, 720, 1440, 7 * 1440, 28 * 1440, 364 * 1440];
const MINUTE_MS = 60_000;
/** More spans at a time are put together; it bounds the memory for any log. */
const MOST_KEPT = 2000;
/** More bars are no longer read one by one. */
const MOST_SHOWN = 60;
/** Names come from the log, so their number is bounded. */
const MOST_WORKLOADS = 200;
const OTHERS = '(others)';
/** What lies outside is no time of a gateway, and would make one bar of all others. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

type Counts = { denied: number; wouldDeny: number };

/** Counts refusals by time and workload. The spans become wider where the log is long. */
export class RefusalTimes {
  private undated = 0;
  private step = 0;
  private readonly workloads = new Set<string>();
  private spans = new Map<number, Map<string, Counts>>();

  add({ time, workload, decision }: LogRecord): void {
    if (decision === 'allowed') return;
    const at = Date.parse(time);
    if (!(at >= EARLIEST && at < LATEST)) {
      this.undated += 1;
      return;
    }
    const own = logText(workload);
    if (this.workloads.size < MOST_WORKLOADS) this.workloads.add(own);
    const name = this.workloads.has(own) ? own : OTHERS;
    const [denied, wouldDeny] = decision === 'denied' ? [1, 0] : [0, 1];
    addTo(this.spans, Math.floor(at / this.stepMs), name, { denied, wouldDeny });
    while (this.spans.size > MOST_KEPT) this.widen();
  }

  /** The counts, in spans of which there are at most 60 where the log is shorter than that many years. */
  series(): RefusalSeries {
    while (this.step < STEPS.length - 1 && this.range().length > MOST_SHOWN) this.widen();
    const { first, length } = this.range();
    const names = [...new Set([...this.spans.values()].flatMap((each) => [...each.keys()]))].sort();
    const numbers = (name: string, key: keyof Counts): number[] =>
      Array.from({ length }, (_, index) => this.spans.get(first + index)?.get(name)?.[key] ?? 0);
    return {
      start: first * this.stepMs,
      stepMinutes: this.stepMs / MINUTE_MS,
      spans: length,
      series: names.map((name) => ({
        workload: name,
        denied: numbers(name, 'denied'),
        wouldDeny: numbers(name, 'wouldDeny'),
      })),
      undated: this.undated,
    };
  }

  private get stepMs(): number {
    return (STEPS[this.step] ?? 1) * MINUTE_MS;
  }

  private range(): { first: number; length: number } {
    let [first, last] = [Infinity, -Infinity];
    for (const span of this.spans.keys()) [first, last] = [Math.min(first, span), Math.max(last, span)];
    return this.spans.size === 0 ? { first: 0, length: 0 } : { first, length: last - first + 1 };
  }

  private widen(): void {
    const before = this.stepMs;
    this.step += 1;
    const wider = new Map<number, Map<string, Counts>>();
    for (const [span, byName] of this.spans) {
      for (const [name, counts] of byName) addTo(wider, Math.floor((span * before) / this.stepMs), name, counts);
    }
    this.spans = wider;
  }
}

function addTo(spans: Map<number, Map<string, Counts>>, span: number, name: string, more: Counts): void {
  let byName = spans.get(span);
  if (!byName) spans.set(span, (byName = new Map<string, Counts>()));
  const counts = byName.get(name) ?? { denied: 0, wouldDeny: 0 };
  byName.set(name, { denied: counts.denied + more.denied, wouldDeny: counts.wouldDeny + more.wouldDeny });
}
