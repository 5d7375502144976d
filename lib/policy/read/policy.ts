import type { Draft } from '../draft';
import type { Problems } from './problems';
import { quote } from '../quote';
import { asMapping, type Raw } from './raw';
import { readGroup } from './group';
import { readWorkload } from './workload';
import { NAME } from '../schema';

/**
 * Reads the meaning of a policy whose shape has been checked; what the shape check reported is skipped here.
 * @returns What is right in it; where problems were added, the rules in error are left out.
 */
export function readPolicy(value: unknown, problems: Problems, files: readonly string[]): Omit<Draft, 'ignores'> {
  const raw = asMapping(value);
  const groups = named(raw.groups, 'groups', problems).map(([name, entries]) => readGroup(name, entries, problems));
  const workloads = named(raw.workloads, 'workloads', problems).map(([name, workload]) =>
    readWorkload(name, asMapping(workload), groups, problems),
  );
  return { mode: raw.mode === 'observe' ? 'observe' : 'enforce', groups, workloads, files };
}

const SECTIONS = {
  groups: { code: 'group_name', example: 'search-engines' },
  workloads: { code: 'workload_name', example: 'web-search' },
} as const;

function named(value: unknown, section: keyof typeof SECTIONS, problems: Problems): [string, unknown][] {
  const { code, example } = SECTIONS[section];
  const mapping: Raw = asMapping(value);
  for (const name of Object.keys(mapping).filter((key) => !NAME.test(key))) {
    problems.addKey(
      code,
      [section, name],
      `name ${quote(name)}: a name begins with a lower case letter, is made of lower case letters, digits and "-", and has at most 63 characters; write one like ${quote(example)}`,
    );
  }
  return Object.entries(mapping);
}
