import { escapeUnprintable } from '../policy/quote';

/** One line of the gateway's access log, after reading. Names in it come from requests: print them through {@link printable}. */
export interface LogRecord {
  /** RFC 3339, UTC, as Envoy wrote it. */
  readonly time: string;
  /** `request`: a request to the gateway; `tunnel`: what happened inside a CONNECT. Both share the `id`. */
  readonly layer: 'request' | 'tunnel';
  readonly id: string;
  readonly workload: string;
  /** The rule's id; absent where no rule names the host. */
  readonly rule?: string;
  readonly decision: 'allowed' | 'denied' | 'would_deny';
  /** One word; normally a `Reason`, but a newer gateway may know more. */
  readonly reason: string;
  readonly method?: string;
  readonly authority?: string;
  /** The TLS server name that the client sent. */
  readonly sni?: string;
  /** Address and port that were dialled. */
  readonly upstream?: string;
  /** HTTP status of the answer; absent in the layer `tunnel` where nothing was answered. */
  readonly status?: number;
  /** Bytes to the client. */
  readonly bytesSent?: number;
  /** Bytes from the client. */
  readonly bytesReceived?: number;
  readonly durationMs?: number;
}

const DECISIONS: readonly string[] = ['allowed', 'denied', 'would_deny'];

/**
 * Reads one line of Envoy's standard output.
 * @returns undefined for what is no decision: lines that are not JSON objects, and `pending`, which says that the tunnel
 *   line with the same id carries the decision
 */
export function parseLogLine(line: string): LogRecord | undefined {
  const fields = parseObject(line);
  if (!fields) return undefined;
  const layer = text(fields.layer);
  const decision = text(fields.decision);
  if ((layer !== 'request' && layer !== 'tunnel') || !decision || !DECISIONS.includes(decision)) return undefined;
  const record: LogRecord = {
    time: text(fields.time) ?? '',
    layer,
    id: text(fields.id) ?? '',
    workload: text(fields.workload) ?? '',
    rule: text(fields.rule),
    decision: decision as LogRecord['decision'],
    reason: text(fields.reason) ?? '',
    method: text(fields.method),
    authority: text(fields.authority),
    sni: text(fields.sni),
    upstream: text(fields.upstream),
    status: count(fields.status) || undefined,
    bytesSent: count(fields.bytes_sent),
    bytesReceived: count(fields.bytes_received),
    durationMs: count(fields.duration_ms),
  };
  return record;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Envoy writes `-` or null for what it does not know. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}

function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/**
 * Makes text that came from a request or a file fit for a terminal: control characters, bidirectional overrides, invisible
 * characters and lone surrogates are shown as `\u{NN}`, so that no name can move the cursor, hide or reorder other text.
 */
export function printable(value: string): string {
  return escapeUnprintable(value);
}
