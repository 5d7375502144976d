/**
 * Every word that can stand in the `reason` field of a decision: one list for Envoy's replies, the logs, the CLI and the docs.
 * `status` is the HTTP status of a refusal at stage `request`; at stage `tunnel` the tunnel closes instead.
 */
export const REASONS = {
  rule: { status: 200, text: 'a rule allows it' },
  unreachable: { status: 503, text: 'a rule allows it, but the server did not accept the connection' },
  no_rule: { status: 403, text: 'no rule of this workload names the host' },
  ip_literal: { status: 403, text: 'an IP address in the place of a host, and no rule with `private` names it' },
  port: { status: 403, text: 'a rule names the host, but not this port' },
  method: { status: 403, text: 'a rule names the host, but not this method (TRACE never passes)' },
  path: { status: 403, text: 'a rule names the host, but no prefix in `paths` fits' },
  expired: { status: 403, text: "the rule's last day is over" },
  not_tls: { status: 403, text: 'the rule is for TLS, and this is not TLS' },
  not_http: { status: 403, text: 'the rule is for plain HTTP, and the tunnel carries something else' },
  not_connect: { status: 403, text: 'the rule is for opaque TCP, which is reached by CONNECT alone' },
  sni_mismatch: { status: 403, text: 'the TLS server name is missing or is not the host of the CONNECT' },
  host_mismatch: { status: 403, text: 'the Host inside the tunnel is not the host of the CONNECT' },
  private_address: { status: 403, text: 'the name resolves to addresses that the rule may not reach' },
  no_address: {
    status: 403,
    text: 'in a TLS tunnel: the name resolves to no address that the rule may reach, private or none at all',
  },
  dns_failure: { status: 502, text: 'the name does not resolve' },
  limit: { status: 429, text: "one of the workload's limits is reached" },
  malformed: { status: 400, text: 'not a request that a forward proxy can read' },
} as const;

/** One word why; see {@link REASONS}. */
export type Reason = keyof typeof REASONS;
