import { ADD_RULE_HINTS, fillHint, HINTS } from '../policy/hints';
import { REASONS, type Reason } from '../policy/reasons';
import { NAME } from '../policy/schema';
import type { LogGroup } from './log-summary';

/** What to do about a refusal. */
export interface Advice {
  /** The YAML to add, where a rule would allow it. */
  readonly yaml?: string;
  /** Else what to change. */
  readonly hint?: string;
}

/** What would allow a refused destination, in the words of the gateway's own reply; nothing for what was allowed. */
export function adviceFor(group: LogGroup): Advice {
  const { decision, reason, parsed, workload, method = 'CONNECT' } = group;
  if (decision === 'allowed' || !Object.hasOwn(REASONS, reason) || !NAME.test(workload)) return {};
  const values = { workload, ...(parsed && { host: parsed.host, port: String(parsed.port), method }) };
  if (reason === 'no_rule') return parsed && !parsed.isIp ? { yaml: fillHint(addRule(group), values) } : {};
  const hint = HINTS[reason as Reason];
  // A hint that speaks of the host of a request that has none says nothing.
  return hint === undefined || (!parsed && hint.includes('{host}')) ? {} : { hint: fillHint(hint, values) };
}

function addRule({ parsed }: LogGroup): string {
  if (parsed?.protocol === 'http') return ADD_RULE_HINTS.http;
  return parsed?.port === 443 ? ADD_RULE_HINTS.tls : ADD_RULE_HINTS.tlsPort;
}
