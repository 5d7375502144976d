/** What a rule's hosts speak: TLS behind a CONNECT, plain HTTP, or opaque bytes. */
export type Protocol = 'tls' | 'http' | 'tcp';

/** `enforce` refuses what no rule allows; `observe` lets it pass and logs it as `would_deny`. */
export type Mode = 'enforce' | 'observe';

/** Where a piece of the policy was written; lines and columns count from 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A fixed address that is dialled instead of resolving the rule's names. */
export interface FixedAddress {
  /** Canonical IPv4 or IPv6 text (RFC 5952), without brackets. */
  readonly ip: string;
  readonly port: number;
}

/**
 * One entry of a workload's `allow`, after groups are expanded and everything is normalised.
 * Hosts are lower case, punycode, without a trailing dot, sorted; `*.` in front means any depth below.
 */
export interface Rule {
  /** For people and logs, unique in its workload, independent of the order of rules: `api.example.com:443`. */
  readonly id: string;
  /** Hash of the rule's whole meaning (not of owner, reason or place): 16 hex digits. Two rules with one revision mean the same. */
  readonly revision: string;
  readonly workload: string;
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly protocol: Protocol;
  /** Upper case; absent: every method but CONNECT and TRACE. Only with `http`. */
  readonly methods?: readonly string[];
  /** Path prefixes; one that ends in `/` is a plain prefix, any other ends at a `/` or at the path's end. Only with `http`. */
  readonly paths?: readonly string[];
  /** The only addresses the hosts may resolve to: sorted CIDRs, metadata addresses already taken out. */
  readonly private?: readonly string[];
  readonly address?: FixedAddress;
  /** Last day on which the rule counts, UTC, `YYYY-MM-DD`. */
  readonly expires?: string;
  readonly owner?: string;
  readonly reason?: string;
  /** The group this rule came from, if any. */
  readonly group?: string;
  /** The preset this rule came from, if any. */
  readonly preset?: string;
  readonly source: Source;
}

/** Per workload and per gateway process, over all its rules and request forms. */
export interface Limits {
  /** CONNECTs and plain requests together. */
  readonly requestsPerSecond?: number;
  /** Open tunnels and requests in flight. */
  readonly connections?: number;
  /** The longest life of one tunnel, stream or WebSocket. */
  readonly tunnelMinutes?: number;
  /** Bytes from the workload, summed over all its connections, in units of 1024. */
  readonly uploadKilobytesPerSecond?: number;
}

export interface Workload {
  readonly name: string;
  /** This workload's listener; part of its identity. */
  readonly port: number;
  /** In the order of the policy. */
  readonly rules: readonly Rule[];
  readonly limits: Limits;
  readonly source: Source;
}
