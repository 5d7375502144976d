import type { Reason } from '../policy/reasons';
import { chainAction, chainKey, guardListener, refuseChain, type GuardChain } from './guard-listener';
import { openProxy, resolver } from './guard-tls';
import { typed, type NamedResource } from './resources';
import type { WorkloadScope } from './workload-scope';

/** Mode `observe`: the guard of CONNECTs that no rule allows. It reads the SNI for the log and refuses private addresses alone. */
export function openGuard(scope: WorkloadScope, chains: readonly GuardChain[]): NamedResource {
  return guardListener(scope, {
    kind: 'open',
    chains,
    refusing: [],
    fallback: refuseChain(scope, 'no_rule'),
    fields: {
      listener_filters: [
        {
          name: 'envoy.filters.listener.tls_inspector',
          typed_config: typed('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'),
        },
      ],
      // A server that speaks first waits this long for a client that says nothing.
      listener_filters_timeout: '0.3s',
      continue_on_listener_filters_timeout: true,
    },
  });
}

/** The chain of CONNECTs that would have been refused for this reason. */
export function openChain(scope: WorkloadScope, reason: Reason): GuardChain {
  const destination = scope.destination(undefined);
  const filters = [...resolver(destination), openProxy(scope, reason, undefined, destination)];
  const key = chainKey([`observe.${reason}`], { filters });
  return { key, chains: [{ name: key, filters }], matcher: chainAction(key) };
}
