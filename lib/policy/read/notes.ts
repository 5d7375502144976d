import type { Path, Problems } from './problems';
import { quote } from '../quote';
import type { Raw } from './raw';
import { isText } from './raw';

const LONGEST_NOTE = 200;

/** What a rule or a reference to a group says about itself. */
export interface Notes {
  readonly expires?: string;
  readonly owner?: string;
  readonly reason?: string;
}

/** Reads `owner`, `reason` and `expires`; absent keys stay absent. */
export function readNotes(raw: Raw, path: Path, problems: Problems): Notes {
  const { expires, owner, reason } = raw;
  return {
    ...(isText(expires) && { expires: readDate(expires, [...path, 'expires'], problems) }),
    ...(isText(owner) && { owner: readLine(owner, 'owner', [...path, 'owner'], problems) }),
    ...(isText(reason) && { reason: readLine(reason, 'reason', [...path, 'reason'], problems) }),
  };
}

function readDate(text: string, place: Path, problems: Problems): string {
  if (!isCalendarDate(text)) {
    problems.add(
      'expires',
      place,
      `expires ${quote(text)} is not a day of the calendar; write the last day on which the rule counts as year-month-day, like 2027-06-30`,
    );
  }
  return text;
}

/** Whether a text is a day that exists, as `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function readLine(text: string, key: string, place: Path, problems: Problems): string {
  const hasUnprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
  if (text.trim() === '' || hasUnprintable || text.length > LONGEST_NOTE) {
    problems.add(
      'text',
      place,
      `${key} ${quote(text)}: one line of 1 to ${LONGEST_NOTE} printable characters is wanted; write a short text, or leave the key out`,
    );
  }
  return text;
}
