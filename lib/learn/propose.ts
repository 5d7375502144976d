import type { LogGroup } from '../logs';
import { decide, type EgressPolicy } from '../policy';
import { NAME } from '../policy/schema';
import { fold, type FoldedWish } from './fold';
import { hazardOf } from './hazard';
import type { HazardKind } from './hazard-kinds';
import { requestOf, wishesOf, type Unfit, type Wish } from './wish';

export interface ProposeOptions {
  /** Kinds of host that are proposed as well. @default - none */
  readonly include?: readonly HazardKind[];
  /** Whether three names or more of one owner become a wildcard. @default false */
  readonly foldWildcards?: boolean;
  /** As of when the policy's rules count. */
  readonly now: Date;
}

/** A host of a proposed rule, with its evidence. */
export interface ProposedHost {
  readonly host: string;
  /** Where it is a wildcard: the names that were asked for. */
  readonly names?: readonly string[];
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Of several workloads in the log, only this one asked for it. */
  readonly onlyHere: boolean;
}

/** A rule to add. */
export interface ProposedRule {
  readonly workload: string;
  readonly protocol: 'tls' | 'http';
  /** Sorted. */
  readonly ports: readonly number[];
  readonly methods: readonly string[];
  /** Of rules for addresses: these alone. */
  readonly private?: readonly string[];
  /** Sorted. */
  readonly hosts: readonly ProposedHost[];
}

/** What a log gives reason to allow, and what is left to a person. */
export interface Proposal {
  /** By workload, then host. */
  readonly rules: readonly ProposedRule[];
  readonly leftOut: readonly Unfit[];
}

/**
 * The smallest set of rules under which the refusals of a log would have been none: exact hosts, those with the same ports and protocol in
 * one rule. What the policy allows by now is not proposed again.
 * @param policy undefined: a new one, with the workloads of the log
 */
export function propose(
  groups: readonly LogGroup[],
  policy: EgressPolicy | undefined,
  options: ProposeOptions,
): Proposal {
  const { wishes, unfit } = wishesOf(groups);
  const include = new Set(options.include);
  const leftOut = [...unfit];
  const wanted = wishes.filter((wish) => {
    const why = objection(wish, policy, include, options.now);
    if (why === 'allowed') return false;
    if (why !== undefined) leftOut.push({ ...wish, destination: `${wish.host}:${wish.port}`, why });
    return why === undefined;
  });
  const askers = new Map<string, Set<string>>();
  for (const { host, workload } of wishes) askers.set(host, (askers.get(host) ?? new Set()).add(workload));
  const several = new Set(groups.map(({ workload }) => workload)).size > 1;
  const onlyHere = (host: string): boolean => several && askers.get(host)?.size === 1;
  return { rules: rulesOf(wanted, options.foldWildcards ?? false, onlyHere), leftOut: leftOut.sort(byDestination) };
}

/** Why a wish is not proposed: `allowed` where there is nothing to do. */
function objection(
  wish: Wish,
  policy: EgressPolicy | undefined,
  include: ReadonlySet<HazardKind>,
  now: Date,
): string | undefined {
  if (!NAME.test(wish.workload)) return 'its workload has no name that a policy could have';
  if (policy && !policy.workloads.some(({ name }) => name === wish.workload))
    return 'its workload is not in the policy; add it there with a port first';
  const hazard = hazardOf(wish.host, wish.isIp);
  if (hazard && !include.has(hazard.kind)) return `it ${hazard.why}; --include ${hazard.kind} proposes it all the same`;
  if (!policy) return undefined;
  const methods = wish.methods.length === 0 ? ['GET'] : wish.methods;
  return methods.every((method) => decide(policy, requestOf(wish, method, now)).decision === 'allowed')
    ? 'allowed'
    : undefined;
}

function rulesOf(wishes: readonly Wish[], folds: boolean, onlyHere: (host: string) => boolean): ProposedRule[] {
  const alike = groupBy(wishes, ({ workload, port, protocol }) => JSON.stringify([workload, port, protocol]));
  const folded = [...alike.values()].flatMap((all): (Wish | FoldedWish)[] => (folds ? fold(all) : [...all]));
  // One host on several ports is one rule, if what it speaks is the same.
  const hosts = groupBy(folded, ({ workload, host, protocol, methods }) =>
    JSON.stringify([workload, host, protocol, methods]),
  );
  const rules = groupBy([...hosts.values()], (all) => {
    const { workload, protocol, methods, isIp, host } = all[0] as Wish;
    const ports = all.map(({ port }) => port).sort((a, b) => a - b);
    return JSON.stringify([workload, protocol, ports, methods, isIp ? host : null]);
  });
  return [...rules.values()].map((all) => ruleOf(all, onlyHere)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function ruleOf(all: readonly (readonly (Wish | FoldedWish)[])[], onlyHere: (host: string) => boolean): ProposedRule {
  const { workload, protocol, methods, isIp, host } = all[0]?.[0] as Wish;
  const network = `${host}/${host.includes(':') ? 128 : 32}`;
  return {
    workload,
    protocol,
    ports: [...new Set((all[0] ?? []).map(({ port }) => port))].sort((a, b) => a - b),
    methods,
    ...(isIp && { private: [network] }),
    hosts: all.map((wishes) => hostOf(wishes, onlyHere)).sort((a, b) => (a.host < b.host ? -1 : 1)),
  };
}

function hostOf(wishes: readonly (Wish | FoldedWish)[], onlyHere: (host: string) => boolean): ProposedHost {
  const { host } = wishes[0] as Wish;
  const names = [...new Set(wishes.flatMap((wish) => ('names' in wish ? wish.names : [])))].sort();
  return {
    host,
    ...(names.length > 0 && { names }),
    count: wishes.reduce((sum, { count }) => sum + count, 0),
    firstSeen: wishes.map(({ firstSeen }) => firstSeen).sort()[0] ?? '',
    lastSeen:
      wishes
        .map(({ lastSeen }) => lastSeen)
        .sort()
        .at(-1) ?? '',
    onlyHere: (names.length > 0 ? names : [host]).every(onlyHere),
  };
}

function keyOf({ workload, protocol, ports, hosts }: ProposedRule): string {
  return [workload, hosts[0]?.host, protocol, ...ports].join(' ');
}

function byDestination(a: Unfit, b: Unfit): number {
  return `${a.workload} ${a.destination} ${a.why}` < `${b.workload} ${b.destination} ${b.why}` ? -1 : 1;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
