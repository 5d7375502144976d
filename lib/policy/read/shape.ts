import type { core } from 'zod';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { KEYS, policySchema } from '../schema';
import { suggestKey } from './suggest';

/**
 * Checks a value against the shape of a policy: unknown and missing keys, types, lists, whole numbers in their bounds.
 * @returns Whether the shape is right; what is wrong is added to the problems.
 */
export function checkShape(value: unknown, problems: Problems): boolean {
  const result = policySchema.safeParse(value);
  addIssues(result.error?.issues ?? [], value, problems, keysAt);
  return result.success;
}

/** Which keys are known at a path, and how a message calls that place. */
export type KeysAt = (path: Path) => { readonly keys: readonly string[]; readonly where: string };

/** Adds what a schema has against a value, in the user's words and with places. */
export function addIssues(issues: readonly core.$ZodIssue[], value: unknown, problems: Problems, known: KeysAt): void {
  for (const issue of issues) addIssue(issue, value, problems, known);
}

function addIssue(issue: core.$ZodIssue, whole: unknown, problems: Problems, known: KeysAt): void {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys.filter((unknown) => !isNested(unknown, path)))
      problems.addKey('unknown_key', [...path, key], unknownKey(key, known(path)));
    return;
  }
  const value = valueAt(whole, path);
  const key = [...path].reverse().find((step) => typeof step === 'string');
  if (value === undefined && path.length > 0) {
    problems.add('missing_key', path, `the key ${quote(key)} is missing: ${issue.message}`);
    return;
  }
  const code = issue.code === 'invalid_type' ? 'wrong_type' : 'wrong_value';
  problems.add(code, path, `${key === undefined ? '' : `${String(key)} `}${quote(value)}: ${issue.message}`);
}

/** A group in a group has its own message. */
function isNested(key: string, path: Path): boolean {
  return key === 'group' && path[0] === 'groups' && path.length === 3;
}

function unknownKey(key: string, { keys, where }: ReturnType<KeysAt>): string {
  const meant = suggestKey(key, keys);
  const hint = meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
  return `the key ${quote(key)} is not known ${where}${hint}; allowed: ${keys.join(', ')}`;
}

function keysAt(path: Path): ReturnType<KeysAt> {
  const [section, , third] = path;
  if (section === 'groups') return { keys: KEYS.groupEntry, where: 'in an entry of a group' };
  if (third === 'allow') return { keys: KEYS.rule, where: 'in a rule' };
  if (third === 'limits') return { keys: KEYS.limits, where: 'in `limits`' };
  if (section === 'workloads') return { keys: KEYS.workload, where: 'in a workload' };
  return { keys: KEYS.policy, where: 'in a policy' };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}
