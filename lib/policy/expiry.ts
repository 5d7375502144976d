import type { Rule } from './types';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a rule's last day is over: from 00:00 UTC of the next day on. */
export function isExpired(rule: Rule, now: Date): boolean {
  return rule.expires !== undefined && now.getTime() >= expiryOf(rule.expires).getTime();
}

/** The first moment after a last day `YYYY-MM-DD`: 00:00 UTC of the next. */
export function expiryOf(lastDay: string): Date {
  return new Date(Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS);
}
