import { cidr } from '../cidr';
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
  return [...warnings, ...lintReach(rule), ...lintExpiry(rule, at)];
}

/** The widest networks that a rule should name: AWS makes no VPC wider than a /16 (VPC User Guide), and a site's unique local prefix is a /48 (RFC 4193). */
const WIDEST = { 4: 16, 6: 48 } as const;

function lintReach({ id, source, protocol, private: networks }: Rule): Warning[] {
  const warnings: Warning[] = [];
  if (protocol === 'http' && networks === undefined) {
    const message = `rule ${quote(id)} sends plain HTTP over the Internet, where whoever is on the way reads and changes it; leave \`protocol\` out if the host speaks TLS`;
    warnings.push(warning('plain_http', source, message));
  }
  const wide = (networks ?? []).filter((network) => {
    const { family, prefix } = cidr(network);
    return prefix < WIDEST[family];
  });
  if (wide.length > 0) {
    const message = `rule ${quote(id)} reaches private addresses in ${wide.slice(0, 3).join(', ')}${wide.length > 3 ? ' and more' : ''}, which is wider than a network of one owner needs (/${WIDEST[4]}, IPv6 /${WIDEST[6]}); write the networks in which the hosts really are`;
    warnings.push(warning('wide_private', source, message));
  }
  return warnings;
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
