import type { EgressRequest } from './decide';
import { isExpired } from './expiry';
import { pathFits, RuleIndex } from './match';
import { METHODS } from './methods';
import { normalisePath } from './paths';
import type { Reason } from './reasons';
import { bareHost, isLiteral, parseAuthority, type Target } from './target';
import type { Mode, Rule, Workload } from './types';

/** Why a request does not pass. */
export interface Objection {
  readonly reason: Reason;
  readonly stage: 'request' | 'tunnel';
  readonly rule?: Rule;
  /** Also mode `observe` refuses. */
  readonly final?: boolean;
}

/** The rules that count for a target, and what the policy has against the request; addresses are not looked at. */
export interface Judgement {
  readonly rules: readonly Rule[];
  /** The one of them that fits the request, where it is one of several. */
  readonly fitting?: Rule | undefined;
  readonly objection?: Objection | undefined;
}

type Rules = readonly [Rule, ...Rule[]];

const indexes = new WeakMap<Workload, RuleIndex>();

function indexOf(workload: Workload): RuleIndex {
  const known = indexes.get(workload) ?? new RuleIndex(workload);
  indexes.set(workload, known);
  return known;
}

/** Judges a request in the order in which Envoy does: what cannot be read, the host, the port, the rules. */
export function judge(workload: Workload, mode: Mode, request: EgressRequest, target: Target): Judgement {
  if (request.form === 'absolute' && !isReadable(request.method, request.path ?? '/'))
    return { rules: [], objection: { reason: 'malformed', stage: 'request', final: true } };
  const { rules, objection, fitting } = judgeTarget(workload, mode, request, target);
  if (request.method !== 'TRACE') return { rules, objection, fitting };
  const named = rules[0] ?? objection?.rule;
  return { rules, objection: { reason: 'method', stage: 'request', final: true, ...(named && { rule: named }) } };
}

/** The same for a method that can pass. */
function judgeTarget(workload: Workload, mode: Mode, request: EgressRequest, target: Target): Judgement {
  const index = indexOf(workload);
  const pattern = index.patternFor(bareHost(target.host));
  if (pattern === undefined || (target.host.startsWith('[') && !pattern.includes(':'))) {
    return { rules: [], objection: { reason: isLiteral(target.host) ? 'ip_literal' : 'no_rule', stage: 'request' } };
  }
  const ports = index.portRules(pattern);
  const rules = [...ports].find(([port]) => String(port) === target.port)?.[1] ?? [];
  const [named] = [...ports.values()].flat();
  if (!hasRule(rules)) return { rules, objection: { reason: 'port', stage: 'request', ...(named && { rule: named }) } };
  return { rules, objection: objectionOf(rules, mode, request, target), fitting: fittingRule(rules, request) };
}

/** Whether Envoy reads such a request, or answers it with 400. */
function isReadable(method: string, path: string): boolean {
  return METHODS.has(method) && normalisePath(path) !== undefined;
}

function hasRule(rules: readonly Rule[]): rules is Rules {
  return rules.length > 0;
}

function objectionOf(rules: Rules, mode: Mode, request: EgressRequest, target: Target): Objection | undefined {
  const [rule] = rules;
  if (request.form === 'absolute' && rule.protocol !== 'http') {
    return { reason: rule.protocol === 'tls' ? 'not_tls' : 'not_connect', stage: 'request', rule };
  }
  const over = rules.every((each) => isExpired(each, request.now));
  const expired: Objection | undefined = over ? { reason: 'expired', stage: 'request', rule } : undefined;
  if (expired && mode === 'enforce') return expired;
  const other = contentObjection(rules, request, target);
  return other?.final || !expired ? other : { ...expired, rule: judgingRule(rules, request) };
}

/** What the bytes behind the target have against them. */
function contentObjection(rules: Rules, request: EgressRequest, target: Target): Objection | undefined {
  const [rule] = rules;
  if (request.form === 'absolute') {
    return httpObjection(rules, request.method, request.path ?? '/', 'request', request.now);
  }
  if (rule.protocol === 'tcp') return undefined;
  return rule.protocol === 'tls' ? tlsObjection(rule, request, target) : innerObjection(rules, request, target);
}

function tlsObjection(rule: Rule, request: EgressRequest, target: Target): Objection | undefined {
  if ((request.payload ?? 'tls') !== 'tls') return { reason: 'not_tls', stage: 'tunnel', rule };
  const sni = request.sni?.toLowerCase() ?? '';
  if (sni === target.host && !sni.startsWith('[')) return undefined;
  // TLS to an address has no server name (RFC 6066, section 3).
  if (sni === '' && isLiteral(target.host)) return undefined;
  return { reason: 'sni_mismatch', stage: 'tunnel', rule };
}

/** The request in a tunnel, where the gateway takes its bytes for HTTP: Envoy's inspector wants ASCII in the request line. */
export function innerRequest({ payload, inner }: EgressRequest): EgressRequest['inner'] {
  if (payload !== 'http' || !inner) return undefined;
  return /[^\0-\x7f]/.test(`${inner.method}${inner.method === 'CONNECT' ? inner.host : inner.path}`)
    ? undefined
    : inner;
}

/** HTTP in a tunnel. A Host that is not the CONNECT's stays refused in mode `observe`: it would be dialled with the rule's addresses. */
function innerObjection(rules: Rules, request: EgressRequest, target: Target): Objection | undefined {
  const http = innerRequest(request);
  if (!http) return { reason: 'not_http', stage: 'tunnel', rule: rules[0] };
  const { method, host, path } = http;
  const inner = parseAuthority(host);
  // The target of a CONNECT names its port (RFC 9110, section 9.3.6).
  const readable = method === 'CONNECT' ? inner?.port !== undefined : isReadable(method, path);
  if (!inner || !readable) return { reason: 'malformed', stage: 'tunnel', rule: rules[0], final: true };
  const rule = routedRule(rules, method, path);
  if (method === 'TRACE') return { reason: 'method', stage: 'tunnel', rule, final: true };
  const same = inner.host === target.host && (inner.port ?? '80') === target.port;
  if (!same) return { reason: 'host_mismatch', stage: 'tunnel', rule, final: true };
  return httpObjection(rules, method, path, 'tunnel', request.now);
}

/** The rule by which a request is judged: of several `http` rules it depends on the request. */
function judgingRule(rules: Rules, request: EgressRequest): Rule {
  const http = httpRequest(request);
  return rules[0].protocol === 'http' && http ? routedRule(rules, http.method, http.path) : rules[0];
}

/** The one that allows the request, else the first on its path, else the first. */
function routedRule(rules: Rules, method: string, path: string): Rule {
  const onPath = method === 'CONNECT' ? [] : rulesOnPath(rules, path);
  return onPath.find((rule) => takesMethod(rule, method)) ?? onPath[0] ?? rules[0];
}

function httpObjection(
  rules: Rules,
  method: string,
  path: string,
  stage: Objection['stage'],
  now: Date,
): Objection | undefined {
  if (method === 'CONNECT') return { reason: 'method', stage, rule: rules[0], final: true };
  const onPath = rulesOnPath(rules, path);
  const fitting = onPath.find((rule) => takesMethod(rule, method));
  if (!fitting) return { reason: onPath[0] ? 'method' : 'path', stage, rule: onPath[0] ?? rules[0] };
  return isExpired(fitting, now) ? { reason: 'expired', stage, rule: fitting } : undefined;
}

function rulesOnPath(rules: readonly Rule[], path: string): Rule[] {
  const plain = normalisePath(path) ?? '';
  return rules.filter((rule) => (rule.paths ?? ['/']).some((prefix) => pathFits(plain, prefix)));
}

function takesMethod(rule: Rule, method: string): boolean {
  return !rule.methods || rule.methods.includes(method);
}

/** Of several `http` rules, the one that allows the request: the one that expires last. */
function fittingRule(rules: Rules, request: EgressRequest): Rule | undefined {
  const http = httpRequest(request);
  if (rules[0].protocol !== 'http' || !http) return rules[0];
  return rulesOnPath(rules, http.path).find((rule) => takesMethod(rule, http.method));
}

/** The request that `http` rules judge: itself, or the one in its tunnel. */
function httpRequest(request: EgressRequest): { readonly method: string; readonly path: string } | undefined {
  const { form, method, path = '/' } = request;
  return form === 'absolute' ? { method, path } : innerRequest(request);
}
