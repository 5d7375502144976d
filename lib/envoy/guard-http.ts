import type { Rule } from '../policy/types';
import { FORMAT } from './access-log';
import { expiryFilter } from './expiry';
import {
  chainAction,
  chainKey,
  matchTree,
  nested,
  refuseChain,
  unreadLog,
  type Guard,
  type GuardChain,
  type NamedChain,
} from './guard-listener';
import { guardManager } from './guard-manager';
import { openProxy, resolver } from './guard-tls';
import { shapeFilter, targetFilter } from './http-filters';
import { httpRoutes } from './http-routes';
import { typed, type ConfigObject } from './resources';
import { template } from './template';
import type { WorkloadScope } from './workload-scope';

/** The guard of CONNECTs to `http` rules: the bytes must be HTTP/1, and each request inside is judged like one outside. */
export function httpGuard(scope: WorkloadScope): Guard {
  return {
    kind: 'http',
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
      access_log: [unreadLog(scope, 'not_http')],
    },
  };
}

/** The chain for tunnels to hosts that these `http` rules cover together; usually it is one rule. */
export function httpChain(scope: WorkloadScope, rules: readonly [Rule, ...Rule[]]): GuardChain {
  const [first] = rules;
  const destination = scope.destination(first);
  const manager = guardManager(scope, {
    hosts: httpRoutes(rules, destination.cluster, scope.mode),
    layer: 'tunnel',
    id: FORMAT.tunnelId,
    destination,
    before: [targetFilter(), shapeFilter(), template('host-guard'), expiryFilter()],
    fields: { request_headers_timeout: '2s', ...oneRequestATunnel(scope) },
  });
  const open = scope.observe ? [...resolver(destination), openProxy(scope, 'not_http', first, destination)] : [];
  const revisions = scope.revisions(rules);
  const key = chainKey(revisions, { manager, open });
  const chains: NamedChain[] = [{ name: key, filters: [manager] }];
  if (scope.observe) chains.push({ name: `${key}.open`, filters: open });
  const http = chainAction(key);
  const other = chainAction(scope.observe ? `${key}.open` : 'refuse.not_http');
  const versions = { "'http/1.0'": http, "'http/1.1'": http };
  return { key, chains, matcher: nested(matchTree('ApplicationProtocolInput', {}, versions, other)) };
}

/** With a rate limit each request in a tunnel needs its own CONNECT, which is what the limit counts. */
function oneRequestATunnel(scope: WorkloadScope): ConfigObject {
  if (scope.workload.limits.requestsPerSecond === undefined) return {};
  const manager = template('http-connection-manager').typed_config as ConfigObject;
  const common = manager.common_http_protocol_options as ConfigObject;
  return { common_http_protocol_options: { ...common, max_requests_per_connection: 1 } };
}
