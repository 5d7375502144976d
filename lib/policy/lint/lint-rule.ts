import { quote } from '../quote';
import type { Rule } from '../types';
import { warning, type Warning } from './warning';

/** A rule that ends within this many days is worth a word. */
const SOON_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/** Looks at one rule without its hosts. */
export function lintRule(rule: Rule, at: Date): Warning[] {
  const { id, source, protocol, ports } = rule;
  const warnings: Warning[] = [];
  if (rule.owner === undefined)
    warnings.push(
      warning('no_owner', source, `rule ${quote(id)} has no owner; write who answers for it as \`owner: …\``),
    );
  if (rule.reason === undefined)
    warnings.push(
      warning('no_reason', source, `rule ${quote(id)} has no reason; write why it is there as \`reason: …\``),
    );
  if (protocol === 'tcp' && ports.includes(443)) {
    warnings.push(
      warning(
        'tcp_443',
        source,
        `rule ${quote(id)} opens port 443 as tcp, so no server name is compared; leave \`protocol\` out if the host speaks TLS`,
      ),
    );
  }
  const star = rule.paths?.find((path) => path.endsWith('*'));
  if (star !== undefined) {
    warnings.push(
      warning(
        'path_star',
        source,
        `path ${quote(star)}: a star stands for itself here, a path is a prefix already; write ${quote(star.replace(/\*+$/, ''))}`,
      ),
    );
  }
  return [...warnings, ...lintExpiry(rule, at)];
}

function lintExpiry({ id, expires, source }: Rule, at: Date): Warning[] {
  if (expires === undefined) return [];
  const end = Date.parse(`${expires}T00:00:00Z`) + DAY;
  if (end <= at.getTime()) {
    return [
      warning(
        'expired',
        source,
        `rule ${quote(id)} counted through ${expires} and refuses since; remove it, or write a later \`expires\``,
      ),
    ];
  }
  if (end - at.getTime() > SOON_DAYS * DAY) return [];
  return [
    warning(
      'expires_soon',
      source,
      `rule ${quote(id)} counts through ${expires}, less than ${SOON_DAYS} days from now; write a later \`expires\`, or tell its owner`,
    ),
  ];
}
