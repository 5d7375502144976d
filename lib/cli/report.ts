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
import { readDecisions } from './log-source';
import { packageInfo } from './package-info';
import { provePaths } from './prove';
import { progress } from './terminal';
import { checkPage, writePage } from './write-page';

export interface ReportOptions {
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
    ...(options.plan && { proof: proofPart(provePaths(options.plan)) }),
    ...(policy &&
      options.against !== undefined && { changes: await changesPart(policy, options.against, options.policy) }),
    ...(options.logs && { log: await readLogs(options.logs) }),
  };
  const page = renderPage(model, pageBundle(), packageInfo().version);
  await writePage(options, page);
  if (options.out !== '-') progress(`${printable(options.out)}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
  return EXIT.yes;
}

/** Without any word about a policy, that of this folder is shown where there is one. */
function wantsPolicy({ policy, plan, logs, against }: ReportOptions): boolean {
  return policy !== undefined || against !== undefined || !(plan ?? logs) || existsSync(DEFAULT_POLICY);
}

function checkInputs({ policy = [], against, logs = [] }: ReportOptions): void {
  const fromStdin = [...policy, ...logs, ...(against === undefined ? [] : [against])].filter((name) => name === '-');
  if (fromStdin.length > 1) throw new CliError('standard input can be read once; write - only once.', EXIT.usage);
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

async function readLogs(files: readonly string[]): Promise<LogPart> {
  const [summary, times, counts] = [new LogSummary(), new RefusalTimes(), noLines()];
  await readDecisions(files, {}, counts, (record) => {
    summary.add(record);
    times.add(record);
  });
  if (counts.decisions === 0) {
    const names = files.map((file) => printable(file)).join(', ');
    progress(`warning: there is no decision of a gateway in ${names}, so the page says nothing about refusals.`);
  }
  return logPart(summary, times, counts);
}
