/** The port of the gateway's health endpoint unless told otherwise; no workload may use it. */
export const DEFAULT_HEALTH_PORT = 9900;

/** The lowest port of a workload's listener: ports below need privileges that the gateway does not have. */
export const LOWEST_WORKLOAD_PORT = 1024;

/** The highest port there is (RFC 9293 section 3.1: 16 bits). */
export const HIGHEST_PORT = 65535;

/** The port of a rule without `ports`; a `tcp` rule has none and must name its ports. */
export const DEFAULT_PORTS = { tls: 443, http: 80 } as const;
