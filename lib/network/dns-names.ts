import { quote } from '../policy/quote';
import { DnsNamesError } from './errors';
import { literalParts, mapLiterals } from './token';

/** Names in one `UpdateFirewallDomains` call, and the provider makes one call a list (Route 53 Resolver API Reference). */
export const DOMAINS_PER_LIST = 1_000;

/** Rules in one rule group, one list each (Route 53 Developer Guide, "Quotas on Route 53 Resolver DNS Firewall"). */
export const RULES_PER_GROUP = 100;

/** Domain specifications of an account in a region, over all lists (same place; it can be raised). */
export const DOMAINS_PER_ACCOUNT = 100_000;

/** Matches every name, for the rule that blocks the rest. */
export const EVERY_DOMAIN = '*.';

/** Lists that can be allowed: one rule of the group blocks the rest. */
const MOST_LISTS = RULES_PER_GROUP - 1;

/** Letters, digits and hyphens: an underscore, which DNS allows, is refused by `UpdateFirewallDomains` (API Reference, `Domains`). */
const LABEL = /^[a-z0-9-]{1,63}$/;

/** What `UpdateFirewallDomains` takes, the dot at the end included. */
const LONGEST = 255;

/**
 * Names as a list of DNS Firewall holds them: lower case, with the dot at the end (without it Terraform sees a change
 * for ever), sorted, each once.
 * @param names exact ones, or `*.` in front for every name below, which leaves out the name itself; a Terraform token
 *   may stand for any part, its value without a dot at the end
 * @throws {DnsNamesError} with all names that the firewall would refuse or read as something wider; the Terraform
 *   provider checks none of it
 */
export function firewallDomains(names: Iterable<string>): string[] {
  const domains = [...new Set([...names].map(canonical))].sort();
  const problems = domains.flatMap((domain) => nameProblem(domain) ?? []);
  if (problems.length > 0) throw new DnsNamesError(problems);
  return domains;
}

/**
 * Cuts names into lists.
 * @param size the most names in a list @default 1000, which is also the most that AWS takes
 * @throws {DnsNamesError} where one rule group has no room for so many lists
 */
export function chunkDomains(domains: readonly string[], size = DOMAINS_PER_LIST): string[][] {
  if (!Number.isInteger(size) || size < 1 || size > DOMAINS_PER_LIST) {
    throw new DnsNamesError([`size: ${quote(size)} is not a whole number from 1 to ${DOMAINS_PER_LIST}`]);
  }
  const count = Math.ceil(domains.length / size);
  if (count > MOST_LISTS) {
    throw new DnsNamesError([
      `${domains.length} names make ${count} lists of ${size}, and a rule group of DNS Firewall has room for ${MOST_LISTS} beside the rule that blocks the rest; name whole zones ("*.example.com") in the policy, or divide the workloads among several VPCs`,
    ]);
  }
  return Array.from({ length: count }, (_, index) => domains.slice(index * size, (index + 1) * size));
}

function canonical(name: string): string {
  const lower = mapLiterals(name, (part) => part.toLowerCase());
  return lower.endsWith('.') ? lower : `${lower}.`;
}

function nameProblem(domain: string): string | undefined {
  const name = domain.slice(0, -1).replace(/^\*\./, '');
  const refuse = (why: string): string =>
    `DNS name ${quote(domain.slice(0, -1))}: ${why}; write a name like "api.example.com", or "*.example.com" for every name below it`;
  if (name === '' || name === '*') return refuse('it names nothing, or everything');
  if (name.includes('*'))
    return refuse('"*" stands only in front, with a dot behind it ("*x.com" would also match "evilx.com")');
  if (literalParts(domain).join('').length > LONGEST) return refuse(`it is longer than ${LONGEST} characters`);
  const wrong = wrongLabel(name);
  if (wrong === undefined) return undefined;
  return refuse(
    wrong === '' ? 'a label is empty' : `the label ${quote(wrong)} is not made of 1 to 63 letters, digits and hyphens`,
  );
}

/** The first label that is wrong whatever tokens stand for: a token counts as one letter of its label. */
function wrongLabel(name: string): string | undefined {
  return literalParts(name)
    .join('x')
    .split('.')
    .find((label) => !LABEL.test(label));
}
