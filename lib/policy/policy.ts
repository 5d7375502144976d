import { checkGatewayPorts, checkWhole } from './check-whole';
import type { Draft, Group, Ignore } from './draft';
import { PolicyError, type PolicyProblem } from './errors';
import { locateInObject } from './read/locate-object';
import { mergeDrafts } from './merge';
import { parseYaml, type Parsed } from './read/parse';
import { Problems } from './read/problems';
import { LOOPBACK_RANGES } from './ranges';
import { readPolicyFiles } from './read/files';
import { readPolicy } from './read/policy';
import { hashOf, nameRules } from './rule';
import { checkShape } from './read/shape';
import type { Limits, Mode, Workload } from './types';

/** Options of {@link EgressPolicy.fromYaml}. */
export interface ReadOptions {
  /** The name that places in the text carry. @default 'policy.yaml' */
  readonly file?: string;
}

/**
 * What the workloads of a gateway may reach: checked, normalised, frozen. What it means for a request is `decide`'s to say.
 *
 * ```ts
 * const policy = EgressPolicy.fromFile('egress.yaml');
 * ```
 */
export class EgressPolicy {
  readonly mode: Mode;
  /** Sorted by name. */
  readonly workloads: readonly Workload[];
  /** The groups as written, sorted by name; their rules already stand in the workloads that refer to them. */
  readonly groups: readonly Group[];
  /** SHA-256 in hex of what the policy means: not of owners, reasons, places, nor the order of anything. */
  readonly hash: string;
  /** The files it was read from, in the order they were given. */
  readonly files: readonly string[];
  /** The comments that accept warnings, for `lint`. */
  readonly ignores: readonly Ignore[];

  private constructor(draft: Draft) {
    this.mode = draft.mode;
    this.workloads = sortByName(draft.workloads).map((workload) => ({ ...workload, rules: nameRules(workload.rules) }));
    this.groups = sortByName(draft.groups);
    this.hash = hashOf([this.mode, this.workloads.map(meaningOf)]);
    this.files = [...draft.files];
    this.ignores = [...draft.ignores];
    deepFreeze(this);
  }

  /**
   * Reads one file, or the union of several ({@link EgressPolicy.merge}); each file must be right by itself.
   * @param path Path, or paths.
   * @throws PolicyError with the problems of all files at once.
   * @throws PolicyFileError if a file cannot be read.
   */
  static fromFile(path: string | readonly string[]): EgressPolicy {
    const paths = typeof path === 'string' ? [path] : path;
    const problems: PolicyProblem[] = [];
    const texts = readPolicyFiles(paths);
    return EgressPolicy.build(
      texts.map(({ file, text }) => draftOf(parseYaml(text, file), [file], problems)),
      problems,
    );
  }

  /**
   * Reads a text.
   * @param text YAML 1.2 (JSON is YAML).
   * @throws PolicyError with all problems at once.
   */
  static fromYaml(text: string, options: ReadOptions = {}): EgressPolicy {
    const { file = 'policy.yaml' } = options;
    const problems: PolicyProblem[] = [];
    return EgressPolicy.build([draftOf(parseYaml(text, file), [file], problems)], problems);
  }

  /**
   * Reads plain data of the same form as a file. Places are paths into it, like `policy.workloads["web-search"].port`.
   * @throws PolicyError with all problems at once.
   */
  static fromObject(value: unknown): EgressPolicy {
    const problems: PolicyProblem[] = [];
    return EgressPolicy.build(
      [draftOf({ value, readable: true, problems: new Problems(locateInObject()) }, [], problems)],
      problems,
    );
  }

  /**
   * The union of policies: a workload in two of them has the same port and its rules add up, the same rule counts once, the
   * lower limit and the stricter mode win (a policy that states no mode enforces), one group name has one content.
   * @throws PolicyError that names both places for whatever contradicts.
   */
  static merge(...policies: readonly EgressPolicy[]): EgressPolicy {
    return EgressPolicy.build(policies, []);
  }

  private static build(drafts: readonly Draft[], problems: PolicyProblem[]): EgressPolicy {
    const draft = mergeDrafts(drafts, problems);
    problems.push(...checkWhole(draft));
    if (problems.length > 0) throw new PolicyError(problems);
    return new EgressPolicy(draft);
  }
}

/**
 * Refuses rules with `private` or `address` that lead to the gateway's own listeners.
 * @param addresses Addresses or networks at which the gateway is reached; loopback is always among them.
 * @param healthPort The gateway's health port.
 * @throws PolicyError
 */
export function checkGatewayAddresses(policy: EgressPolicy, addresses: readonly string[], healthPort: number): void {
  const problems = checkGatewayPorts(policy.workloads, [...LOOPBACK_RANGES, ...addresses], healthPort);
  if (problems.length > 0) throw new PolicyError(problems);
}

function draftOf(
  { value, readable, problems, ignores = [] }: Parsed,
  files: readonly string[],
  all: PolicyProblem[],
): Draft {
  let draft: Draft = { mode: 'enforce', groups: [], workloads: [], files, ignores };
  if (readable) {
    checkShape(value, problems);
    draft = { ...readPolicy(value, problems, files), ignores };
  }
  all.push(...problems.list);
  return draft;
}

function meaningOf({ name, port, limits, rules }: Workload): unknown[] {
  const keys = Object.keys(limits).sort() as (keyof Limits)[];
  return [name, port, keys.map((key) => [key, limits[key]]), rules.map(({ revision }) => revision).sort()];
}

function sortByName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
