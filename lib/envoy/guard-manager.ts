import { accessLog, celFilter, EXPIRED_AT_EDGE, FORMAT, type LogLine } from './access-log';
import { resolveFilter } from './http-filters';
import { httpManager } from './http-manager';
import { METADATA } from './names';
import type { ConfigObject } from './resources';
import { DIALLED, format, shadowDenied } from './verdict';
import type { Destination, WorkloadScope } from './workload-scope';

const RBAC = 'envoy.filters.http.rbac';

/** Headers that a request takes on at the gateway and that the server must not see. */
const OURS = [
  'x-egress-id',
  'x-forwarded-proto',
  'x-envoy-external-address',
  'x-envoy-internal',
  'x-envoy-expected-rq-timeout-ms',
];

export interface GuardManagerProps {
  /** Virtual hosts. */
  readonly hosts: readonly ConfigObject[];
  /** Whether the requests stand for themselves or are inside a tunnel. */
  readonly layer: LogLine['layer'];
  /** Format string of the request's id. */
  readonly id: string;
  /** Absent where every request is refused. */
  readonly destination?: Destination;
  /** HTTP filters before the name is resolved: what they refuse asks no DNS question. */
  readonly before: readonly ConfigObject[];
  readonly fields?: ConfigObject;
}

/** The HTTP connection manager of a guard: judges each request, resolves its host and sends it out. */
export function guardManager(scope: WorkloadScope, props: GuardManagerProps): ConfigObject {
  const { hosts, layer, id, destination, before, fields } = props;
  const inTunnel = layer === 'tunnel';
  return httpManager({
    statPrefix: `guard_${layer}`,
    filters: [...before, ...(destination?.dnsCache ? [resolveFilter(destination.dnsCache)] : [])],
    routes: {
      route_config: {
        name: layer,
        virtual_hosts: hosts,
        request_headers_to_remove: OURS,
        // The server must not be able to write our logs or to pass for the gateway.
        response_headers_to_remove: ['x-egress-reason', 'x-egress-id'],
      },
    },
    replies: scope.localReplies(id, inTunnel ? 'host_mismatch' : 'expired'),
    logs: guardLogs(scope, layer, id),
    fromWorkload: inTunnel,
    ...(fields && { fields }),
  });
}

/**
 * One line a request, once there was a response or a server was dialled: from then on it may have the request, whatever became of the
 * answer, and the route's decision counts. A reply of our own before that says why it refused.
 */
function guardLogs(scope: WorkloadScope, layer: LogLine['layer'], id: string): ConfigObject[] {
  const header = "response.headers['x-egress-reason']";
  const replied = "'x-egress-reason' in response.headers";
  const refused = `${replied} && ${header} != 'unreachable' && !(${DIALLED})`;
  const routed = (field: string) => `xds.route_metadata.filter_metadata['${METADATA}']['${field}']`;
  const unanswered = `${replied} && ${header} == 'unreachable' && ${routed('decision')} == 'allowed'`;
  const expired = `(${EXPIRED_AT_EDGE}) || (${shadowDenied(RBAC, 'expiry_')})`;
  const shadow = scope.observe
    ? { decision: `(${expired}) ? 'would_deny' : `, reason: `(${expired}) ? 'expired' : ` }
    : NO_SHADOW;
  const decision = `(${refused}) ? 'denied' : ${shadow.decision}${routed('decision')}`;
  const reason = `(${refused}) ? ${header} : ${shadow.reason}(${unanswered}) ? 'unreachable' : ${routed('reason')}`;
  const line = { layer, id, workload: scope.workload.name, rule: FORMAT.routeRule };
  const filter = celFilter(`has(response.code) || ${DIALLED}`);
  return [accessLog(scope.sink, { ...line, decision: format(decision), reason: format(reason) }, filter)];
}

const NO_SHADOW = { decision: '', reason: '' } as const;
