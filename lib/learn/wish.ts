import type { LogGroup } from '../logs';
import type { EgressRequest } from '../policy/decide';
import { bracketHost } from '../policy/hosts';

/** What a workload asked for and did not get: everything that a rule for it needs to say, with its evidence. */
export interface Wish {
  readonly workload: string;
  readonly host: string;
  readonly isIp: boolean;
  readonly port: number;
  readonly protocol: 'tls' | 'http';
  /** Of plain HTTP, sorted; empty for TLS, which hides them. */
  readonly methods: readonly string[];
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** A refusal of which no rule is made. */
export interface Unfit {
  readonly workload: string;
  /** Fit for a terminal, as {@link LogGroup.destination}. */
  readonly destination: string;
  readonly count: number;
  readonly why: string;
}

/** Refusals that a new rule ends, and why the others are none of these. */
const REMEDIES: Readonly<Record<string, string | undefined>> = {
  no_rule: undefined,
  port: undefined,
  method: undefined,
  ip_literal: undefined,
  path: 'the log has no paths; widen `paths` of its rule by hand',
  expired: 'its rule has ended; renew `expires` by hand if its reason still holds',
  not_tls: 'it spoke something else than TLS to a rule for TLS',
  not_http: 'it spoke something else than HTTP to a rule for HTTP',
  not_connect: 'its rule is for opaque TCP, which is reached by CONNECT alone',
  sni_mismatch: 'it named another server inside the tunnel than outside',
  host_mismatch: 'it named another host inside the tunnel than outside',
  private_address: 'it resolves to internal addresses; write a rule with `private` by hand if it is internal',
  no_address: 'it resolves to no address that a rule may reach; write a rule with `private` by hand if it is internal',
  dns_failure: 'it does not resolve',
  unreachable: 'its server did not answer',
  limit: 'a limit was reached, no rule is missing',
  malformed: 'it is not a request that a proxy can read',
};

/** Reads the refusals of a log as wishes, one for each workload, host, port and protocol. */
export function wishesOf(groups: readonly LogGroup[]): { wishes: Wish[]; unfit: Unfit[] } {
  const wishes = new Map<string, Wish>();
  const unfit: Unfit[] = [];
  for (const group of groups) {
    if (group.decision === 'allowed') continue;
    const wish = wishOf(group);
    if ('why' in wish) {
      unfit.push(wish);
      continue;
    }
    const key = JSON.stringify([wish.workload, wish.host, wish.port, wish.protocol]);
    const known = wishes.get(key);
    wishes.set(key, known ? united(known, wish) : wish);
  }
  return { wishes: [...wishes.values()], unfit };
}

/** The request for which the wish stands, as a well-behaved client sends it. */
export function requestOf({ workload, host, isIp, port, protocol }: Wish, method: string, now: Date): EgressRequest {
  const authority = `${bracketHost(host)}:${port}`;
  if (protocol === 'http') return { workload, form: 'absolute', method, authority, path: '/', now };
  return { workload, form: 'connect', method: 'CONNECT', authority, payload: 'tls', ...(!isIp && { sni: host }), now };
}

function wishOf(group: LogGroup): Wish | Unfit {
  const { workload, destination, count, reason, parsed, method = 'CONNECT', firstSeen, lastSeen } = group;
  const not = (why: string): Unfit => ({ workload, destination, count, why });
  if (!Object.hasOwn(REMEDIES, reason)) return not(`the reason ${JSON.stringify(reason)} is not known here`);
  const why = REMEDIES[reason];
  if (why !== undefined) return not(why);
  if (!parsed) return not('it is no host that a rule could name');
  const { host, isIp, port, protocol } = parsed;
  if (protocol === 'unknown')
    return not(
      'the log does not say what it speaks; write the rule by hand, with `protocol: http` or `tcp` unless it is TLS',
    );
  if (protocol === 'http' && (method === 'TRACE' || !/^[A-Z-]+$/.test(method)))
    return not(`the method ${JSON.stringify(method)} is none that a rule could name`);
  const methods = protocol === 'http' && method !== 'CONNECT' ? [method] : [];
  return { workload, host, isIp, port, protocol, methods, count, firstSeen, lastSeen };
}

function united(a: Wish, b: Wish): Wish {
  return {
    ...a,
    // A tunnel to port 80 does not say which methods it is for.
    methods: a.methods.length === 0 || b.methods.length === 0 ? [] : [...new Set([...a.methods, ...b.methods])].sort(),
    count: a.count + b.count,
    firstSeen: a.firstSeen < b.firstSeen ? a.firstSeen : b.firstSeen,
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
  };
}
