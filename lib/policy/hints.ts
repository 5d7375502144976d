import type { Reason } from './reasons';

/**
 * What to do about a refusal, for each reason: the YAML to add, or the change to ask for.
 * `{workload}`, `{host}`, `{port}` and `{method}` stand for the request's own; Envoy's replies fill the same texts.
 */
export const HINTS: Readonly<Partial<Record<Reason, string>>> = {
  ip_literal: 'Use a host name. An internal address is reached under a rule with `private`.',
  port: 'The rule for {host} names other ports: use one of them (https:// is 443), or add {port} to its `ports` under workloads.{workload}.allow.',
  method: 'Add {method} to `methods` of the rule for {host} under workloads.{workload}.allow. TRACE never passes.',
  path: 'Add a prefix to `paths` of the rule for {host} under workloads.{workload}.allow.',
  expired: 'Renew `expires` of the rule for {host} under workloads.{workload}.allow, if its reason still holds.',
  not_tls: 'The rule for {host} is for TLS: use https://, or write `protocol: http` for plain HTTP.',
  not_http: 'The rule for {host} is for plain HTTP: send HTTP/1.1, or write `protocol: tls` or `protocol: tcp`.',
  not_connect: 'The rule for {host} is for opaque TCP: open a tunnel with CONNECT, or write `protocol: http`.',
  sni_mismatch: 'The TLS server name (SNI) must be {host}, the host of the CONNECT.',
  host_mismatch: 'The Host header inside the tunnel must name the host and port of the CONNECT.',
  private_address: 'If {host} is internal, write the addresses it may have: `private: [10.0.0.0/16]`.',
  no_address:
    '{host} has no address that the rule may reach. If it is internal, write `private: [10.0.0.0/16]`; else check its DNS.',
  dns_failure: 'Check that {host} exists and that the gateway can reach its resolver.',
  limit: 'Slow down, or raise workloads.{workload}.limits.',
  malformed: 'Send host:port in a CONNECT, or an absolute http:// URL; https:// goes through CONNECT.',
};

/** The rule to add for a host that no rule names, by the form of the request; `{host}` and `{port}` as in {@link HINTS}. */
export const ADD_RULE_HINTS = {
  tls: 'workloads: { {workload}: { allow: [ { host: {host} } ] } }',
  tlsPort: 'workloads: { {workload}: { allow: [ { host: {host}, ports: [{port}] } ] } }',
  tcp: 'workloads: { {workload}: { allow: [ { host: {host}, protocol: tcp, ports: [{port}], reason: WHY } ] } }',
  http: 'workloads: { {workload}: { allow: [ { host: {host}, protocol: http, ports: [{port}] } ] } }',
} as const;

/** Fills a hint's placeholders by the values given; a placeholder without a value stays as it is. */
export function fillHint(hint: string, values: Readonly<Record<string, string>>): string {
  return hint.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
