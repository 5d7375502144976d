import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';
import { EgressPolicy } from '../../../lib/policy/policy';
import { groupSchema, type Case, type Group } from './case';

const FOLDER = join(__dirname, 'cases');

/** The groups that there must be, as the files of `cases/` are called. */
export const GROUPS = [
  'address-literals',
  'dns',
  'host-names',
  'smuggling',
  'authority-and-host',
  'http2-and-h2c',
  'upgrades',
  'ports',
  'pipelining',
  'sni',
  'not-tls',
  'slow-clients',
  'oversized',
  'floods',
  'identity',
  'other-ports',
  'quic-and-udp',
] as const;

/** Whether a case is honest traffic, which must pass, and no attack. */
export function isControl({ expect }: Pick<Case, 'expect'>): boolean {
  return expect === 'allowed';
}

/**
 * Every group of `cases/`, in the order of file names.
 * @param only names of groups; default: all
 * @throws Error with every mistake in the files
 */
export function loadCorpus(only?: readonly string[], folder = FOLDER): Group[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const problems: string[] = [];
  const groups = files
    .filter((file) => only === undefined || only.includes(basename(file, '.yaml')))
    .flatMap((file) => loadGroup(join(folder, file), problems) ?? []);
  const unknown = (only ?? []).filter((name) => !files.includes(`${name}.yaml`));
  for (const name of unknown) problems.push(`no group ${JSON.stringify(name)}; there are ${files.join(', ')}`);
  problems.push(...repeated(groups).map((name) => `the name of a case stands twice: ${JSON.stringify(name)}`));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return groups;
}

function loadGroup(path: string, problems: string[]): Group | undefined {
  const file = basename(path);
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) {
    problems.push(...document.errors.map(({ message }) => `${file}: ${message}`));
    return undefined;
  }
  const raw = document.toJS() as { cases?: { name?: string }[] };
  const parsed = groupSchema.safeParse(raw);
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map(({ path: where, message }) => {
        const name = where[0] === 'cases' ? raw.cases?.[Number(where[1])]?.name : undefined;
        return `${file}: ${where.join('.')}${name === undefined ? '' : ` (${name})`}: ${message}`;
      }),
    );
    return undefined;
  }
  const group = parsed.data;
  if (`${group.group}.yaml` !== file) problems.push(`${file}: its group is called ${group.group}`);
  for (const policy of new Set([group.policy, ...group.cases.flatMap((each) => each.policy ?? [])])) {
    try {
      EgressPolicy.fromYaml(policy);
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
  }
  return group;
}

function repeated(groups: readonly Group[]): string[] {
  const names = groups.flatMap(({ cases }) => cases.map(({ name }) => name));
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
