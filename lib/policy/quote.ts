/** Longest text of a value in a message; what is longer ends in `…`. */
const LONGEST = 120;

/** Control, format (bidi overrides, zero-width), separator, private-use, surrogate and unassigned characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu;

/**
 * Makes text safe to print: characters that a terminal would obey or hide become `\u{…}` escapes.
 * @param text Any text, also from an attacker.
 */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * The text of a value in a message: JSON, printable, on one line, at most about 120 characters.
 * @param value Any value that came out of a policy.
 */
export function quote(value: unknown): string {
  const json = escapeUnprintable(toJson(value));
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
}

/** `U+202E` for a character, as Unicode writes code points. */
export function unicodeName(character: string): string {
  return `U+${codePoint(character).toString(16).toUpperCase().padStart(4, '0')}`;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function toJson(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value); // JSON has no NaN
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value); // a value with a cycle, only through fromObject
  }
}
