import type { RuleRow } from '../model';

/** A rule with what a search looks at. */
export interface SearchableRule {
  readonly rule: RuleRow;
  /** All of it in lower case. */
  readonly text: string;
  /** What follows the `*` of its wildcards: `.example.org`. */
  readonly suffixes: readonly string[];
}

/** Made once; each search then only compares. */
export function searchable(rules: readonly RuleRow[]): SearchableRule[] {
  return rules.map((rule) => {
    const { workload, hosts, ports, protocol, narrowed, expires, owner, reason, from } = rule;
    const words = [
      workload,
      ...hosts,
      protocol,
      ...narrowed,
      expires,
      owner,
      reason,
      from,
      ...ports.map((port) => `:${port}`),
    ];
    const suffixes = hosts.flatMap((host) => (host.startsWith('*.') ? [host.slice(1)] : []));
    return { rule, text: words.filter(Boolean).join('\n').toLowerCase(), suffixes };
  });
}

/**
 * The rules that have all words of a query, or name the host that a word is: by itself, or by a wildcard above it. A word may be an
 * address as it is copied from elsewhere: `https://api.example.org/v1`, `api.example.org:443`.
 */
export function find(rules: readonly SearchableRule[], query: string, workload: string): RuleRow[] {
  const words = wordsOf(query);
  return rules
    .filter(({ rule }) => workload === '' || rule.workload === workload)
    .filter(({ text, suffixes }) =>
      words.every((word) => text.includes(word) || suffixes.some((suffix) => isBelow(word, suffix))),
    )
    .map(({ rule }) => rule);
}

/** The hosts of a rule, those first that a query means. */
export function hostsFor({ hosts }: RuleRow, query: string): readonly string[] {
  const words = wordsOf(query);
  if (words.length === 0) return hosts;
  const isMeant = (host: string): boolean =>
    words.some((word) => host.includes(word) || (host.startsWith('*.') && isBelow(word, host.slice(1))));
  return [...hosts.filter(isMeant), ...hosts.filter((host) => !isMeant(host))];
}

function isBelow(word: string, suffix: string): boolean {
  return word.length > suffix.length && word.endsWith(suffix);
}

function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .flatMap((word) => {
      const [, host, port] = /^(?:[a-z]+:\/\/)?([^/:]+\.[^/:]+)(:\d{1,5})?(?:\/.*)?$/.exec(word) ?? [];
      return host === undefined ? [word] : [host.replace(/\.$/, ''), port ?? ''];
    })
    .filter((word) => word !== '');
}
