import { compile } from '../../../lib/envoy/compile';
import { deniedRoute, localReplies, setHeader } from '../../../lib/envoy/local-replies';
import type { ConfigObject } from '../../../lib/envoy/resources';
import { ADD_RULE_HINTS, HINTS } from '../../../lib/policy/hints';
import { REASONS, type Reason } from '../../../lib/policy/reasons';
import { complete } from './support/policies';
import { at, edgeRoutes, managers, named, valuesOf } from './support/reading';

interface Mapper {
  readonly when: string;
  readonly reason: string;
  readonly status?: number;
  readonly body: Readonly<Record<string, string>>;
}

function mappersOf(replies: ConfigObject): Mapper[] {
  return (replies.mappers as ConfigObject[]).map((mapper) => ({
    when: valuesOf(mapper, 'expression')[0] as string,
    reason: at(mapper, 'headers_to_add', 0, 'header', 'value') as string,
    status: mapper.status_code as number | undefined,
    body: at(mapper, 'body_format_override', 'json_format') as Record<string, string>,
  }));
}

const MAPPERS = mappersOf(localReplies('web', '%ID%', 'host_mismatch'));

/** The first mapper whose condition mentions a text. */
function replyFor(part: string): Mapper | undefined {
  return MAPPERS.find(({ when }) => when.includes(part));
}

/** Reasons that are only written to the log: the tunnel closes, so there is nobody to answer. */
const CLOSED: readonly Reason[] = ['rule', 'not_http', 'sni_mismatch', 'no_address'];

test('every reason has a reply but those of tunnels that close', () => {
  const config = compile(complete());
  const answered = new Set(
    managers(config.listeners.filter(({ name }) => name !== 'health')).flatMap(({ local_reply_config: replies }) =>
      mappersOf(replies as ConfigObject).map(({ reason }) => reason),
    ),
  );
  const reasons = Object.keys(REASONS) as Reason[];
  expect(reasons.filter((reason) => !answered.has(reason))).toEqual(CLOSED);
  expect([...answered].filter((reason) => !(reason in REASONS))).toEqual([]);
});

test('every reason with which a route refuses has a reply of its own', () => {
  const names = edgeRoutes(compile(complete())).filter(({ name }) => name.startsWith('denied/'));
  for (const { name } of names) {
    const reply = replyFor(`xds.route_name == '${name}'`);
    expect(deniedRoute(reply?.reason as Reason)).toBe(name);
  }
});

test('the body names error, workload, host, port, reason and hint', () => {
  for (const { body, reason } of MAPPERS) {
    const hint = reason === 'unreachable' ? [] : ['hint'];
    expect(Object.keys(body)).toEqual(['error', 'workload', 'host', 'port', 'reason', ...hint]);
    expect(body).toMatchObject({
      error: reason === 'unreachable' ? 'upstream_unreachable' : 'egress_denied',
      workload: 'web',
      host: '%DYNAMIC_METADATA(egress:host)%',
      port: '%DYNAMIC_METADATA(egress:port)%',
      reason,
    });
  }
});

test('the reason and the id stand in headers, which replace what was there', () => {
  for (const mapper of localReplies('web', '%ID%', 'expired').mappers as ConfigObject[]) {
    const reason = at(mapper, 'body_format_override', 'json_format', 'reason') as string;
    expect(mapper.headers_to_add).toEqual([setHeader('x-egress-reason', reason), setHeader('x-egress-id', '%ID%')]);
    expect(at(mapper, 'body_format_override', 'content_type')).toBe('application/json');
  }
  expect(setHeader('a', 'b').append_action).toBe('OVERWRITE_IF_EXISTS_OR_ADD');
});

test('a status that is set is the one of the reason', () => {
  for (const { reason, status } of MAPPERS)
    if (status !== undefined) expect([reason, status]).toEqual([reason, REASONS[reason as Reason].status]);
});

test.each([
  ["endsWith(':443')", ADD_RULE_HINTS.tls],
  ["&& request.method == 'CONNECT'", ADD_RULE_HINTS.tls],
])('a CONNECT to a host of no rule is told the rule to add: %s', (part, hint) => {
  expect(replyFor(part)?.body.hint).toBe(filled(hint));
});

test('the rule to add depends on the form and port of the request', () => {
  const hints = MAPPERS.filter(({ reason }) => reason === 'no_rule').map(({ body }) => body.hint);
  expect(hints).toEqual([ADD_RULE_HINTS.tls, ADD_RULE_HINTS.tlsPort, ADD_RULE_HINTS.http].map(filled));
});

test('other hints are those of decide, with Envoy’s words for host, port and method', () => {
  for (const { reason, body } of MAPPERS.filter((each) => each.reason !== 'no_rule' && each.reason !== 'unreachable'))
    expect(body.hint).toBe(filled(HINTS[reason as Reason] ?? ''));
  expect(replyFor("'denied/method'")?.body.hint).toContain('Add %REQ(:METHOD)% to `methods`');
});

test.each([
  ['has(upstream.address) && response.code < 400', 'unreachable', REASONS.unreachable.status],
  ['matched_policy[malformed]', 'malformed', 400],
  ['matched_policy[method]', 'method', undefined],
  ['matched_policy[expired]', 'expired', undefined],
  ['matched_policy[none]', 'host_mismatch', undefined],
  ['rate_limited', 'limit', 429],
  ['{overflow}', 'limit', 429],
  ['dns_cache_overflow', 'limit', 429],
  ['pending_request_overflow', 'limit', 429],
  ['address_denied', 'private_address', 403],
  ['dns_resolution_failure', 'dns_failure', 502],
  ['https_url_on_plaintext_connection', 'malformed', 400],
  ['response.code < 500', 'malformed', undefined],
])('what Envoy calls %s is %s', (details, reason, status) => {
  expect(replyFor(details)).toMatchObject({ reason });
  expect(replyFor(details)?.status).toBe(status);
});

test('a private address is told from a name that does not resolve: it is asked first', () => {
  const order = MAPPERS.map(({ reason }) => reason);
  expect(order.indexOf('private_address')).toBeLessThan(order.indexOf('dns_failure'));
});

test('a status below 400 is never passed on as a refusal of ours: the server was dialled, and that is asked before Envoy’s own words', () => {
  const filters = MAPPERS.filter(({ when }) => !when.includes('xds.route_name'));
  expect(filters[0]).toMatchObject({ when: 'has(upstream.address) && response.code < 400', reason: 'unreachable' });
  expect(filters[0]?.body).toMatchObject({ error: 'upstream_unreachable', reason: 'unreachable' });
  for (const { status } of MAPPERS) expect(status ?? 400).toBeGreaterThanOrEqual(400);
});

test('whatever is left means that the server did not answer', () => {
  expect(MAPPERS.at(-1)).toMatchObject({ when: 'true', reason: 'unreachable' });
  expect(MAPPERS.filter(({ when }) => when === 'true')).toHaveLength(1);
});

test.each([
  ['edge.local', 'expired'],
  ['gate.web', 'expired'],
  ['guard.forward.web', 'expired'],
  ['guard.http.local', 'host_mismatch'],
])('an RBAC filter without a name in %s means %s', (listener, reason) => {
  for (const manager of managers(named(compile(complete()).listeners, listener))) {
    const mappers = mappersOf(manager.local_reply_config as ConfigObject);
    expect(mappers.find(({ when }) => when.includes('matched_policy[none]'))?.reason).toBe(reason);
  }
});

function filled(hint: string): string {
  return hint
    .replaceAll('{workload}', 'web')
    .replaceAll('{host}', '%DYNAMIC_METADATA(egress:host)%')
    .replaceAll('{port}', '%DYNAMIC_METADATA(egress:port)%')
    .replaceAll('{method}', '%REQ(:METHOD)%');
}
