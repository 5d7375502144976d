import { contains, PUBLIC_DENIED_RANGES } from './cidr';
import { ADD_RULE_HINTS, fillHint, HINTS } from './hints';
import { pathFits, RuleIndex } from './match';
import { normalisePath } from './paths';
import type { EgressPolicy } from './policy';
import type { Reason } from './reasons';
import type { Rule, Workload } from './types';

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

/** A refusal by the policy itself, which mode `observe` lets pass, or by the guard, which no mode does. */
interface Refusal {
  readonly reason: Reason;
  readonly stage: 'request' | 'tunnel';
  readonly rule?: Rule;
  readonly final?: boolean;
}

interface Target {
  readonly host: string;
  readonly port: string;
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?$/;
/** The last label is a number: an IPv4 address in some spelling (WHATWG URL, "ends in a number"). */
const NUMBER_AT_END = /(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$/;

/** Refusals after which mode `observe` dials like for a host that no rule names: public addresses alone. */
const ANY_ADDRESS_CLASS: ReadonlySet<Reason> = new Set(['no_rule', 'ip_literal', 'port', 'not_tls', 'not_connect']);

const indexes = new WeakMap<Workload, RuleIndex>();

function indexOf(workload: Workload): RuleIndex {
  const known = indexes.get(workload) ?? new RuleIndex(workload);
  indexes.set(workload, known);
  return known;
}

/**
 * What the policy means for one request: the one definition, with which the compiled Envoy config agrees on every request.
 * Limits have state and are outside it. Where a tunnel has two faults at once (a wrong SNI and no address), Envoy may name the other one.
 *
 * @throws Error if the policy has no such workload.
 */
export function decide(policy: EgressPolicy, request: EgressRequest): Decision {
  const workload = policy.workloads.find(({ name }) => name === request.workload);
  if (!workload) throw new Error(`the policy has no workload ${JSON.stringify(request.workload)}`);
  const target = parseAuthority(request);
  if (!target) return denied(request, { host: request.authority, port: '' }, { reason: 'malformed', stage: 'request' });
  const { rules, refusal } = refusalOf(workload, request, target);
  if (refusal && (refusal.final || policy.mode === 'enforce')) return denied(request, target, refusal);
  const dialled = refusal?.stage === 'request' && ANY_ADDRESS_CLASS.has(refusal.reason) ? undefined : rules[0];
  const unreachable = addressRefusal(request, dialled);
  if (unreachable) return denied(request, target, unreachable);
  if (refusal) return { ...denied(request, target, refusal), decision: 'would_deny' };
  const [rule] = rules;
  return { decision: 'allowed', reason: 'rule', stage: stageOf(request, rule), ...(rule && { rule }) };
}

function denied(request: EgressRequest, target: Target, refusal: Refusal): Decision {
  const { reason, rule, stage } = refusal;
  const method = stage === 'tunnel' && request.inner ? request.inner.method : request.method;
  const { host, port } = target;
  const hint = reason === 'no_rule' ? addRuleHint(request, target) : HINTS[reason];
  const values = { workload: request.workload, host, port, method };
  return { decision: 'denied', reason, stage, ...(rule && { rule }), ...(hint && { hint: fillHint(hint, values) }) };
}

function addRuleHint(request: EgressRequest, target: Target): string {
  if (request.form === 'absolute') return ADD_RULE_HINTS.http;
  return target.port === '443' ? ADD_RULE_HINTS.tls : ADD_RULE_HINTS.tlsPort;
}

/** The target in lower case, or undefined where it is not one that a forward proxy can read. */
function parseAuthority(request: EgressRequest): Target | undefined {
  const match = AUTHORITY.exec(request.authority.toLowerCase());
  const host = match?.[1];
  if (!host || Number(match[2] ?? 0) > 65535) return undefined;
  if (request.form === 'connect') return match[2] === undefined ? undefined : { host, port: match[2] };
  return { host, port: match[2] ?? '80' };
}

/** The rules that count for the target, and the policy's objection, if it has one; addresses are not looked at. */
function refusalOf(
  workload: Workload,
  request: EgressRequest,
  target: Target,
): { rules: readonly Rule[]; refusal?: Refusal } {
  const none: readonly Rule[] = [];
  if (request.method === 'TRACE') return { rules: none, refusal: { reason: 'method', stage: 'request', final: true } };
  if (request.form === 'absolute' && normalisePath(request.path ?? '/') === undefined) {
    return { rules: none, refusal: { reason: 'malformed', stage: 'request', final: true } };
  }
  const index = indexOf(workload);
  const pattern = index.patternFor(target.host.replace(/^\[|\]$/g, ''));
  if (pattern === undefined || (target.host.startsWith('[') && !pattern.includes(':'))) {
    const literal = target.host.startsWith('[') || NUMBER_AT_END.test(target.host);
    return { rules: none, refusal: { reason: literal ? 'ip_literal' : 'no_rule', stage: 'request' } };
  }
  const ports = index.portRules(pattern);
  const rules = [...ports].find(([port]) => String(port) === target.port)?.[1];
  const [named] = [...ports.values()].flat();
  if (!rules?.[0]) return { rules: none, refusal: { reason: 'port', stage: 'request', ...(named && { rule: named }) } };
  return { rules, refusal: objection(rules as readonly [Rule, ...Rule[]], request, target) };
}

function objection(rules: readonly [Rule, ...Rule[]], request: EgressRequest, target: Target): Refusal | undefined {
  const [rule] = rules;
  if (request.form === 'absolute') {
    if (rule.protocol !== 'http') {
      return { reason: rule.protocol === 'tls' ? 'not_tls' : 'not_connect', stage: 'request', rule };
    }
    return httpObjection(rules, request.method, request.path ?? '/', 'request', request.now);
  }
  if (rules.every((each) => isExpired(each, request.now))) return { reason: 'expired', stage: 'request', rule };
  if (rule.protocol === 'tcp') return undefined;
  if (rule.protocol === 'tls') return tlsObjection(rule, request, target);
  return innerObjection(rules, request, target);
}

function tlsObjection(rule: Rule, request: EgressRequest, target: Target): Refusal | undefined {
  if ((request.payload ?? 'tls') !== 'tls') return { reason: 'not_tls', stage: 'tunnel', rule };
  const sni = request.sni?.toLowerCase() ?? '';
  const literal = target.host.startsWith('[') || NUMBER_AT_END.test(target.host);
  if (sni === target.host || (literal && sni === '')) return undefined;
  return { reason: 'sni_mismatch', stage: 'tunnel', rule };
}

function innerObjection(
  rules: readonly [Rule, ...Rule[]],
  request: EgressRequest,
  target: Target,
): Refusal | undefined {
  const [rule] = rules;
  if (request.payload !== 'http' || !request.inner) return { reason: 'not_http', stage: 'tunnel', rule };
  const { method, host, path } = request.inner;
  if (!AUTHORITY.test(host.toLowerCase()) || normalisePath(path) === undefined) {
    return { reason: 'malformed', stage: 'tunnel', rule, final: true };
  }
  if (method === 'TRACE') return { reason: 'method', stage: 'tunnel', rule, final: true };
  const authority = `${target.host}:${target.port}`;
  const inner = host.toLowerCase();
  const same = inner === authority || (target.port === '80' && inner === target.host);
  if (!same) return { reason: 'host_mismatch', stage: 'tunnel', rule };
  return httpObjection(rules, method, path, 'tunnel', request.now);
}

function httpObjection(
  rules: readonly [Rule, ...Rule[]],
  method: string,
  path: string,
  stage: Refusal['stage'],
  now: Date,
): Refusal | undefined {
  const plain = normalisePath(path);
  if (plain === undefined) return { reason: 'malformed', stage, rule: rules[0], final: true };
  if (method === 'CONNECT') return { reason: 'method', stage, rule: rules[0] };
  const onPath = rules.filter((rule) => (rule.paths ?? ['/']).some((prefix) => pathFits(plain, prefix)));
  const fitting = onPath.find((rule) => !rule.methods || rule.methods.includes(method));
  if (!fitting) return { reason: onPath[0] ? 'method' : 'path', stage, rule: onPath[0] ?? rules[0] };
  return isExpired(fitting, now) ? { reason: 'expired', stage, rule: fitting } : undefined;
}

/** From 00:00 UTC of the day after the last one. */
export function isExpired(rule: Rule, now: Date): boolean {
  return rule.expires !== undefined && now.getTime() >= expiryOf(rule.expires).getTime();
}

/** The first moment after a last day `YYYY-MM-DD`: 00:00 UTC of the next. */
export function expiryOf(lastDay: string): Date {
  return new Date(Date.parse(`${lastDay}T00:00:00Z`) + 24 * 60 * 60 * 1000);
}

function stageOf(request: EgressRequest, rule: Rule | undefined): Decision['stage'] {
  return request.form === 'connect' && rule?.protocol !== 'tcp' ? 'tunnel' : 'request';
}

/** Whether the guard finds an address to dial; a rule with `address` resolves nothing, and without a rule only public ones count. */
function addressRefusal(request: EgressRequest, rule: Rule | undefined): Refusal | undefined {
  if (rule?.address || request.answers === undefined) return undefined;
  const ranges = rule?.private;
  if (request.answers.some((ip) => (ranges ? contains(ranges, ip) : !contains(PUBLIC_DENIED_RANGES, ip))))
    return undefined;
  const opaque = request.form === 'connect' && (!rule || rule.protocol === 'tls');
  const reason = opaque ? 'no_address' : request.answers.length > 0 ? 'private_address' : 'dns_failure';
  return { reason, stage: stageOf(request, rule), final: true, ...(rule && { rule }) };
}
