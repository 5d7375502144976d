import type { LogGroup } from '../logs';
import { decide, EgressPolicy, PolicyError } from '../policy';
import { propose, type Proposal, type ProposedRule, type ProposeOptions } from './propose';
import type { Unfit } from './wish';
import { writeRules } from './write-rules';

/** A policy as it stands in its file. */
export interface LearnFrom {
  readonly text: string;
  readonly file: string;
  readonly policy: EgressPolicy;
}

/** A proposal, and the policy with it. */
export interface Learned extends Proposal {
  /** The file's text with the rules; it checks. */
  readonly text: string;
  readonly policy: EgressPolicy;
}

/**
 * Proposes rules from a log and writes them into a policy. Whatever is proposed is allowed by the result, and what was allowed before still
 * is: a rule that would break either is left out, with the reason.
 * @param from undefined: a new policy, with the workloads of the log
 * @throws {LearnError} the policy's text has no place for them
 */
export function learn(groups: readonly LogGroup[], from: LearnFrom | undefined, options: ProposeOptions): Learned {
  const { rules, leftOut } = propose(groups, from?.policy, options);
  const kept: ProposedRule[] = [];
  const refused: Unfit[] = [];
  // All at once is the usual case; one after another only where some do not fit.
  const all = tryRules(rules, from, options.now);
  if (typeof all !== 'string') return { rules, leftOut, ...all };
  for (const rule of rules) {
    const tried = tryRules([...kept, rule], from, options.now);
    if (typeof tried === 'string') refused.push(...rule.hosts.map((host) => unfit(rule, host, tried)));
    else kept.push(rule);
  }
  const result = tryRules(kept, from, options.now);
  if (typeof result === 'string') throw new Error(result);
  return { rules: kept, leftOut: [...leftOut, ...refused], ...result };
}

/** The policy with the rules, or why there can be none. */
function tryRules(
  rules: readonly ProposedRule[],
  from: LearnFrom | undefined,
  now: Date,
): { text: string; policy: EgressPolicy } | string {
  const text = rules.length === 0 && from ? from.text : writeRules(from?.text, rules);
  try {
    const policy = EgressPolicy.fromYaml(text, from && { file: from.file });
    return isKept(from?.policy, policy, now)
      ? { text, policy }
      : 'a rule that is there would count no more for its host';
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ message }) => message).join('; ');
  }
}

/** Whether every host that had a rule has what it had: a rule of another kind for a more specific host takes it away. */
function isKept(before: EgressPolicy | undefined, after: EgressPolicy, now: Date): boolean {
  return (before?.workloads ?? []).every(({ name: workload, rules }) =>
    after.workloads
      .flatMap((each) => (each.name === workload ? each.rules.flatMap(({ hosts }) => hosts) : []))
      .filter((host) => !host.startsWith('*.') && !host.includes(':'))
      .every((host) =>
        rules.every(({ ports }) =>
          ports.every((port) => {
            const request = {
              workload,
              form: 'connect',
              method: 'CONNECT',
              authority: `${host}:${port}`,
              sni: host,
              now,
            } as const;
            const was = decide(before as EgressPolicy, request);
            return was.decision !== 'allowed' || decide(after, request).decision === 'allowed';
          }),
        ),
      ),
  );
}

function unfit({ workload, ports }: ProposedRule, { host, count }: ProposedRule['hosts'][number], why: string): Unfit {
  return { workload, destination: `${host}:${ports.join(',')}`, count, why };
}
