/** Groups of tests that could not run here: recorded by the tests, listed at the end, and in CI allowed only by name. Node built-ins only. */
import { existsSync, readFileSync } from 'node:fs';
import { fromRoot } from './project.mjs';

/**
 * @param {string} file JSON lines `{group, reason}`, written by the tests; may be missing
 * @returns {{ group: string, reason: string }[]} each group once
 */
export function readSkipped(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const byGroup = new Map(lines.map((line) => JSON.parse(line)).map((skip) => [skip.group, skip]));
  return [...byGroup.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

/**
 * Reads `.ci/skips`: `group: reason`, one a line; `#` starts a comment line.
 * @returns {Set<string>} the groups that may be skipped in CI (a group's name ends at the first `: `)
 * @throws {Error} for a line without a reason
 */
export function readAllowedSkips(text = readFileSync(fromRoot('.ci', 'skips'), 'utf8')) {
  const allowed = new Set();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const split = line.indexOf(': ');
    if (split < 1 || line.slice(split + 2).trim() === '') {
      throw new Error(`.ci/skips:${index + 1}: ${JSON.stringify(line)} has no reason; write "group: reason"`);
    }
    allowed.add(line.slice(0, split).trim());
  }
  return allowed;
}

/** Prints what was skipped; false if one of them may not be. */
export function reportSkipped(skipped, { ci, allowed }) {
  if (skipped.length === 0) return true;
  console.error(`\n${skipped.length} group${skipped.length === 1 ? ' was' : 's were'} skipped:`);
  const refused = skipped.filter(({ group }) => ci && !allowed.has(group));
  for (const { group, reason } of skipped) {
    const verdict = refused.some((skip) => skip.group === group) ? ' [not allowed: .ci/skips does not name it]' : '';
    console.error(`  - ${group}: ${reason}${verdict}`);
  }
  return refused.length === 0;
}
