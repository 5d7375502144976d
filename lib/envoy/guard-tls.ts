import { isIP } from 'node:net';
import type { Rule } from '../policy/types';
import type { Reason } from '../policy/reasons';
import { accessLog, EXPIRED_AT_EDGE, FORMAT } from './access-log';
import { hostPort } from './dns-cache';
import {
  chainAction,
  chainKey,
  matchTree,
  nested,
  refuseChain,
  unreadLog,
  tcpProxy,
  type Guard,
  type GuardChain,
  type NamedChain,
} from './guard-listener';
import { typed, type ConfigObject } from './resources';
import { template } from './template';
import {
  CLOSED_BY_RBAC,
  DIALLED,
  otherwise,
  shadowDenied,
  UNANSWERED,
  UNRESOLVED,
  verdict,
  type Outcome,
} from './verdict';
import type { Destination, WorkloadScope } from './workload-scope';

const RBAC = 'envoy.filters.network.rbac';

/** Mode `observe`: the CONNECT came after the rule's last day. */
const EXPIRED: Outcome = { when: `${EXPIRED_AT_EDGE} && ${DIALLED}`, decision: 'would_deny', reason: 'expired' };

/** The guard of `tls` rules: the bytes must be TLS, and their SNI must be the host of the CONNECT. Only that host is resolved. */
export function tlsGuard(scope: WorkloadScope): Guard {
  return {
    kind: 'tls',
    refusing: [refuseChain(scope, 'not_tls')],
    fallback: refuseChain(scope, 'no_rule'),
    fields: {
      listener_filters: [TLS_INSPECTOR],
      listener_filters_timeout: '5s',
      continue_on_listener_filters_timeout: true,
      access_log: [unreadLog(scope, 'not_tls')],
    },
  };
}

/** Reads the SNI of a ClientHello. */
export const TLS_INSPECTOR: ConfigObject = {
  name: 'envoy.filters.listener.tls_inspector',
  typed_config: typed('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'),
};

/** The chain of one `tls` rule. */
export function tlsChain(scope: WorkloadScope, rule: Rule): GuardChain {
  const destination = scope.destination(rule);
  const guarded = [sniGuard(rule, scope.observe), ...resolver(destination), proxy(scope, rule, destination)];
  const open = scope.observe ? [...resolver(destination), openProxy(scope, 'not_tls', rule, destination)] : [];
  const key = chainKey(scope.revisions([rule]), { guarded, open });
  const chains: NamedChain[] = [{ name: key, filters: guarded }];
  if (scope.observe) chains.push({ name: `${key}.open`, filters: open });
  const other = chainAction(scope.observe ? `${key}.open` : 'refuse.not_tls');
  return { key, chains, matcher: nested(matchTree('TransportProtocolInput', {}, { tls: chainAction(key) }, other)) };
}

/** Resolves the CONNECT's host, never the SNI: the filter state `envoy.upstream.dynamic_host` goes before it. */
export function resolver({ dnsCache }: Destination): ConfigObject[] {
  if (!dnsCache) return [];
  return [
    {
      name: 'envoy.filters.network.sni_dynamic_forward_proxy',
      typed_config: typed('envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig', {
        port_value: 443,
        dns_cache_config: dnsCache,
      }),
    },
  ];
}

function proxy(scope: WorkloadScope, rule: Rule, destination: Destination): ConfigObject {
  const mismatch: Outcome = scope.observe
    ? { when: `${shadowDenied(RBAC, 'sni_')} && ${DIALLED}`, decision: 'would_deny', reason: 'sni_mismatch' }
    : { when: CLOSED_BY_RBAC, decision: 'denied', reason: 'sni_mismatch' };
  const outcomes = scope.observe ? [UNRESOLVED, EXPIRED, mismatch, UNANSWERED] : [mismatch, UNRESOLVED, UNANSWERED];
  return tcpProxy(destination.cluster, 'tls', [tunnelLog(scope, rule, [...outcomes, ...otherwise('allowed', 'rule')])]);
}

/** Mode `observe`: bytes that the rule's protocol does not expect go on all the same. */
export function openProxy(
  scope: WorkloadScope,
  reason: Reason,
  rule: Rule | undefined,
  destination: Destination,
): ConfigObject {
  const outcomes = [UNRESOLVED, EXPIRED, ...otherwise('would_deny', reason)];
  return tcpProxy(destination.cluster, 'open', [tunnelLog(scope, rule, outcomes)]);
}

function tunnelLog(scope: WorkloadScope, rule: Rule | undefined, outcomes: readonly Outcome[]): ConfigObject {
  return accessLog(scope.sink, {
    layer: 'tunnel',
    id: FORMAT.tunnelId,
    workload: scope.workload.name,
    ...(rule && { rule: rule.id }),
    ...verdict(outcomes),
  });
}

/** The RBAC of `envoy-templates/sni-guard.yaml`; hosts that are IP literals have no SNI (RFC 6066, section 3). */
function sniGuard(rule: Rule, observe: boolean): ConfigObject {
  const skeleton = template('sni-guard');
  const { rules, ...config } = skeleton.typed_config as ConfigObject;
  const judged = withLiterals(
    rules as ConfigObject,
    rule.hosts.filter((host) => isIP(host)),
  );
  const mode = observe ? { shadow_rules: judged, shadow_rules_stat_prefix: 'sni_' } : { rules: judged };
  return { ...skeleton, typed_config: { ...config, ...mode } };
}

function withLiterals(rules: ConfigObject, literals: readonly string[]): ConfigObject {
  if (literals.length === 0) return rules;
  const policies = rules.policies as ConfigObject;
  const policy = policies.sni_is_host as ConfigObject;
  const authority = authorityOf(policy.condition as ConfigObject);
  const noSni = call('_==_', [sni(), { const_expr: { string_value: '' } }]);
  const bare = literals.map((ip) => ({
    ...policy,
    condition: call('_&&_', [
      noSni,
      {
        call_expr: {
          function: 'startsWith',
          target: authority,
          args: [{ const_expr: { string_value: hostPort(ip, 0).slice(0, -1) } }],
        },
      },
    ]),
  }));
  return {
    ...rules,
    policies: { ...policies, ...Object.fromEntries(bare.map((each, index) => [`literal_${index}`, each])) },
  };
}

/** The template's own expression for the CONNECT's authority in lower case. */
function authorityOf(condition: ConfigObject): ConfigObject {
  const both = (condition.call_expr as ConfigObject).args as ConfigObject[];
  return (both[1]?.call_expr as ConfigObject).target as ConfigObject;
}

function sni(): ConfigObject {
  return { select_expr: { operand: { ident_expr: { name: 'connection' } }, field: 'requested_server_name' } };
}

function call(name: string, args: readonly ConfigObject[]): ConfigObject {
  return { call_expr: { function: name, args } };
}
