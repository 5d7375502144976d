import { distance } from 'fastest-levenshtein';

/** What people write who know other tools, and what it is called here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  domain: 'host',
  domains: 'hosts',
  url: 'host',
  port: 'ports',
  method: 'methods',
  path: 'paths',
  rules: 'allow',
  allowed: 'allow',
  cidr: 'private',
  cidrs: 'private',
  ip: 'address',
  ttl: 'expires',
  until: 'expires',
  expiry: 'expires',
  description: 'reason',
  comment: 'reason',
};

/** Longer texts are nobody's typing mistake. */
const LONGEST_KEY = 64;

/** The key that was probably meant: another tool's word for it, its beginning, or one within two typing mistakes. */
export function suggestKey(key: string, keys: readonly string[]): string | undefined {
  const lower = key.toLowerCase().slice(0, LONGEST_KEY);
  const other = Object.hasOwn(OTHER_NAMES, lower) ? OTHER_NAMES[lower] : undefined;
  if (other !== undefined && keys.includes(other)) return other;
  const near = keys
    .map((candidate) => ({ candidate, mistakes: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.mistakes - b.mistakes)[0];
  if (near !== undefined && near.mistakes <= 2) return near.candidate;
  return lower.length < 3 ? undefined : keys.find((candidate) => candidate.toLowerCase().startsWith(lower));
}
