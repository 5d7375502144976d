import type { Path, Problems } from './problems';
import { quote } from '../quote';
import type { Raw } from './raw';
import { isText } from './raw';

const LONGEST_NOTE = 200;

/**
 * The years that Envoy can compare with the time of a request: CEL has no timestamp after 9999 (protobuf `Timestamp`), and a rule ends on
 * the day after its last one. Nobody means a day before 1970.
 */
const FIRST_YEAR = 1970;
const LAST_YEAR = 9998;

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
    return text;
  }
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    problems.add(
      'expires',
      place,
      `expires ${quote(text)} lies outside the years ${FIRST_YEAR} to ${LAST_YEAR}, which Envoy can compare; write a day in them, or leave the key out for a rule that does not end`,
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
