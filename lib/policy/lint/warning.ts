import type { Source } from '../types';

/** Every kind of warning. */
export const WARNING_CODES = [
  'observe',
  'no_rules',
  'no_limits',
  'no_owner',
  'no_reason',
  'expired',
  'expires_soon',
  'tcp_443',
  'shared_hosting',
  'accepts_uploads',
  'dns_over_https',
  'homograph',
  'path_star',
  'redundant',
  'unused_group',
  'wildcard',
  'plain_http',
  'wide_private',
  'ignore_no_reason',
  'ignore_unknown',
  'ignore_unused',
] as const;

/** One word for the kind of a warning. */
export type WarningCode = (typeof WARNING_CODES)[number];

/** Something in a valid policy that deserves a second look. */
export interface Warning extends Source {
  readonly code: WarningCode;
  /** What, why, and what to do; on one line, printable. */
  readonly message: string;
}

/** Makes a warning. */
export function warning(code: WarningCode, { file, line, column }: Source, message: string): Warning {
  return { code, file, line, column, message };
}

/** Where a code is explained: what, why, an example, what to do and how to accept it. */
export function docsOf(code: WarningCode): string {
  return `docs/checks.md#${code}`;
}

/** A warning that a comment in the policy accepts. */
export interface Accepted extends Warning {
  /** Why, in the words of the comment; printable. */
  readonly because: string;
}
