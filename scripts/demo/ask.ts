import { decide, type Decision } from '../../lib/policy/decide';
import { type EgressPolicy } from '../../lib/policy/policy';
import { REASONS } from '../../lib/policy/reasons';
import { type LogRecord } from '../../lib/gateway/log-line';
import { curl, type CurlOptions, type CurlResult } from './curl';
import { type LogBook } from './log-book';

/** One request of the demo: what the policy says of it, what curl saw, what the gateway logged. */
export interface Asked {
  readonly url: string;
  readonly expected: Decision;
  readonly result: CurlResult;
  readonly record?: LogRecord;
  /** Whether all three agree. */
  readonly ok: boolean;
}

export interface AskOptions extends CurlOptions {
  readonly policy: EgressPolicy;
  readonly workload: string;
  readonly log: LogBook;
  /** The gateway, as curl's `-x` names it. */
  readonly proxy: string;
}

const CLOSED = 'tunnel closed';
const LOG_TIMEOUT_MS = 5000;

/** Asks for an https URL through the gateway, by the real curl. */
export async function ask(url: string, options: AskOptions): Promise<Asked> {
  const { hostname } = new URL(url);
  const authority = `${hostname}:443`;
  const expected = decide(options.policy, {
    workload: options.workload,
    form: 'connect',
    method: 'CONNECT',
    authority,
    payload: 'tls',
    sni: hostname,
    answers: [], // the resolver of the demo knows no name
    now: new Date(),
  });
  const result = await curl(['-v', '-x', options.proxy, url], options);
  const record = await options.log.take(result.id, authority, LOG_TIMEOUT_MS);
  const agreed = record?.decision === expected.decision && record.reason === expected.reason;
  return { url, expected, result, record, ok: agreed && gotWords(result) === expectedWords(expected) };
}

/** `200`, the status of a refusal, or that the tunnel was closed. */
export function expectedWords({ decision, reason, stage }: Decision): string {
  if (decision !== 'denied') return '200';
  return stage === 'request' ? String(REASONS[reason].status) : CLOSED;
}

/** The same, as curl saw it. */
export function gotWords({ exitCode, connectStatus, status }: CurlResult): string {
  if (connectStatus === undefined) return exitCode === undefined ? 'no answer in time' : 'no answer';
  if (connectStatus !== 200) return String(connectStatus);
  return status === undefined ? CLOSED : String(status);
}
