import { EgressPolicy } from '../../lib/policy/policy';
import { toObject } from '../../lib/policy/to-object';

export interface Overlay {
  /** The hosts whose port 443 the stand-in answers for. */
  readonly hosts: readonly string[];
  readonly standIn: { readonly ip: string; readonly port: number };
  /** A workload whose port is another one in the demo. */
  readonly move?: { readonly workload: string; readonly port: number };
}

type PlainWorkload = NonNullable<ReturnType<typeof toObject>['workloads']>[string];
type PlainRule = NonNullable<PlainWorkload['allow']>[number];

/**
 * The same policy, in memory, in which the rules for `hosts` dial the stand-in. What is allowed and refused stays as it
 * is: a host that no rule names gets none here either.
 * @throws PolicyError if `move` puts a workload on a port that the policy uses
 */
export function withOverlay(policy: EgressPolicy, { hosts, standIn, move }: Overlay): EgressPolicy {
  const { workloads, ...rest } = toObject(policy);
  const overlaid = Object.entries(workloads ?? {}).map(([name, workload]): [string, PlainWorkload] => {
    const rules = hosts.reduce<PlainRule[]>((all, host) => redirect(all, host, standIn), workload.allow ?? []);
    return [name, { ...workload, port: move?.workload === name ? move.port : workload.port, allow: unique(rules) }];
  });
  return EgressPolicy.fromObject({ ...rest, workloads: Object.fromEntries(overlaid) });
}

/** Of the rules that count for `host` on port 443 (the most specific pattern does), the part for it dials the stand-in. */
function redirect(rules: readonly PlainRule[], host: string, standIn: Overlay['standIn']): PlainRule[] {
  const pattern = mostSpecific(rules, host);
  return rules.flatMap((rule) => {
    const { hosts = [], ports = [] } = rule;
    if (pattern === undefined || !hosts.includes(pattern) || !ports.includes(443)) return [rule];
    const dialled = { address: `${standIn.ip}:${standIn.port}`, private: [`${standIn.ip}/32`] };
    const redirected = { ...rule, hosts: [host], ports: [443], ...dialled };
    if (pattern !== host) return [redirected, rule];
    const otherHosts = { ...rule, hosts: hosts.filter((each) => each !== host) };
    const otherPorts = { ...rule, hosts: [host], ports: ports.filter((port) => port !== 443) };
    return [redirected, otherHosts, otherPorts].filter((each) => each.hosts.length > 0 && each.ports?.length !== 0);
  });
}

function mostSpecific(rules: readonly PlainRule[], host: string): string | undefined {
  const covers = (pattern: string) => pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
  const patterns = rules
    .filter(({ ports = [] }) => ports.includes(443))
    .flatMap(({ hosts = [] }) => hosts.filter(covers));
  return patterns.includes(host) ? host : patterns.sort((a, b) => b.length - a.length)[0];
}

/** Rules that were different only in ports may have become the same. */
function unique(rules: readonly PlainRule[]): PlainRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify({ ...rule, owner: '', reason: '' }), rule])).values()];
}
