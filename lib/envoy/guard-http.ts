import type { Rule } from '../policy/types';
import { accessLog, celFilter, FORMAT } from './access-log';
import { expiryFilter } from './expiry';
import {
  chainAction,
  chainKey,
  guardListener,
  matchTree,
  nested,
  refuseChain,
  type GuardChain,
  type NamedChain,
} from './guard-listener';
import { openProxy, resolver } from './guard-tls';
import { resolveFilter, shapeFilter, stateFilter, stateObject, targetFilter } from './http-filters';
import { httpManager } from './http-manager';
import { CONNECT_ENDS, denyRoute, httpRoutes, routeMetadata, toCluster } from './http-routes';
import { localReplies } from './local-replies';
import { METADATA, STATE } from './names';
import { typed, type ConfigObject, type NamedResource } from './resources';
import { template } from './template';
import { format, shadowDenied } from './verdict';
import type { Destination, WorkloadScope } from './workload-scope';
import type { Reason } from '../policy/reasons';

const RBAC = 'envoy.filters.http.rbac';

/** Headers that a request takes on at the gateway and that the server must not see. */
const OURS = [
  'x-egress-id',
  'x-forwarded-proto',
  'x-envoy-external-address',
  'x-envoy-internal',
  'x-envoy-expected-rq-timeout-ms',
];

/** The guard of CONNECTs to `http` rules: the bytes must be HTTP/1, and each request inside is judged like one outside. */
export function httpGuard(scope: WorkloadScope, chains: readonly GuardChain[]): NamedResource {
  return guardListener(scope, {
    kind: 'http',
    chains,
    refusing: [refuseChain(scope, 'not_http')],
    fallback: refuseChain(scope, 'no_rule'),
    fields: {
      listener_filters: [
        {
          name: 'envoy.filters.listener.http_inspector',
          typed_config: typed('envoy.extensions.filters.listener.http_inspector.v3.HttpInspector'),
        },
      ],
      listener_filters_timeout: '2s',
      continue_on_listener_filters_timeout: true,
    },
  });
}

/** The chain for tunnels to hosts that these `http` rules cover together; usually it is one rule. */
export function httpChain(scope: WorkloadScope, rules: readonly [Rule, ...Rule[]]): GuardChain {
  const [first] = rules;
  const destination = scope.destination(first);
  const manager = httpGuardManager(scope, rules, destination, 'tunnel');
  const open = scope.observe ? [...resolver(destination), openProxy(scope, 'not_http', first, destination)] : [];
  const key = chainKey(
    rules.map((rule) => rule.revision),
    { manager, open },
  );
  const chains: NamedChain[] = [{ name: key, filters: [manager] }];
  if (scope.observe) chains.push({ name: `${key}.open`, filters: open });
  const http = chainAction(key);
  const other = chainAction(scope.observe ? `${key}.open` : 'refuse.not_http');
  const versions = { "'http/1.0'": http, "'http/1.1'": http };
  return { key, chains, matcher: nested(matchTree('ApplicationProtocolInput', {}, versions, other)) };
}

/** The guard of requests that come to it as HTTP from the workload's listener: absolute-form ones, and CONNECTs to `tcp` rules. */
export function forwardGuard(scope: WorkloadScope, chains: readonly GuardChain[]): NamedResource {
  const refuse = {
    name: 'no_rule',
    domains: ['*'],
    routes: [{ connect_matcher: {} }, { prefix: '/' }].map((match) => denyRoute(match, 'no_rule')),
  };
  const manager = forwardManager(scope, [refuse], undefined, undefined);
  return guardListener(scope, {
    kind: 'forward',
    chains,
    refusing: [],
    fallback: { name: 'refuse.no_rule', filters: [manager] },
  });
}

/** The chain for absolute-form requests to hosts that these `http` rules cover together. */
export function forwardHttpChain(scope: WorkloadScope, rules: readonly [Rule, ...Rule[]]): GuardChain {
  return forwardChain(
    rules.map((rule) => rule.revision),
    httpGuardManager(scope, rules, scope.destination(rules[0]), 'request'),
  );
}

/** The chain of a `tcp` rule: its CONNECT ends here, after the name was resolved, so that refusals come before the 200. */
export function tcpChain(scope: WorkloadScope, rule: Rule): GuardChain {
  const destination = scope.destination(rule);
  const route = {
    name: `allowed/${rule.id}`,
    match: { connect_matcher: {} },
    metadata: routeMetadata({ rule: rule.id, decision: 'allowed', reason: 'rule' }),
    route: toCluster(destination.cluster, CONNECT_ENDS),
  };
  const host = { name: 'tcp', domains: ['*'], routes: [route] };
  return forwardChain([rule.revision], forwardManager(scope, [host], destination, undefined));
}

/** Mode `observe`: requests that no rule allows pass, and their lines say why they would not. */
export function observeForwardChain(scope: WorkloadScope, reason: Reason): GuardChain {
  const destination = scope.destination(undefined);
  const route = {
    name: `would_deny/${reason}`,
    match: { prefix: '/' },
    metadata: routeMetadata({ decision: 'would_deny', reason }),
    route: toCluster(destination.cluster, { upgrade_type: 'websocket' }),
  };
  return forwardChain(
    [`observe.${reason}`],
    forwardManager(scope, [{ name: 'open', domains: ['*'], routes: [route] }], destination, undefined),
  );
}

function forwardChain(revisions: readonly string[], manager: ConfigObject): GuardChain {
  const key = chainKey(revisions, manager);
  return { key, chains: [{ name: key, filters: [manager] }], matcher: chainAction(key) };
}

function httpGuardManager(
  scope: WorkloadScope,
  rules: readonly [Rule, ...Rule[]],
  destination: Destination,
  layer: 'request' | 'tunnel',
): ConfigObject {
  const hosts = httpRoutes(rules, destination.cluster, scope.mode);
  if (layer === 'request') return forwardManager(scope, hosts, destination, undefined);
  return guardManager(scope, {
    hosts,
    layer,
    id: FORMAT.tunnelId,
    destination,
    before: [targetFilter(), shapeFilter(), hostGuard(scope.observe), expiryFilter()],
    fields: { request_headers_timeout: '2s', ...oneRequestATunnel(scope) },
  });
}

function forwardManager(
  scope: WorkloadScope,
  hosts: readonly ConfigObject[],
  destination: Destination | undefined,
  fields: ConfigObject | undefined,
): ConfigObject {
  return guardManager(scope, {
    hosts,
    layer: 'request',
    id: FORMAT.edgeId,
    destination,
    before: [
      stateFilter('egress.id', [stateObject(STATE.id, '%REQ(X-EGRESS-ID)%', false)]),
      targetFilter(),
      expiryFilter(),
    ],
    fields: fields ?? {},
  });
}

interface GuardManagerProps {
  readonly hosts: readonly ConfigObject[];
  readonly layer: 'request' | 'tunnel';
  readonly id: string;
  readonly destination: Destination | undefined;
  readonly before: readonly ConfigObject[];
  readonly fields: ConfigObject;
}

function guardManager(scope: WorkloadScope, props: GuardManagerProps): ConfigObject {
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
    replies: localReplies(scope.workload.name, id, inTunnel ? 'host_mismatch' : 'expired'),
    logs: guardLogs(scope, layer, id),
    fromWorkload: inTunnel,
    fields,
  });
}

/** With a rate limit each request in a tunnel needs its own CONNECT, which is what the limit counts. */
function oneRequestATunnel(scope: WorkloadScope): ConfigObject {
  if (scope.workload.limits.requestsPerSecond === undefined) return {};
  const common = (template('http-connection-manager').typed_config as ConfigObject)
    .common_http_protocol_options as ConfigObject;
  return { common_http_protocol_options: { ...common, max_requests_per_connection: 1 } };
}

function hostGuard(observe: boolean): ConfigObject {
  const skeleton = template('host-guard');
  if (!observe) return skeleton;
  const { rules, ...config } = skeleton.typed_config as ConfigObject;
  return { ...skeleton, typed_config: { ...config, shadow_rules: rules, shadow_rules_stat_prefix: 'host_' } };
}

/**
 * One line a request, once there was a response. A reply of our own says why it refused, save that the server did not answer; else the
 * route's decision counts.
 */
function guardLogs(scope: WorkloadScope, layer: 'request' | 'tunnel', id: string): ConfigObject[] {
  const header = "response.headers['x-egress-reason']";
  const replied = "'x-egress-reason' in response.headers";
  const refused = `${replied} && ${header} != 'unreachable'`;
  const routed = (field: string) => `xds.route_metadata.filter_metadata['${METADATA}']['${field}']`;
  const unanswered = `${replied} && ${routed('decision')} == 'allowed'`;
  const mismatch = shadowDenied(RBAC, 'host_');
  const expired = shadowDenied(RBAC, 'expiry_');
  const shadow = scope.observe
    ? {
        decision: `(${mismatch}) || (${expired}) ? 'would_deny' : `,
        reason: `(${mismatch}) ? 'host_mismatch' : (${expired}) ? 'expired' : `,
      }
    : NO_SHADOW;
  const decision = `(${refused}) ? 'denied' : ${shadow.decision}${routed('decision')}`;
  const reason = `(${refused}) ? ${header} : ${shadow.reason}(${unanswered}) ? 'unreachable' : ${routed('reason')}`;
  const line = { layer, id, workload: scope.workload.name, rule: FORMAT.routeRule };
  return [
    accessLog(
      scope.sink,
      { ...line, decision: format(decision), reason: format(reason) },
      celFilter('has(response.code)'),
    ),
  ];
}

const NO_SHADOW = { decision: '', reason: '' } as const;
