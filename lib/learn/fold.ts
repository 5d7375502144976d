import { getDomain } from 'tldts';
import { normaliseHost } from '../policy';
import { sharedHosting } from './hazard';
import type { Wish } from './wish';

/** So many names of one owner make a wildcard. */
const ENOUGH = 3;

/** A wish for every name below a domain, in the place of several exact ones. */
export interface FoldedWish extends Wish {
  /** The names that were asked for, sorted. */
  readonly names: readonly string[];
}

/**
 * Puts a wildcard in the place of three names or more below one registrable domain, which is one owner's; never over a public suffix
 * or a shared-hosting domain.
 * @param wishes of one workload, port and protocol
 */
export function fold(wishes: readonly Wish[]): (Wish | FoldedWish)[] {
  const byDomain = new Map<string, Wish[]>();
  const rest: Wish[] = [];
  for (const wish of wishes) {
    const domain = wish.isIp ? null : getDomain(wish.host, { allowPrivateDomains: true });
    if (domain === null || domain === wish.host || !isFoldable(domain)) rest.push(wish);
    else byDomain.set(domain, [...(byDomain.get(domain) ?? []), wish]);
  }
  return [
    ...rest,
    ...[...byDomain].flatMap(([domain, below]) => (below.length < ENOUGH ? below : [together(`*.${domain}`, below)])),
  ];
}

function isFoldable(domain: string): boolean {
  return 'host' in normaliseHost(`*.${domain}`) && sharedHosting(`*.${domain}`) === undefined;
}

function together(host: string, [first, ...others]: readonly Wish[]): FoldedWish {
  const all = [first as Wish, ...others];
  const { workload, isIp, port, protocol } = first as Wish;
  const open = all.some(({ methods }) => methods.length === 0);
  return {
    workload,
    host,
    isIp,
    port,
    protocol,
    methods: open ? [] : [...new Set(all.flatMap(({ methods }) => methods))].sort(),
    count: all.reduce((sum, { count }) => sum + count, 0),
    firstSeen: all.map(({ firstSeen }) => firstSeen).sort()[0] ?? '',
    lastSeen:
      all
        .map(({ lastSeen }) => lastSeen)
        .sort()
        .at(-1) ?? '',
    names: all.map((wish) => wish.host).sort(),
  };
}
