import { decide, type EgressRequest } from '../../../../lib/policy/decide';
import { EgressPolicy } from '../../../../lib/policy/policy';
import type { Mode } from '../../../../lib/policy/types';

export const NOW = new Date('2026-05-01T12:00:00Z');
/** A last day before {@link NOW}. */
export const OVER = '2026-04-30';

/** A policy of one workload, `web`. */
export function policyOf(rules: readonly object[], mode: Mode = 'enforce'): EgressPolicy {
  return EgressPolicy.fromObject({ version: 1, mode, workloads: { web: { port: 10000, allow: rules } } });
}

type More = Partial<EgressRequest>;

/** A CONNECT whose tunnel carries TLS for the same host. */
export function connect(authority: string, more: More = {}): EgressRequest {
  const sni = authority.slice(0, authority.lastIndexOf(':'));
  return { workload: 'web', form: 'connect', method: 'CONNECT', authority, sni, now: NOW, ...more };
}

/** A CONNECT whose tunnel carries one HTTP request. */
export function inner(authority: string, request: string, more: More = {}): EgressRequest {
  const [method = '', host = '', path = ''] = request.split(' ');
  return connect(authority, { payload: 'http', inner: { method, host, path }, ...more });
}

/** A request in absolute form: `GET host /path`. */
export function absolute(request: string, more: More = {}): EgressRequest {
  const [method = '', authority = '', path] = request.split(' ');
  return { workload: 'web', form: 'absolute', method, authority, path, now: NOW, ...more };
}

/** `decision reason stage`. */
export function words(policy: EgressPolicy, request: EgressRequest): string {
  const { decision, reason, stage } = decide(policy, request);
  return `${decision} ${reason} ${stage}`;
}
