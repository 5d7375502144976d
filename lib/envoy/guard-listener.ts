import { accessLog, celFilter, FORMAT } from './access-log';
import { REFUSE_CLUSTER } from './clusters';
import { BUFFER_BYTES, meaningHash, STATE, type GuardKind } from './names';
import { resource, typed, type ConfigObject, type NamedResource } from './resources';
import type { WorkloadScope } from './workload-scope';
import type { Reason } from '../policy/reasons';

/** A filter chain of a guard, with the matcher that leads to it. */
export interface GuardChain {
  /** What routes name: the rules' revisions and a hash of the chain's whole meaning. */
  readonly key: string;
  readonly matcher: ConfigObject;
  readonly chains: readonly NamedChain[];
}

export interface NamedChain extends ConfigObject {
  readonly name: string;
  readonly filters: readonly ConfigObject[];
}

/** Chooses a chain by name. */
export function chainAction(name: string): ConfigObject {
  return {
    action: {
      name: 'chain',
      typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: name },
    },
  };
}

/** Goes by one input of the connection; what is not in the map takes the other way. */
export function matchTree(
  input: string,
  fields: ConfigObject,
  map: Readonly<Record<string, ConfigObject>>,
  other: ConfigObject,
): ConfigObject {
  return {
    matcher_tree: {
      input: {
        name: 'input',
        typed_config: typed(`envoy.extensions.matching.common_inputs.network.v3.${input}`, fields),
      },
      exact_match_map: { map },
    },
    on_no_match: other,
  };
}

/** Reads as `Matcher` one level down. */
export function nested(matcher: ConfigObject): ConfigObject {
  return { matcher };
}

/** A key for a chain of rules with these revisions, unique to the chain's content. */
export function chainKey(revisions: readonly string[], content: ConfigObject): string {
  return `${revisions.join('+')}.${meaningHash(content)}`;
}

/** Passes bytes on as they are. */
export function tcpProxy(cluster: string, statPrefix: string, logs: readonly ConfigObject[]): ConfigObject {
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: typed('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
      stat_prefix: statPrefix,
      cluster,
      idle_timeout: '3600s',
      access_log: logs,
    }),
  };
}

/** A chain that closes what comes to it and writes why. */
export function refuseChain(scope: WorkloadScope, reason: Reason): NamedChain {
  return { name: `refuse.${reason}`, filters: [tcpProxy(REFUSE_CLUSTER, 'refuse', [refusalLog(scope, reason)])] };
}

/** The line of a tunnel that ended before a chain was chosen: nothing came, or nothing that could be read to its end. */
export function unreadLog(scope: WorkloadScope, reason: Reason): ConfigObject {
  return refusalLog(scope, reason, celFilter("xds.filter_chain_name == ''"));
}

function refusalLog(scope: WorkloadScope, reason: Reason, filter?: ConfigObject): ConfigObject {
  const line = {
    layer: 'tunnel',
    id: FORMAT.tunnelId,
    workload: scope.workload.name,
    rule: FORMAT.tunnelRule,
  } as const;
  return accessLog(scope.sink, { ...line, decision: 'denied', reason }, filter);
}

/** What makes a kind of guard: everything of its listener but the chains of rules. */
export interface Guard {
  readonly kind: GuardKind;
  /** Fields of the listener. */
  readonly fields: ConfigObject;
  /** Chains that no key names. */
  readonly refusing: readonly NamedChain[];
  /** What happens without a chain for the key: the rule went away meanwhile. */
  readonly fallback: NamedChain;
}

/** Name of a guard's internal listener, and of the cluster that leads to it. */
export function guardName(workload: string, { kind, fields, refusing, fallback }: Guard): string {
  return `guard.${kind}.${workload}.${meaningHash([workload, kind, fields, refusing, fallback])}`;
}

/** The internal listener of a guard: one chain a rule, chosen by the filter state that the workload's listener set. */
export function guardListener(workload: string, guard: Guard, chains: readonly GuardChain[]): NamedResource {
  const sorted = [...chains].sort((a, b) => (a.key < b.key ? -1 : 1));
  const map = Object.fromEntries(sorted.map(({ key, matcher }) => [key, matcher]));
  const other = chainAction(guard.fallback.name);
  return resource('envoy.config.listener.v3.Listener', guardName(workload, guard), {
    internal_listener: {},
    per_connection_buffer_limit_bytes: BUFFER_BYTES,
    ...guard.fields,
    filter_chain_matcher: matchTree('FilterStateInput', { key: STATE.chain }, map, other),
    filter_chains: [...sorted.flatMap((chain) => chain.chains), ...guard.refusing, guard.fallback],
  });
}
