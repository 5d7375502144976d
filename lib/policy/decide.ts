import { contains, PUBLIC_DENIED_RANGES } from './cidr';
import { ADD_RULE_HINTS, fillHint, HINTS } from './hints';
import { innerRequest, judge, type Objection } from './objection';
import type { EgressPolicy } from './policy';
import type { Reason } from './reasons';
import { bareHost, targetOf, type Target } from './target';
import type { Rule } from './types';

/** One request as the gateway sees it. */
export interface EgressRequest {
  readonly workload: string;
  /** A CONNECT tunnel, or a request with an absolute-form target (RFC 9112, section 3.2). */
  readonly form: 'connect' | 'absolute';
  /** Of the request to the gateway: `CONNECT`, `GET`, ... */
  readonly method: string;
  /** As sent: `host:port` of a CONNECT, `host` or `host:port` of an absolute-form target. */
  readonly authority: string;
  /** Of an absolute-form request, with its query. @default '/' */
  readonly path?: string;
  /** What flows in the tunnel. @default 'tls' */
  readonly payload?: 'tls' | 'http' | 'other';
  /** The server name in the TLS ClientHello, if any. */
  readonly sni?: string;
  /** The HTTP request inside a tunnel whose payload is `http`. */
  readonly inner?: { readonly method: string; readonly host: string; readonly path: string };
  /** What the name resolves to; absent: not known and taken as fine; empty: it does not resolve. */
  readonly answers?: readonly string[];
  readonly now: Date;
}

/** What the policy says of one request. */
export interface Decision {
  readonly decision: 'allowed' | 'denied' | 'would_deny';
  readonly reason: Reason;
  /** The rule that allows the request, or that names its host and does not allow it. */
  readonly rule?: Rule;
  /** What to do about a refusal. */
  readonly hint?: string;
  /** `request`: refused before anything flows; `tunnel`: inside a CONNECT that already got its 200. */
  readonly stage: 'request' | 'tunnel';
}

/** Objections after which mode `observe` dials like for a host that no rule names: public addresses alone. */
const ANY_ADDRESS_CLASS: ReadonlySet<Reason> = new Set(['no_rule', 'ip_literal', 'port', 'not_tls', 'not_connect']);

/**
 * What the policy means for one request: the one definition, with which the compiled Envoy config agrees on every request.
 * Limits have state and are outside it. Where a tunnel has two faults at once (a wrong SNI and no address), Envoy may name the other one.
 *
 * @throws Error if the policy has no such workload.
 */
export function decide(policy: EgressPolicy, request: EgressRequest): Decision {
  const workload = policy.workloads.find(({ name }) => name === request.workload);
  if (!workload) throw new Error(`the policy has no workload ${JSON.stringify(request.workload)}`);
  const target = targetOf(request);
  if (!target) return denied(request, { host: request.authority, port: '' }, { reason: 'malformed', stage: 'request' });
  const { rules, objection, fitting } = judge(workload, policy.mode, request, target);
  if (objection && (objection.final || policy.mode === 'enforce')) return denied(request, target, objection);
  const unreachable = addressObjection(request, dialled(rules, objection, fitting));
  if (unreachable) return denied(request, target, unreachable);
  if (objection) return { ...denied(request, target, objection), decision: 'would_deny' };
  return { decision: 'allowed', reason: 'rule', stage: stageOf(request, fitting), ...(fitting && { rule: fitting }) };
}

function denied(request: EgressRequest, target: Target, { reason, rule, stage }: Objection): Decision {
  const method = stage === 'tunnel' && request.inner ? request.inner.method : request.method;
  const hint = reason === 'no_rule' ? addRuleHint(request, target) : HINTS[reason];
  const values = { workload: request.workload, host: bareHost(target.host), port: target.port, method };
  return { decision: 'denied', reason, stage, ...(rule && { rule }), ...(hint && { hint: fillHint(hint, values) }) };
}

function addRuleHint(request: EgressRequest, target: Target): string {
  if (request.form === 'absolute') return ADD_RULE_HINTS.http;
  if (request.payload === 'other') return ADD_RULE_HINTS.tcp;
  return target.port === '443' ? ADD_RULE_HINTS.tls : ADD_RULE_HINTS.tlsPort;
}

function stageOf(request: EgressRequest, rule: Rule | undefined): Decision['stage'] {
  return request.form === 'connect' && rule?.protocol !== 'tcp' ? 'tunnel' : 'request';
}

/** The rule whose addresses are dialled; undefined: public ones. */
function dialled(
  rules: readonly Rule[],
  objection: Objection | undefined,
  fitting: Rule | undefined,
): Rule | undefined {
  if (objection?.stage === 'request' && ANY_ADDRESS_CLASS.has(objection.reason)) return undefined;
  // All of them dial the same; the one that the request is judged by is named.
  return fitting ?? objection?.rule ?? rules[0];
}

/** Whether the guard finds an address to dial; a rule with `address` resolves nothing, and without a rule only public ones count. */
function addressObjection(request: EgressRequest, rule: Rule | undefined): Objection | undefined {
  if (rule?.address || request.answers === undefined) return undefined;
  const reachable = (ip: string) => (rule?.private ? contains(rule.private, ip) : !contains(PUBLIC_DENIED_RANGES, ip));
  if (request.answers.some(reachable)) return undefined;
  const unread = !rule || rule.protocol === 'tls' || isUnread(request, rule);
  const opaque = request.form === 'connect' && unread;
  const reason = opaque ? 'no_address' : request.answers.length > 0 ? 'private_address' : 'dns_failure';
  return { reason, stage: stageOf(request, rule), ...(rule && { rule }) };
}

/** Whether a tunnel to an `http` rule carries something else, which passes unread in mode `observe`. */
function isUnread(request: EgressRequest, rule: Rule): boolean {
  return rule.protocol === 'http' && !innerRequest(request);
}
