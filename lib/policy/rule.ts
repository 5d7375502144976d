import { createHash } from 'node:crypto';
import { bracketHost } from './hosts';
import type { Rule } from './types';

/** A rule before it belongs to a workload: an entry of `allow` or of a group, normalised. */
export type RuleBody = Omit<Rule, 'id' | 'revision' | 'workload' | 'group' | 'preset'>;

/** The reference that a rule stands for, if any. */
export type Origin = Pick<Rule, 'group' | 'preset'>;

/** What makes two rules on one host and port different in kind, so that they cannot both count. */
export function kindOf(rule: Pick<Rule, 'protocol' | 'private' | 'address'>): string {
  return JSON.stringify([
    rule.protocol,
    rule.private ?? null,
    rule.address ? [rule.address.ip, rule.address.port] : null,
  ]);
}

/** Gives a body to a workload. Its id is the short one; {@link nameRules} tells namesakes apart. */
export function makeRule(body: RuleBody, workload: string, origin: Origin = {}): Rule {
  const { source, ...meaning } = body;
  return { id: shortId(body), revision: revisionOf(body, workload), workload, ...meaning, ...origin, source };
}

/**
 * Gives the rules of one workload ids that are unique and do not depend on their order.
 * @param rules Rules of one workload with distinct revisions.
 */
export function nameRules(rules: readonly Rule[]): Rule[] {
  const namesakes = new Map<string, string[]>();
  for (const rule of rules) {
    const id = shortId(rule);
    namesakes.set(id, [...(namesakes.get(id) ?? []), rule.revision]);
  }
  return rules.map((rule) => ({ ...rule, id: longId(rule, namesakes.get(shortId(rule)) ?? []) }));
}

/** SHA-256 in hex over JSON whose order the caller fixes. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Everything that changes what the rule lets pass, and nothing else. */
function revisionOf(body: RuleBody, workload: string): string {
  const { hosts, ports, protocol, methods, paths, address, expires } = body;
  const dial = address ? [address.ip, address.port] : null;
  return hashOf([
    workload,
    hosts,
    ports,
    protocol,
    methods ?? null,
    paths ?? null,
    body.private ?? null,
    dial,
    expires ?? null,
  ]).slice(0, 16);
}

function shortId({ hosts, ports }: Pick<Rule, 'hosts' | 'ports'>): string {
  const more = hosts.length > 1 ? `+${hosts.length - 1}` : '';
  return `${bracketHost(hosts[0] ?? '')}${more}:${ports.join(',')}`;
}

/** Four digits of the revision tell namesakes apart; more in the rare case that these are equal as well. */
function longId(rule: Rule, revisions: readonly string[]): string {
  if (revisions.length < 2) return shortId(rule);
  let digits = 4;
  while (digits < 16 && new Set(revisions.map((revision) => revision.slice(0, digits))).size < revisions.length)
    digits += 1;
  return `${shortId(rule)}~${rule.revision.slice(0, digits)}`;
}
