import { checkHostChoice } from './host-choice';
import type { Group } from '../draft';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { entriesOf, has, isMapping, isText, type Raw } from './raw';
import { readBody } from './body';
import { readNotes } from './notes';
import type { Origin, RuleBody } from '../rule';

/** Reads one entry of `groups`. */
export function readGroup(name: string, value: unknown, problems: Problems): Group {
  const path: Path = ['groups', name];
  const entries = entriesOf(value).flatMap(([entry, index]) => {
    if (!isMapping(entry)) return [];
    const place = [...path, index];
    if (has(entry, 'group')) {
      const message = `group ${quote(name)} refers to group ${quote(entry.group)}; a group holds rules alone: write them here`;
      problems.addKey('group_nested', [...place, 'group'], message);
      return [];
    }
    checkHostChoice(entry, place, problems, ['host', 'hosts']);
    return readBody(entry, place, problems) ?? [];
  });
  return { name, entries, source: problems.locator.keyAt(path) };
}

/** Reads an entry of `allow` that refers to a group. */
export function readReference(entry: Raw, place: Path, groups: readonly Group[], problems: Problems): Referred {
  for (const key of narrowingKeys(entry)) {
    problems.addKey(
      'group_keys',
      [...place, key],
      `\`${key}\` cannot change the rules of a group; beside \`group\` stand only \`owner\`, \`reason\` and \`expires\`: write it in the group's rules`,
    );
  }
  const notes = readNotes(entry, place, problems);
  if (!isText(entry.group)) return { bodies: [] };
  const group = groups.find(({ name }) => name === entry.group);
  if (group === undefined) {
    problems.add('group_unknown', [...place, 'group'], unknownGroup(entry.group, groups));
    return { bodies: [] };
  }
  return { origin: { group: group.name }, bodies: group.entries.map((body) => annotate(body, notes)) };
}

/** The rules that a reference stands for. */
export interface Referred {
  readonly origin?: Origin;
  readonly bodies: readonly RuleBody[];
}

const NARROWING = ['ports', 'protocol', 'methods', 'paths', 'private', 'address'];

/** The keys of a reference that have no place there. */
export function narrowingKeys(entry: Raw): string[] {
  return NARROWING.filter((key) => has(entry, key));
}

function unknownGroup(name: string, groups: readonly Group[]): string {
  const known = groups.map((group) => quote(group.name)).join(', ');
  const choice = known
    ? `write one of ${known}, or add it under \`groups\``
    : 'it has no groups: add it under `groups`';
  return `group ${quote(name)} is not in this file; ${choice}`;
}

/** What stands beside the reference was written for this workload, so it wins; of two last days the earlier one. */
function annotate(body: RuleBody, notes: ReturnType<typeof readNotes>): RuleBody {
  const [earliest] = [body.expires, notes.expires].filter((day) => day !== undefined).sort();
  return { ...body, ...notes, ...(earliest !== undefined && { expires: earliest }) };
}
