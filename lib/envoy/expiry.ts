import { expiryOf } from '../policy/expiry';
import type { Rule } from '../policy/types';
import { typed, type ConfigObject } from './resources';

/** Names of the HTTP filters that routes configure. */
export const EXPIRY_FILTER = 'egress.expiry';

/** The filter that judges nothing unless a route tells it to. */
export function expiryFilter(): ConfigObject {
  return { name: EXPIRY_FILTER, typed_config: typed('envoy.extensions.filters.http.rbac.v3.RBAC') };
}

/** The last of the rules' days, or undefined where one of them never ends. */
export function lastDay(rules: readonly Rule[]): string | undefined {
  const days = rules.map((rule) => rule.expires);
  return days.includes(undefined) ? undefined : (days as string[]).sort().at(-1);
}

/** Passes a request only before the end of `day`: CEL `request.time < timestamp(...)`. What cannot be evaluated is refused. */
export function allowUntil(day: string, observe: boolean): ConfigObject {
  return perRoute(observe, 'ALLOW', 'in_time', timeComparison('_<_', day));
}

/** Refuses a request from the end of `day` on, under the name `expired`, where an ALLOW already speaks for something else. */
export function denyAfter(day: string, observe: boolean): ConfigObject {
  return perRoute(observe, 'DENY', 'expired', timeComparison('_>=_', day));
}

function perRoute(observe: boolean, action: string, policy: string, condition: ConfigObject): ConfigObject {
  const rules = {
    action,
    policies: { [policy]: { permissions: [{ any: true }], principals: [{ any: true }], condition } },
  };
  const rbac = observe ? { shadow_rules: rules, shadow_rules_stat_prefix: 'expiry_' } : { rules };
  return { [EXPIRY_FILTER]: typed('envoy.extensions.filters.http.rbac.v3.RBACPerRoute', { rbac }) };
}

function timeComparison(operator: string, day: string): ConfigObject {
  const end = expiryOf(day).toISOString().replace('.000Z', 'Z');
  return {
    call_expr: {
      function: operator,
      args: [
        { select_expr: { operand: { ident_expr: { name: 'request' } }, field: 'time' } },
        { call_expr: { function: 'timestamp', args: [{ const_expr: { string_value: end } }] } },
      ],
    },
  };
}
