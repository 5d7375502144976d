import { parse } from 'tldts';
import { escapeUnprintable, quote } from '../quote';
import type { Rule } from '../types';
import { findHomograph } from './homograph';
import { ACCEPTS_UPLOADS, DNS_OVER_HTTPS, findRisk, SHARED_HOSTING } from './risky-hosts';
import { warning, type Warning } from './warning';

/** Looks at the hosts of one rule. */
export function lintHosts(rule: Rule): Warning[] {
  return rule.hosts.flatMap((host) => {
    const risks = [
      ['accepts_uploads', findRisk(ACCEPTS_UPLOADS, host)],
      ['dns_over_https', findRisk(DNS_OVER_HTTPS, host)],
      ['shared_hosting', hasOneOwner(host) ? undefined : findRisk(SHARED_HOSTING, host)],
    ] as const;
    const found = risks.flatMap(([code, risk]) =>
      risk ? [warning(code, rule.source, `host ${quote(host)}: ${risk.name} ${risk.why}; ${REMEDIES[code]}`)] : [],
    );
    if (host.startsWith('*.') && !risks.some(([code, risk]) => code === 'shared_hosting' && risk)) {
      const message = `host ${quote(host)}: a wildcard opens every name below ${quote(host.slice(2))}, also those that come later; name the exact hosts`;
      found.push(warning('wildcard', rule.source, message));
    }
    const odd = findHomograph(host);
    if (odd === undefined) return found;
    const message = `host ${quote(host)}: ${escapeUnprintable(odd)}; make sure that it is the name you mean`;
    return [...found, warning('homograph', rule.source, message)];
  });
}

const REMEDIES = {
  accepts_uploads: 'allow another host if you can',
  dns_over_https: 'remove it: the gateway resolves every name itself',
  shared_hosting: 'name the exact hosts',
} as const;

/** Whether all names that a host stands for are one customer's: it is exact, or lies below a private suffix (`*.bucket.s3.amazonaws.com`). */
function hasOneOwner(host: string): boolean {
  if (!host.startsWith('*.')) return true;
  const name = host.slice(2);
  const { isPrivate, domain } = parse(name, { allowPrivateDomains: true });
  return isPrivate === true && domain !== null;
}
