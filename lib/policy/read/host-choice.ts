import type { Path, Problems } from './problems';
import { has, type Raw } from './raw';
import { KEYS } from '../schema';
import { suggestKey } from './suggest';

/** Checks that a rule says in exactly one way which hosts it is about. */
export function checkHostChoice(entry: Raw, place: Path, problems: Problems, choices: readonly string[]): void {
  const found = choices.filter((key) => has(entry, key));
  if (found.length === 1) return;
  const unknown = Object.keys(entry).filter((key) => !(KEYS.rule as readonly string[]).includes(key));
  const misspelt = unknown.some((key) => choices.includes(suggestKey(key, KEYS.rule) ?? ''));
  if (found.length === 0 && misspelt) return; // reported as an unknown key
  const list = (keys: readonly string[], and: string) => keys.map((key) => `\`${key}\``).join(and);
  const what = found.length === 0 ? 'the rule names no hosts' : `${list(found, ' and ')} stand in one rule`;
  problems.add('host_choice', place, `${what}; write exactly one of ${list(choices, ', ')}`);
}
