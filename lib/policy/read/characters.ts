import type { Place, Problems } from './problems';
import { unicodeName } from '../quote';

/**
 * Format controls that reorder or hide the text around them: bidirectional marks, embeddings, overrides and isolates (UAX #9; the attack
 * is CVE-2021-42574), the deprecated U+206A to U+206F, and interlinear annotations.
 */
const REORDERS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/u;

/** What editors show as the end of a line and the YAML reader takes for part of it, also of a comment. */
const BREAKS = /[\r\v\f\u0085\u2028\u2029]/u;

/** Both, and the other control characters but tab and the ends of lines. */
const MISLEADING = new RegExp(`${REORDERS.source}|\\r(?!\\n)|[\\u2028\\u2029]|[^\\P{Cc}\\t\\n\\r]`, 'gu');

/**
 * Refuses characters that make a policy read otherwise than it is, wherever they stand, comments included: the first one of each line.
 * Written as an escape (`"\u202e"`) they mislead nobody, and the checks of the values refuse them.
 */
export function refuseMisleading(text: string, problems: Problems, place: Place): void {
  let end = -1;
  for (const { 0: character, index } of text.matchAll(MISLEADING)) {
    if (index < end) continue;
    end = text.indexOf('\n', index);
    if (end === -1) end = text.length;
    const message = `the character ${unicodeName(character)} ${explain(character)}`;
    problems.addAt('text', place(index), message);
  }
}

function explain(character: string): string {
  const otherwise = 'so that the policy reads otherwise than it is';
  if (REORDERS.test(character))
    return `cannot be seen, and reorders or hides the text around it, ${otherwise}; remove it`;
  if (BREAKS.test(character))
    return `looks like the end of a line in an editor, and is not read as one, ${otherwise}; end lines with a line feed`;
  return `is obeyed by a terminal rather than shown, ${otherwise}; remove it`;
}
