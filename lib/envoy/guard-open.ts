import type { Reason } from '../policy/reasons';
import { chainAction, chainKey, refuseChain, type Guard, type GuardChain } from './guard-listener';
import { openProxy, resolver, TLS_INSPECTOR } from './guard-tls';
import type { WorkloadScope } from './workload-scope';

/** Mode `observe`: the guard of CONNECTs that no rule allows. It reads the SNI for the log and refuses private addresses alone. */
export function openGuard(scope: WorkloadScope): Guard {
  return {
    kind: 'open',
    refusing: [],
    fallback: refuseChain(scope, 'no_rule'),
    fields: {
      listener_filters: [TLS_INSPECTOR],
      // A server that speaks first waits this long for a client that says nothing.
      listener_filters_timeout: '0.3s',
      continue_on_listener_filters_timeout: true,
    },
  };
}

/** The chain of CONNECTs that would have been refused for this reason. */
export function openChain(scope: WorkloadScope, reason: Reason): GuardChain {
  const destination = scope.destination(undefined);
  const filters = [...resolver(destination), openProxy(scope, reason, undefined, destination)];
  const key = chainKey([`observe.${reason}`], { filters });
  return { key, chains: [{ name: key, filters }], matcher: chainAction(key) };
}
