import { printable } from '../gateway/log-line';

const LONGEST = 260;

/** A text of a log, fit for a terminal, and cut off where it is longer than any name is. */
export function logText(text: string): string {
  const shown = printable(text);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
