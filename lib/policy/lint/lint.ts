import { parse } from 'tldts';
import { formatSource } from '../errors';
import type { EgressPolicy } from '../policy';
import { escapeUnprintable, quote } from '../quote';
import type { Rule, Source, Workload } from '../types';
import { findHomograph } from './homograph';
import { findRedundant } from './redundant';
import { ACCEPTS_UPLOADS, DNS_OVER_HTTPS, findRisk, SHARED_HOSTING } from './risky-hosts';

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
] as const;

/** One word for the kind of a warning. */
export type WarningCode = (typeof WARNING_CODES)[number];

/** Something in a valid policy that deserves a second look. */
export interface Warning extends Source {
  readonly code: WarningCode;
  /** What, why, and what to do; on one line, printable. */
  readonly message: string;
}

/** Options of {@link lint}. */
export interface LintOptions {
  /** The moment at which expiry is judged; nothing here reads the clock. */
  readonly at: Date;
}

const SOON_DAYS = 14;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Looks for what a valid policy should not be without a reason: `check --strict` fails on it.
 * @returns Warnings sorted by place.
 */
export function lint(policy: EgressPolicy, { at }: LintOptions): Warning[] {
  const warnings = [
    ...(policy.mode === 'observe' ? [observing(policy)] : []),
    ...policy.workloads.flatMap((workload) => lintWorkload(workload, at)),
    ...unusedGroups(policy),
  ];
  return warnings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code));
}

function lintWorkload(workload: Workload, at: Date): Warning[] {
  const { name, rules, limits, source } = workload;
  const warnings: Warning[] = [];
  if (rules.length === 0) {
    warnings.push(warning('no_rules', source, `workload ${quote(name)} has no rules, so nothing leaves it; add rules under \`allow\`, or remove the workload`));
  }
  if (Object.keys(limits).length === 0) {
    warnings.push(warning('no_limits', source, `workload ${quote(name)} has no limits, so it may use all the gateway has; write \`limits: { requestsPerSecond: 50, connections: 200 }\``));
  }
  const redundant = [...findRedundant(workload)].map(([rule, wider]) =>
    warning('redundant', rule.source, `rule ${quote(rule.id)} allows nothing that the rule ${quote(wider.id)} at ${formatSource(wider.source)} does not allow; remove one`),
  );
  return [...warnings, ...rules.flatMap((rule) => [...lintRule(rule, at), ...lintHosts(rule)]), ...redundant];
}

function lintRule(rule: Rule, at: Date): Warning[] {
  const { id, source, protocol, ports } = rule;
  const warnings: Warning[] = [];
  if (rule.owner === undefined) warnings.push(warning('no_owner', source, `rule ${quote(id)} has no owner; write who answers for it as \`owner: …\``));
  if (rule.reason === undefined) warnings.push(warning('no_reason', source, `rule ${quote(id)} has no reason; write why it is there as \`reason: …\``));
  if (protocol === 'tcp' && ports.includes(443)) {
    warnings.push(warning('tcp_443', source, `rule ${quote(id)} opens port 443 as tcp, so no server name is compared; leave \`protocol\` out if the host speaks TLS`));
  }
  const star = rule.paths?.find((path) => path.endsWith('*'));
  if (star !== undefined) {
    warnings.push(warning('path_star', source, `path ${quote(star)}: a star stands for itself here, a path is a prefix already; write ${quote(star.replace(/\*+$/, ''))}`));
  }
  return [...warnings, ...lintExpiry(rule, at)];
}

function lintExpiry({ id, expires, source }: Rule, at: Date): Warning[] {
  if (expires === undefined) return [];
  const end = Date.parse(`${expires}T00:00:00Z`) + DAY;
  if (end <= at.getTime()) {
    return [warning('expired', source, `rule ${quote(id)} counted through ${expires} and refuses since; remove it, or write a later \`expires\``)];
  }
  if (end - at.getTime() > SOON_DAYS * DAY) return [];
  return [warning('expires_soon', source, `rule ${quote(id)} counts through ${expires}, less than ${SOON_DAYS} days from now; write a later \`expires\`, or tell its owner`)];
}

function lintHosts(rule: Rule): Warning[] {
  return rule.hosts.flatMap((host) => {
    const name = host.replace(/^\*\./, '');
    const risks = [
      ['accepts_uploads', findRisk(ACCEPTS_UPLOADS, name)],
      ['dns_over_https', findRisk(DNS_OVER_HTTPS, name)],
      ['shared_hosting', host === name || hasOneOwner(name) ? undefined : findRisk(SHARED_HOSTING, name)],
    ] as const;
    const found = risks.flatMap(([code, risk]) =>
      risk ? [warning(code, rule.source, `host ${quote(host)}: ${risk.name} ${risk.why}; ${REMEDIES[code]}`)] : [],
    );
    const odd = findHomograph(host);
    if (odd === undefined) return found;
    const message = `host ${quote(host)}: ${escapeUnprintable(odd)}; make sure that it is the name you mean`;
    return [...found, warning('homograph', rule.source, message)];
  });
}

const REMEDIES = {
  accepts_uploads: 'narrow it by http `paths` and `methods`, or allow another host',
  dns_over_https: 'remove it: the gateway resolves every name itself',
  shared_hosting: 'name the exact hosts',
} as const;

/** Whether a name lies below a private suffix (`bucket.s3.amazonaws.com`), so that all below it is one customer's. */
function hasOneOwner(name: string): boolean {
  const { isPrivate, domain } = parse(name, { allowPrivateDomains: true });
  return isPrivate === true && domain !== null;
}

function observing(policy: EgressPolicy): Warning {
  const source = policy.workloads[0]?.source ?? { file: policy.files[0] ?? 'policy', line: 0, column: 0 };
  return warning('observe', { ...source, line: Math.min(source.line, 1), column: Math.min(source.column, 1) }, 'the mode is observe, so what no rule allows passes and is only logged; write `mode: enforce` when the log holds no surprises');
}

function unusedGroups({ groups, workloads }: EgressPolicy): Warning[] {
  const used = new Set(workloads.flatMap(({ rules }) => rules.map(({ group }) => group)));
  return groups
    .filter(({ name }) => !used.has(name))
    .map(({ name, source }) => warning('unused_group', source, `group ${quote(name)} stands in no workload; write \`- group: ${name}\` under an \`allow\`, or remove it`));
}

function warning(code: WarningCode, { file, line, column }: Source, message: string): Warning {
  return { code, file, line, column, message };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
