import { EgressPolicy } from '../../lib/policy/policy';
import { type Rule, type Workload } from '../../lib/policy/types';

export interface Overlay {
  /** The hosts whose port 443 the stand-in answers for. */
  readonly hosts: readonly string[];
  readonly standIn: { readonly ip: string; readonly port: number };
  /** A workload whose port is another one in the demo. */
  readonly move?: { readonly workload: string; readonly port: number };
}

/** A rule as one writes it. */
type PlainRule = Pick<Rule, 'hosts' | 'ports' | 'protocol'> & { [key: string]: unknown };

/**
 * The same policy, in memory, in which the rules for `hosts` dial the stand-in. What is allowed and refused stays as it
 * is: a host that no rule names gets none here either.
 * @throws PolicyError if `move` puts a workload on a port that the policy uses
 */
export function withOverlay(policy: EgressPolicy, overlay: Overlay): EgressPolicy {
  const workloads = policy.workloads.map((workload) => [workload.name, plainWorkload(workload, overlay)] as const);
  return EgressPolicy.fromObject({ version: 1, mode: policy.mode, workloads: Object.fromEntries(workloads) });
}

function plainWorkload({ name, port, limits, rules }: Workload, { hosts, standIn, move }: Overlay): object {
  const redirected = hosts.reduce((all, host) => redirect(all, host, standIn), rules.map(plainRule));
  const unique = new Map(redirected.map((rule) => [JSON.stringify({ ...rule, owner: '', reason: '' }), rule]));
  return { port: move?.workload === name ? move.port : port, limits, allow: [...unique.values()] };
}

function plainRule({ hosts, ports, protocol, methods, paths, address, expires, owner, reason, ...rule }: Rule): PlainRule {
  const dialled = address && (address.ip.includes(':') ? `[${address.ip}]:${address.port}` : `${address.ip}:${address.port}`);
  return { hosts, ports, protocol, methods, paths, private: rule.private, address: dialled, expires, owner, reason };
}

/** Of the rules that count for `host` on port 443 (the most specific pattern does), the part for it dials the stand-in. */
function redirect(rules: readonly PlainRule[], host: string, standIn: Overlay['standIn']): PlainRule[] {
  const pattern = mostSpecific(rules, host);
  return rules.flatMap((rule) => {
    if (pattern === undefined || !rule.hosts.includes(pattern) || !rule.ports.includes(443)) return [rule];
    const dialled = { address: `${standIn.ip}:${standIn.port}`, private: [`${standIn.ip}/32`] };
    const redirected = { ...rule, hosts: [host], ports: [443], ...dialled };
    if (pattern !== host) return [rule, redirected];
    const others = { ...rule, hosts: rule.hosts.filter((each) => each !== host) };
    const otherPorts = { ...rule, hosts: [host], ports: rule.ports.filter((port) => port !== 443) };
    return [redirected, others, otherPorts].filter((each) => each.hosts.length > 0 && each.ports.length > 0);
  });
}

function mostSpecific(rules: readonly PlainRule[], host: string): string | undefined {
  const covers = (pattern: string) => pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
  const patterns = rules.filter((rule) => rule.ports.includes(443)).flatMap((rule) => rule.hosts.filter(covers));
  return patterns.includes(host) ? host : patterns.sort((a, b) => b.length - a.length)[0];
}
