import type { RefusalSeries } from '../model';

/** One span of time in the chart. */
export interface Bar {
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly denied: number;
  readonly wouldDeny: number;
}

/** The refusals of one workload, or of all, span by span. */
export function barsOf({ start, stepMinutes, spans, series }: RefusalSeries, workload: string): Bar[] {
  const chosen = series.filter((each) => workload === '' || each.workload === workload);
  const sum = (key: 'denied' | 'wouldDeny', index: number): number =>
    chosen.reduce((total, each) => total + (each[key][index] ?? 0), 0);
  return Array.from({ length: spans }, (_, index) => ({
    start: start + index * stepMinutes * 60_000,
    denied: sum('denied', index),
    wouldDeny: sum('wouldDeny', index),
  }));
}

/** A round number that is not smaller, of which half is round as well: 2, 4, 6, 10, 20, 40, … */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  if (value <= power && power > 1) return power;
  return [2, 4, 6, 10, 20].map((each) => each * power).find((each) => each >= value) ?? value;
}

/** `15 minutes`, `hour`, `day`. */
export function stepWords(minutes: number): string {
  const [unit, size]: [string, number] =
    minutes % 1440 === 0 ? ['day', minutes / 1440] : minutes % 60 === 0 ? ['hour', minutes / 60] : ['minute', minutes];
  return size === 1 ? unit : `${size} ${unit}s`;
}

/** `2027-06-30 12:00`, or the day alone where spans are days. */
export function momentWords(at: number, stepMinutes: number): string {
  const text = new Date(at).toISOString();
  return stepMinutes % 1440 === 0 ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
