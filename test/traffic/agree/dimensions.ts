import type { Decision, EgressRequest } from '../../../lib/policy/decide';
import { isExpired } from '../../../lib/policy/expiry';
import { patternsNaming, RuleIndex } from '../../../lib/policy/match';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { bareHost, targetOf } from '../../../lib/policy/target';
import type { Rule, Workload } from '../../../lib/policy/types';

/** A policy, a request, and what `decide` says of the two, with what a dimension may want to know of them. */
export interface Reached {
  readonly policy: EgressPolicy;
  readonly request: EgressRequest;
  readonly decision: Decision;
  readonly workload: Workload;
  readonly host: string;
  /** The most specific pattern that names the host. */
  readonly pattern: string | undefined;
  /** The rules that count for host and port. */
  readonly rules: readonly Rule[];
}

const allowed = ({ decision }: Reached): boolean => decision.decision === 'allowed';
const is = ({ decision }: Reached, ...reasons: string[]): boolean => reasons.includes(decision.reason);
const day = (date: Date): string => date.toISOString().slice(0, 10);
const wildcardsOver = ({ workload, host }: Reached): string[] =>
  patternsNaming(host)
    .slice(1)
    .filter((wider) => workload.rules.some(({ hosts }) => hosts.includes(wider)));
/** Only requests whose fate depends on the rules themselves. */
const judged = (pair: Reached): boolean => pair.rules.length > 0 && !is(pair, 'malformed');
const httpOf = ({ request }: Reached): { method: string; path: string } | undefined =>
  request.form === 'absolute' ? { method: request.method, path: request.path ?? '/' } : request.inner;
const pathOf = (pair: Reached): string => httpOf(pair)?.path.replace(/\?.*/, '') ?? '';
const answers = ({ request }: Reached): readonly string[] => request.answers ?? [];
const looked = (pair: Reached): boolean =>
  judged(pair) &&
  !pair.rules[0]?.address &&
  (allowed(pair) || is(pair, 'private_address', 'no_address', 'dns_failure'));

/**
 * What a run has to reach, each with the pairs that count for it: in each of them it takes part in the decision. One that a run hardly
 * reaches proves nothing.
 */
export const DIMENSIONS: Readonly<Record<string, (pair: Reached) => boolean>> = {
  'wildcard allows': (pair) => allowed(pair) && pair.pattern?.startsWith('*') === true,
  'exact host inside a wildcard': (pair) =>
    judged(pair) && pair.pattern === pair.host && wildcardsOver(pair).length > 0,
  'wildcard inside a wildcard': (pair) =>
    judged(pair) && pair.pattern?.startsWith('*') === true && wildcardsOver(pair).length > 1,
  'host that no rule names': (pair) => is(pair, 'no_rule'),
  'address as host, named': (pair) => allowed(pair) && /^[\d.]+$|:/.test(pair.host),
  'address as host, not named': (pair) => is(pair, 'ip_literal'),
  'port of its own': (pair) => allowed(pair) && !/:(443|80)$/.test(pair.request.authority),
  'port that no rule names': (pair) => is(pair, 'port'),
  'methods allow': (pair) => allowed(pair) && pair.decision.rule?.methods !== undefined,
  'methods refuse': (pair) => is(pair, 'method') && pair.decision.rule?.methods !== undefined,
  TRACE: (pair) => httpOf(pair)?.method === 'TRACE' && is(pair, 'method'),
  'paths allow': (pair) => allowed(pair) && pair.decision.rule?.paths !== undefined,
  'paths refuse': (pair) => is(pair, 'path'),
  'several http rules on one host and port': (pair) =>
    judged(pair) && pair.rules.length > 1 && pair.rules[0]?.protocol === 'http',
  'path with dot segments': (pair) =>
    (allowed(pair) || is(pair, 'path')) && /\/(\.|%2e){1,2}(\/|$)/i.test(pathOf(pair)),
  'path with escapes': (pair) => (allowed(pair) || is(pair, 'path')) && pathOf(pair).includes('%'),
  'private allows': (pair) => allowed(pair) && pair.rules[0]?.private !== undefined,
  'private refuses': (pair) => is(pair, 'private_address', 'no_address') && pair.rules[0]?.private !== undefined,
  'public answers': (pair) => allowed(pair) && looked(pair) && pair.rules[0]?.private === undefined,
  'private answers to a public rule': (pair) =>
    is(pair, 'private_address', 'no_address') && answers(pair).length > 0 && pair.rules[0]?.private === undefined,
  'mixed answers': (pair) => looked(pair) && answers(pair).length > 2,
  'no answer': (pair) => looked(pair) && answers(pair).length === 0,
  'rule of a group': (pair) => judged(pair) && pair.rules.some(({ group }) => group !== undefined),
  'before the last day': (pair) =>
    judged(pair) && pair.rules.some(({ expires }) => expires !== undefined && day(pair.request.now) < expires),
  'on the last day': (pair) => judged(pair) && pair.rules.some(({ expires }) => expires === day(pair.request.now)),
  'after the last day': (pair) => is(pair, 'expired'),
  'another rule goes on after the last day': (pair) =>
    allowed(pair) && pair.rules.some((rule) => isExpired(rule, pair.request.now)),
  'observe lets pass': ({ decision }) => decision.decision === 'would_deny',
  'observe refuses all the same': (pair) =>
    pair.policy.mode === 'observe' && pair.decision.decision === 'denied' && !is(pair, 'malformed'),
  'address of a rule': (pair) => allowed(pair) && pair.decision.rule?.address !== undefined,
  'tcp allows': (pair) => allowed(pair) && pair.decision.rule?.protocol === 'tcp',
  'tcp without CONNECT': (pair) => is(pair, 'not_connect'),
  'second workload': (pair) => judged(pair) && pair.request.workload === 'other',
  'third workload': (pair) => judged(pair) && pair.request.workload === 'third',
  "another workload's host": (pair) =>
    is(pair, 'no_rule') &&
    pair.policy.workloads.some((other) => new RuleIndex(other).patternFor(pair.host) !== undefined),
  'limits that are not reached': (pair) => judged(pair) && Object.keys(pair.workload.limits).length > 0,
  'CONNECT allowed': (pair) => allowed(pair) && pair.request.form === 'connect',
  'absolute form allowed': (pair) => allowed(pair) && pair.request.form === 'absolute',
  'HTTP in a tunnel allowed': (pair) =>
    allowed(pair) && pair.request.inner !== undefined && pair.rules[0]?.protocol === 'http',
  'HTTP in a tunnel with another Host': (pair) => is(pair, 'host_mismatch'),
  'HTTP in a tunnel that cannot be read': (pair) => is(pair, 'malformed') && pair.decision.stage === 'tunnel',
  'server name of another host, or none': (pair) => is(pair, 'sni_mismatch'),
  'no TLS where TLS is due': (pair) => is(pair, 'not_tls'),
  'no HTTP where HTTP is due': (pair) => is(pair, 'not_http'),
  'host in capitals': (pair) => allowed(pair) && /[A-Z]/.test(pair.request.authority),
  'trailing dot': (pair) => !is(pair, 'malformed') && pair.host.endsWith('.'),
  'user information': (pair) => pair.request.authority.includes('@') && !is(pair, 'malformed'),
  'authority that cannot be read': (pair) => is(pair, 'malformed') && targetOf(pair.request) === undefined,
  'request line that cannot be read': (pair) =>
    is(pair, 'malformed') && pair.request.form === 'absolute' && targetOf(pair.request) !== undefined,
};

/** The names of the dimensions that a pair reaches. */
export function dimensionsOf(policy: EgressPolicy, request: EgressRequest, decision: Decision): string[] {
  const workload = policy.workloads.find(({ name }) => name === request.workload);
  if (!workload) throw new Error(`no workload ${request.workload}`);
  const target = targetOf(request);
  const host = bareHost(target?.host ?? '');
  const index = new RuleIndex(workload);
  const pattern = target && index.patternFor(host);
  const rules = (pattern !== undefined && index.portRules(pattern).get(Number(target?.port))) || [];
  const pair: Reached = { policy, request, decision, workload, host, pattern, rules };
  return Object.entries(DIMENSIONS)
    .filter(([, counts]) => counts(pair))
    .map(([name]) => name);
}

/** How many pairs must reach each dimension: one in 500, and 5 of a small run; of a run below 2,000 nothing is asked. */
export function floorOf(pairs: number): number {
  return pairs < 2000 ? 0 : Math.max(5, Math.ceil(pairs / 500));
}
