import type { Reason } from '../policy/reasons';
import type { Rule } from '../policy/types';
import { FORMAT } from './access-log';
import { expiryFilter } from './expiry';
import { chainAction, chainKey, type Guard, type GuardChain } from './guard-listener';
import { guardManager } from './guard-manager';
import { shapeFilter, stateFilter, stateObject, targetFilter } from './http-filters';
import { CONNECT_ENDS, denyRoute, httpRoutes, routeMetadata, toCluster, wouldDenyRoute } from './http-routes';
import { STATE } from './names';
import type { ConfigObject } from './resources';
import type { Destination, WorkloadScope } from './workload-scope';

/** The guard of requests that come to it as HTTP from the workload's listener: absolute-form ones, and CONNECTs to `tcp` rules. */
export function forwardGuard(scope: WorkloadScope): Guard {
  const routes = [{ connect_matcher: {} }, { prefix: '/' }].map((match) => denyRoute(match, 'no_rule'));
  const manager = forwardManager(scope, routes);
  return { kind: 'forward', fields: {}, refusing: [], fallback: { name: 'refuse.no_rule', filters: [manager] } };
}

/** The chain for absolute-form requests to hosts that these `http` rules cover together. */
export function forwardHttpChain(scope: WorkloadScope, rules: readonly [Rule, ...Rule[]]): GuardChain {
  const destination = scope.destination(rules[0]);
  const revisions = scope.revisions(rules);
  const [host] = httpRoutes(rules, destination.cluster, scope.mode);
  return forwardChain(revisions, forwardManager(scope, host?.routes as ConfigObject[], destination));
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
  return forwardChain(scope.revisions([rule]), forwardManager(scope, [route], destination));
}

/** Mode `observe`: requests that no rule allows pass, and their lines say why they would not. */
export function observeChain(scope: WorkloadScope, reason: Reason): GuardChain {
  const destination = scope.destination(undefined);
  const route = wouldDenyRoute({ prefix: '/' }, reason, undefined, destination.cluster);
  return forwardChain([`observe.${reason}`], forwardManager(scope, [route], destination));
}

function forwardChain(revisions: readonly string[], manager: ConfigObject): GuardChain {
  const key = chainKey(revisions, manager);
  return { key, chains: [{ name: key, filters: [manager] }], matcher: chainAction(key) };
}

function forwardManager(
  scope: WorkloadScope,
  routes: readonly ConfigObject[],
  destination?: Destination,
): ConfigObject {
  // The id comes as a header, since connections between the listener and its guard serve many requests.
  const id = stateFilter('egress.id', [stateObject(STATE.id, '%REQ(X-EGRESS-ID)%', false)]);
  return guardManager(scope, {
    hosts: [{ name: 'all', domains: ['*'], routes }],
    layer: 'request',
    id: FORMAT.edgeId,
    before: [id, targetFilter(), shapeFilter(), expiryFilter()],
    ...(destination && { destination }),
  });
}
