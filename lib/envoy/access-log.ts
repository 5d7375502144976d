import { METADATA, STATE } from './names';
import { typed, type ConfigObject } from './resources';

/** Where decisions are written. */
export interface LogSink {
  /** A file; absent: standard output. */
  readonly file?: string;
}

/** What a line says besides the facts that Envoy knows; each value is literal text or an Envoy format string. */
export interface LogLine {
  readonly layer: 'request' | 'tunnel';
  readonly id: string;
  readonly workload: string;
  readonly rule?: string;
  readonly decision: string;
  readonly reason: string;
}

/** Format strings for values that are only known at run time. */
export const FORMAT = {
  edgeId: `%FILTER_STATE(${STATE.id}:PLAIN)%`,
  tunnelId: `%FILTER_STATE(${STATE.tunnel}:PLAIN)%`,
  tunnelRule: `%FILTER_STATE(${STATE.rule}:PLAIN)%`,
  /** An id for a reply; its line takes it from the reply's header. */
  newId: '%UNIQUE_ID%',
  idHeader: '%RESP(X-EGRESS-ID)%',
  reasonHeader: '%RESP(X-EGRESS-REASON)%',
  routeRule: `%METADATA(ROUTE:${METADATA}:rule)%`,
} as const;

/** An access log of one line a request or connection: the fields of the log contract, no path, no body, no credentials. */
export function accessLog(sink: LogSink, line: LogLine, filter?: ConfigObject): ConfigObject {
  const { layer, id, workload, rule, decision, reason } = line;
  const authority = layer === 'tunnel' ? `%FILTER_STATE(${STATE.authority}:PLAIN)%` : '%REQ(:AUTHORITY)%';
  const json_format = {
    time: '%START_TIME%',
    layer,
    id,
    workload,
    ...(rule !== undefined && { rule }),
    decision,
    reason,
    method: '%REQ(:METHOD)%',
    authority,
    sni: '%REQUESTED_SERVER_NAME%',
    upstream: '%UPSTREAM_REMOTE_ADDRESS%',
    status: '%RESPONSE_CODE%',
    bytes_sent: '%BYTES_SENT%',
    bytes_received: '%BYTES_RECEIVED%',
    duration_ms: '%DURATION%',
  };
  const log_format = { json_format };
  return sink.file === undefined
    ? {
        name: 'envoy.access_loggers.stdout',
        ...(filter && { filter }),
        typed_config: typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', { log_format }),
      }
    : {
        name: 'envoy.access_loggers.file',
        ...(filter && { filter }),
        typed_config: typed('envoy.extensions.access_loggers.file.v3.FileAccessLog', { path: sink.file, log_format }),
      };
}

/** A filter by a CEL expression; one that cannot be evaluated (a missing attribute) is false. */
export function celFilter(expression: string): ConfigObject {
  return {
    extension_filter: {
      name: 'envoy.access_loggers.extension_filters.cel',
      typed_config: typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', { expression }),
    },
  };
}

/** CEL in a guard, mode `observe`: the rule's last day was over when the CONNECT came. */
export const EXPIRED_AT_EDGE = `'${STATE.expired}' in filter_state`;
