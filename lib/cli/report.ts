import { existsSync } from 'node:fs';
import { printable } from '../gateway/log-line';
import { LogSummary, noLines } from '../logs';
import type { EgressPolicy } from '../policy/policy';
import {
  logPart,
  pageBundle,
  policyPart,
  proofPart,
  RefusalTimes,
  renderPage,
  type ChangesPart,
  type LogPart,
  type ReportModel,
} from '../report';
import { CliError } from './cli-error';
import { comparePolicies } from './compare-policies';
import { rowsOf, titleWords } from './diff-report';
import { EXIT, type ExitCode } from './exit-codes';
import { DEFAULT_POLICY, displayNames, loadEach, loadPolicy } from './load-policy';
import { anHourAgo, readDecisions, type LogSourceOptions } from './log-source';
import type { AcceptValues } from './option-values';
import { packageInfo } from './package-info';
import { provePaths } from './prove';
import { stdinProblems } from './standard-input';
import { progress } from './terminal';
import { checkPage, writePage } from './write-page';

export interface ReportOptions extends AcceptValues, Omit<LogSourceOptions, 'follow' | 'denied'> {
  readonly out: string;
  readonly policy?: readonly string[];
  /** As the arguments of `prove`. */
  readonly plan?: readonly string[];
  /** The policy as it was. */
  readonly against?: string;
  /** As the arguments of `logs`. */
  readonly logs?: readonly string[];
  readonly force?: boolean;
}

/** Writes a page of what is given. */
export async function report(options: ReportOptions): Promise<ExitCode> {
  checkInputs(options);
  await checkPage(options);
  const policy = wantsPolicy(options) ? await loadPolicy(options.policy) : undefined;
  const model: ReportModel = {
    ...(policy && { policy: policyPart(policy) }),
    ...(options.plan && { proof: proofPart(provePaths(options.plan, options)) }),
    ...(policy &&
      options.against !== undefined && { changes: await changesPart(policy, options.against, options.policy) }),
    ...(wantsLog(options) && { log: await readLogs(options) }),
  };
  const page = renderPage(model, pageBundle(), packageInfo().version);
  await writePage(options, page);
  if (options.out !== '-') progress(`${printable(options.out)}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
  return EXIT.yes;
}

/** Without any word about a policy, that of this folder is shown where there is one. */
function wantsPolicy(options: ReportOptions): boolean {
  const { policy, plan, against } = options;
  return policy !== undefined || against !== undefined || (!plan && !wantsLog(options)) || existsSync(DEFAULT_POLICY);
}

function wantsLog({ logs, logGroup }: ReportOptions): boolean {
  return logs !== undefined || logGroup !== undefined;
}

function checkInputs(options: ReportOptions): void {
  const { policy = [], plan, accept, reason, against, logs = [], region, since } = options;
  const problems = stdinProblems([...policy, ...logs, ...(against === undefined ? [] : [against])]);
  if (!plan && (accept ?? reason)) problems.push('--accept and --reason are about a proof; give --plan as well');
  if (!wantsLog(options) && since) problems.push('--since is about a log; give --logs or --log-group as well');
  if (!wantsLog(options) && region !== undefined) problems.push('--region is of a --log-group; give that as well');
  if (problems.length > 0) throw new CliError(`${problems.join('\n')}.`, EXIT.usage);
}

async function changesPart(
  after: EgressPolicy,
  against: string,
  names: readonly string[] | undefined,
): Promise<ChangesPart> {
  const [before] = await loadEach([against]);
  if (!before) throw new Error('one file gives one policy');
  const report = comparePolicies(
    { policy: before, file: displayNames([against]).join(', ') },
    { policy: after, file: displayNames(names).join(', ') },
  );
  const rows = report.changes.flatMap((change) =>
    rowsOf(change).map(({ workload, what, change: words }) => ({
      effect: change.effect,
      ...(change.about !== 'mode' && { workload }),
      what,
      change: words,
    })),
  );
  return {
    before: report.before.file,
    after: report.after.file,
    widened: report.widened,
    words: titleWords(report),
    rows,
  };
}

async function readLogs({ logs = [], logGroup, ...options }: ReportOptions): Promise<LogPart> {
  const since = options.since ?? (logGroup === undefined ? undefined : anHourAgo());
  const source = { ...options, ...(logGroup !== undefined && { logGroup }), ...(since && { since }) };
  const [summary, times, counts] = [new LogSummary(), new RefusalTimes(), noLines()];
  await readDecisions(logs, source, counts, (record) => {
    summary.add(record);
    times.add(record);
  });
  const sources = logGroup === undefined ? displayNames(logs) : [logGroup];
  const part = logPart(summary, times, { ...counts, sources, ...(since && { since: since.toISOString() }) });
  if (part.shown === 0) {
    const where = `${sources.map(printable).join(', ')}${part.since === undefined ? '' : ` since ${part.since}`}`;
    progress(`warning: there is no decision of a gateway in ${where}, so the page says nothing about refusals.`);
  }
  return part;
}
