import { escapeUnprintable } from './quote';
import type { Source } from './types';

/** Every kind of mistake that a policy can have. */
export const PROBLEM_CODES = [
  // the file
  'yaml_syntax',
  'yaml_feature',
  'duplicate_key',
  'empty_file',
  // the shape
  'unknown_key',
  'missing_key',
  'wrong_type',
  'wrong_value',
  'workload_name',
  'group_name',
  'text',
  // which hosts
  'host_choice',
  'host_empty',
  'host_yaml_word',
  'host_space',
  'host_character',
  'host_scheme',
  'host_userinfo',
  'host_path',
  'host_port',
  'host_everything',
  'host_wildcard',
  'host_public_suffix',
  'host_label',
  'host_idna',
  'host_ip_spelling',
  'host_ip_form',
  'host_ip_needs_private',
  'host_ip_outside_private',
  // groups
  'group_unknown',
  'group_nested',
  'group_keys',
  // presets
  'preset_unknown',
  'preset_keys',
  // what else a rule says
  'only_http',
  'tcp_wildcard',
  'tcp_needs_ports',
  'tcp_needs_reason',
  'method',
  'path',
  'expires',
  'cidr_syntax',
  'cidr_host_bits',
  'cidr_everything',
  'cidr_embeds_ipv4',
  'cidr_metadata',
  'address_syntax',
  'address_metadata',
  'address_outside_private',
  // between rules, workloads and files
  'duplicate',
  'conflicting_rules',
  'port_taken',
  'gateway_port',
  'port_conflict',
  'group_conflict',
] as const;

/** One word for the kind of a mistake. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One mistake, with the place where it was written. */
export interface PolicyProblem extends Source {
  readonly code: ProblemCode;
  /** What is wrong, the value, what is allowed, what to write; on one line, printable. */
  readonly message: string;
}

/**
 * `egress.yaml:12:9`, or the path of the value for a policy that is not a text (line 0).
 * @param source Where something was written.
 */
export function formatSource(source: Source): string {
  const file = escapeUnprintable(source.file);
  return source.line > 0 ? `${file}:${source.line}:${source.column}` : file;
}

/** A policy that does not check: all its problems at once, sorted by place, none of it applied. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly PolicyProblem[];

  /** @param problems At least one; sorted here, exact repetitions dropped. */
  constructor(problems: readonly PolicyProblem[]) {
    const sorted = sortProblems(problems);
    super(sorted.map((problem) => `${formatSource(problem)}: ${problem.message}`).join('\n'));
    this.problems = Object.freeze(sorted);
  }
}

/** A policy file that cannot be read at all. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  readonly code = 'unreadable';

  /**
   * @param files The unreadable files, in the order asked for.
   * @param message What failed for each, and what to do.
   */
  constructor(
    readonly files: readonly string[],
    message: string,
  ) {
    super(message);
  }
}

function sortProblems(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const unique = new Map(problems.map((problem) => [`${formatSource(problem)} ${problem.message}`, problem]));
  return [...unique.values()].sort(
    (a, b) =>
      compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.message, b.message),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
