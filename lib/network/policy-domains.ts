import type { EgressPolicy, Source } from '../policy';
import { isIpHost } from '../policy/hosts';

/** A wildcard of the policy: whoever owns the zone sees every name below it that a workload asks for, and so can be sent data by DNS. */
export interface WildcardZone {
  /** `*.example.com` */
  readonly wildcard: string;
  /** `example.com` */
  readonly zone: string;
  /** Names of the workloads whose rules hold it, sorted. */
  readonly workloads: readonly string[];
  /** Where the rules were written, by workload, then in the order of its rules. */
  readonly sources: readonly Source[];
}

/** The names that the gateway resolves, as the policy writes them: lower case, punycode, no dot at the end, sorted. */
export interface PolicyDomains {
  readonly exact: readonly string[];
  /** With `*.` in front; the name itself is not covered. */
  readonly wildcards: readonly string[];
  /** One for each of `wildcards`, in the same order. */
  readonly zones: readonly WildcardZone[];
}

/**
 * The names that the gateway must be able to resolve for a policy. Rules with `address` and hosts that are addresses
 * resolve nothing. Expired rules count: what a policy compiles to does not depend on the day.
 */
export function policyDomains(policy: EgressPolicy): PolicyDomains {
  const exact = new Set<string>();
  const zones = new Map<string, { workloads: Set<string>; sources: Source[] }>();
  for (const rule of policy.workloads.flatMap(({ rules }) => rules)) {
    if (rule.address) continue;
    for (const host of rule.hosts.filter((each) => !isIpHost(each))) {
      if (!host.startsWith('*.')) {
        exact.add(host);
        continue;
      }
      const zone = zones.get(host) ?? { workloads: new Set(), sources: [] };
      zone.workloads.add(rule.workload);
      zone.sources.push(rule.source);
      zones.set(host, zone);
    }
  }
  const wildcards = [...zones.keys()].sort();
  return {
    exact: [...exact].sort(),
    wildcards,
    zones: wildcards.map((wildcard) => ({
      wildcard,
      zone: wildcard.slice(2),
      workloads: [...(zones.get(wildcard)?.workloads ?? [])].sort(),
      sources: zones.get(wildcard)?.sources ?? [],
    })),
  };
}
