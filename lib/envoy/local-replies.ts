import { ADD_RULE_HINTS, fillHint, HINTS } from '../policy/hints';
import { REASONS, type Reason } from '../policy/reasons';
import { celFilter } from './access-log';
import { METADATA } from './names';
import type { ConfigObject } from './resources';
import { DIALLED } from './verdict';

/** Name of the route that refuses for a reason; replies are chosen by it. */
export function deniedRoute(reason: Reason): string {
  return `denied/${reason}`;
}

interface Reply {
  readonly when: string;
  readonly reason: Reason;
  readonly hint?: string;
  /** Absent: the status that Envoy chose. */
  readonly status?: number;
}

/** What a refusal by a route's own `direct_response` looks like, for each reason. */
function routeReplies(): Reply[] {
  const direct = (reason: Reason) =>
    `xds.route_name == '${deniedRoute(reason)}' && response.code_details == 'direct_response'`;
  const reasons: readonly Reason[] = ['ip_literal', 'port', 'method', 'path', 'not_tls', 'not_connect'];
  const noRule = direct('no_rule');
  return [
    {
      when: `${noRule} && request.method == 'CONNECT' && request.host.endsWith(':443')`,
      reason: 'no_rule',
      hint: ADD_RULE_HINTS.tls,
    },
    { when: `${noRule} && request.method == 'CONNECT'`, reason: 'no_rule', hint: ADD_RULE_HINTS.tlsPort },
    { when: noRule, reason: 'no_rule', hint: ADD_RULE_HINTS.http },
    ...reasons.map((reason): Reply => ({ when: direct(reason), reason })),
  ];
}

/** Envoy's own refusals by their code and details; the first that fits speaks. */
function filterReplies(unnamedRbac: Reason): Reply[] {
  const policy = (name: string) => `response.code_details.contains('matched_policy[${name}]')`;
  const details = (text: string) => `response.code_details.contains('${text}')`;
  const { status: limit } = REASONS.limit;
  return [
    // A server that answers an upgrade with something else: Envoy breaks off with the status that it had.
    { when: `${DIALLED} && response.code < 400`, reason: 'unreachable', status: REASONS.unreachable.status },
    { when: policy('malformed'), reason: 'malformed', status: 400 },
    { when: policy('method'), reason: 'method' },
    { when: policy('expired'), reason: 'expired' },
    { when: policy('none'), reason: unnamedRbac },
    { when: details('rate_limited'), reason: 'limit', status: limit },
    {
      when: `${details('{overflow}')} || ${details('dns_cache_overflow')} || ${details('pending_request_overflow')}`,
      reason: 'limit',
      status: limit,
    },
    { when: details('address_denied'), reason: 'private_address', status: 403 },
    { when: details('dns_resolution_failure'), reason: 'dns_failure', status: 502 },
    { when: details('https_url_on_plaintext_connection'), reason: 'malformed', status: 400 },
    { when: 'response.code < 500 || response.code == 501 || response.code == 505', reason: 'malformed' },
    { when: 'true', reason: 'unreachable' },
  ];
}

/**
 * `LocalReplyConfig`: every reply of the gateway's own says why in a header (curl throws away the body of a refused CONNECT) and in JSON.
 *
 * @param id format string of the request's id
 * @param unnamedRbac what a refusal by an RBAC filter without a policy's name means in this listener
 */
export function localReplies(workload: string, id: string, unnamedRbac: Reason): ConfigObject {
  const replies = [...routeReplies(), ...filterReplies(unnamedRbac)];
  return { mappers: replies.map((reply) => mapper(workload, id, reply)) };
}

function mapper(workload: string, id: string, { when, reason, hint = HINTS[reason], status }: Reply): ConfigObject {
  const host = `%DYNAMIC_METADATA(${METADATA}:host)%`;
  const port = `%DYNAMIC_METADATA(${METADATA}:port)%`;
  const json_format = {
    error: reason === 'unreachable' ? 'upstream_unreachable' : 'egress_denied',
    workload,
    host,
    port,
    reason,
    ...(hint && { hint: fillHint(hint, { workload, host, port, method: '%REQ(:METHOD)%' }) }),
  };
  return {
    filter: celFilter(when),
    ...(status !== undefined && { status_code: status }),
    headers_to_add: [setHeader('x-egress-reason', reason), setHeader('x-egress-id', id)],
    body_format_override: { json_format, content_type: 'application/json' },
  };
}

/** A header that replaces whatever value was there. */
export function setHeader(key: string, value: string): ConfigObject {
  return { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}
