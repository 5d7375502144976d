import type { Limits, Workload } from '../types';
import type { Change } from './change';

const KEYS = ['requestsPerSecond', 'connections', 'tunnelMinutes', 'uploadKilobytesPerSecond'] as const;

/** The limits of a workload that changed: a higher one, or none any more, is wider. */
export function compareLimits(before: Workload, after: Workload): Change[] {
  return KEYS.flatMap((limit) => {
    const [old, now] = [before.limits[limit], after.limits[limit]];
    if (old === now) return [];
    const effect = (now ?? Infinity) > (old ?? Infinity) ? 'widened' : 'narrowed';
    const text = `${limit} ${words(old)} → ${words(now)}`;
    return [
      { about: 'limit', workload: after.name, limit, before: old, after: now, effect, text, covers: () => false },
    ];
  });
}

function words(limit: Limits[keyof Limits]): string {
  return limit === undefined ? 'no limit' : String(limit);
}
