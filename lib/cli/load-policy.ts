import { text } from 'node:stream/consumers';
import { PolicyError } from '../policy/errors';
import { EgressPolicy } from '../policy/policy';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import { stdinProblems } from './standard-input';

/** The policy of a folder. */
export const DEFAULT_POLICY = 'egress.yaml';

/** How errors name what came from standard input. */
const STDIN_NAME = '<stdin>';

/** The names of `--policy` as errors show them. */
export function displayNames(names: readonly string[] = [DEFAULT_POLICY]): string[] {
  return names.map((name) => (name === '-' ? STDIN_NAME : name));
}

/** Where a policy comes from; it can be read again when a file has changed. */
export interface PolicySource {
  /** The files to watch: all but standard input, which is read once and kept. */
  readonly files: readonly string[];
  /**
   * @throws PolicyError with the problems of all files
   * @throws PolicyFileError if a file cannot be read
   */
  readonly load: () => EgressPolicy;
}

/**
 * What `--policy` names; several files merge as a union, `-` is standard input.
 * @param names default: `egress.yaml` of this folder
 * @throws CliError (usage) if `-` stands twice
 */
export async function openPolicy(names: readonly string[] = [DEFAULT_POLICY]): Promise<PolicySource> {
  const files = names.filter((name) => name !== '-');
  checkStdin(names);
  const stdin = files.length < names.length ? await text(process.stdin) : undefined;
  const parts: (() => EgressPolicy)[] = [];
  if (files.length > 0) parts.push(() => EgressPolicy.fromFile(files));
  if (stdin !== undefined) parts.push(() => EgressPolicy.fromYaml(stdin, { file: STDIN_NAME }));
  return { files, load: () => union(parts) };
}

/** Reads what `--policy` names; throws as {@link openPolicy} and {@link PolicySource.load} do. */
export async function loadPolicy(names?: readonly string[]): Promise<EgressPolicy> {
  return (await openPolicy(names)).load();
}

/**
 * Each of some files as a policy of its own.
 * @param names Files; `-` is standard input.
 * @throws CliError, PolicyError, PolicyFileError as {@link loadPolicy} does
 */
export async function loadEach(names: readonly string[]): Promise<EgressPolicy[]> {
  checkStdin(names);
  const sources: PolicySource[] = [];
  for (const name of names) sources.push(await openPolicy([name]));
  return allOrProblems(sources.map(({ load }) => load));
}

/** The union of the parts, or the problems of all of them. */
function union(parts: readonly (() => EgressPolicy)[]): EgressPolicy {
  const [first, ...others] = allOrProblems(parts);
  return first && others.length === 0 ? first : EgressPolicy.merge(...(first ? [first, ...others] : []));
}

function allOrProblems(parts: readonly (() => EgressPolicy)[]): EgressPolicy[] {
  const problems: PolicyError[] = [];
  const policies = parts.flatMap((part) => {
    try {
      return [part()];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      problems.push(error);
      return [];
    }
  });
  if (problems.length > 0) throw new PolicyError(problems.flatMap((error) => error.problems));
  return policies;
}

function checkStdin(names: readonly string[]): void {
  const [problem] = stdinProblems(names);
  if (problem !== undefined) throw new CliError(`${problem}.`, EXIT.usage);
}
