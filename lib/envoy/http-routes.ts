import type { Mode, Rule } from '../policy/types';
import { denyAfter } from './expiry';
import { deniedRoute } from './local-replies';
import { METADATA } from './names';
import type { ConfigObject } from './resources';
import type { Reason } from '../policy/reasons';

/** What a route says of the requests that it matches, for logs and guards. */
export interface RouteFacts {
  readonly rule?: string;
  readonly chain?: string;
  readonly decision?: 'allowed' | 'would_deny';
  readonly reason?: Reason;
}

/** A route's metadata in our namespace. */
export function routeMetadata(facts: RouteFacts): ConfigObject {
  return { filter_metadata: { [METADATA]: { ...facts } } };
}

/** A route that refuses with a reason. */
export function denyRoute(match: ConfigObject, reason: Reason, rule?: string): ConfigObject {
  return {
    name: deniedRoute(reason),
    match,
    metadata: routeMetadata({ reason, ...(rule !== undefined && { rule }) }),
    direct_response: { status: 403 },
  };
}

/** A prefix of `paths`; see `Rule.paths`. */
function pathMatch(prefix: string): ConfigObject {
  return prefix.endsWith('/') ? { prefix } : { path_separated_prefix: prefix };
}

function methodMatch(method: string): ConfigObject {
  return { name: ':method', string_match: { exact: method } };
}

/** Where a route sends requests; time-outs are off, since streams may be long, and idleness is bounded by the listener. */
export function toCluster(cluster: string, upgrade: ConfigObject): ConfigObject {
  return { cluster, timeout: '0s', upgrade_configs: [upgrade] };
}

/** WebSocket and nothing else. */
export const WEBSOCKET: ConfigObject = { upgrade_type: 'websocket' };

/** The CONNECT ends here, and its bytes go on. */
export const CONNECT_ENDS: ConfigObject = { upgrade_type: 'CONNECT', connect_config: {} };

/** The CONNECT goes on to a guard, which answers it. */
export const CONNECT_GOES_ON: ConfigObject = { upgrade_type: 'CONNECT' };

/**
 * The virtual hosts of a guard that reads plain HTTP, the same for absolute-form requests and for those inside a tunnel.
 *
 * @param rules rules that cover one host and port, the one that expires last first: the first that fits a request decides
 */
export function httpRoutes(rules: readonly Rule[], cluster: string, mode: Mode): ConfigObject[] {
  const observe = mode === 'observe';
  const allow = rules.flatMap((rule) =>
    prefixes(rule).flatMap((prefix) =>
      (rule.methods ?? [undefined]).map((method) => allowRoute(rule, prefix, method, cluster, observe)),
    ),
  );
  const refuse = (match: ConfigObject, reason: Reason, rule: string): ConfigObject =>
    observe ? wouldDenyRoute(match, reason, rule, cluster) : denyRoute(match, reason, rule);
  const wrongMethod = rules
    .filter((rule) => rule.methods)
    .flatMap((rule) => prefixes(rule).map((prefix) => refuse(pathMatch(prefix), 'method', rule.id)));
  const first = rules[0]?.id ?? '';
  const connect = denyRoute({ connect_matcher: {} }, 'method', first);
  return [
    {
      name: 'http',
      domains: ['*'],
      routes: [connect, ...allow, ...wrongMethod, refuse({ prefix: '/' }, 'path', first)],
    },
  ];
}

function prefixes(rule: Rule): readonly string[] {
  return rule.paths ?? ['/'];
}

function allowRoute(
  rule: Rule,
  prefix: string,
  method: string | undefined,
  cluster: string,
  observe: boolean,
): ConfigObject {
  return {
    name: `allowed/${rule.id}`,
    match: { ...pathMatch(prefix), ...(method !== undefined && { headers: [methodMatch(method)] }) },
    metadata: routeMetadata({ rule: rule.id, decision: 'allowed', reason: 'rule' }),
    route: toCluster(cluster, WEBSOCKET),
    ...(rule.expires !== undefined && { typed_per_filter_config: denyAfter(rule.expires, observe) }),
  };
}

/** Mode `observe`: the request passes, and its line says what would have refused it. */
export function wouldDenyRoute(
  match: ConfigObject,
  reason: Reason,
  rule: string | undefined,
  cluster: string,
): ConfigObject {
  return {
    name: `would_deny/${reason}`,
    match,
    metadata: routeMetadata({ ...(rule !== undefined && { rule }), decision: 'would_deny', reason }),
    route: toCluster(cluster, WEBSOCKET),
  };
}
