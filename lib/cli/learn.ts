import { existsSync } from 'node:fs';
import { writeAtomically } from '../gateway/write-atomically';
import { learn as learnRules, type HazardKind, type LearnFrom } from '../learn';
import { LogSummary, noLines } from '../logs';
import { EgressPolicy } from '../policy';
import { readPolicyFiles } from '../policy/read/files';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { asJson, asMarkdown, asText, type LearnReport } from './learn-report';
import { readDecisions, type LogSourceOptions } from './log-source';
import { formatOf, type FormatValues } from './option-values';
import { colorsOf, print, progress, widthOf } from './terminal';

export interface LearnOptions extends FormatValues, Omit<LogSourceOptions, 'follow' | 'denied'> {
  readonly policy?: string;
  readonly write?: boolean;
  readonly workload?: string;
  readonly foldWildcards?: boolean;
  readonly include: readonly HazardKind[];
}

const DEFAULT_POLICY = 'egress.yaml';

/** Proposes rules from a log, as the policy's own text. */
export async function learn(files: readonly string[], options: LearnOptions): Promise<ExitCode> {
  const { policy: file = DEFAULT_POLICY, workload: only, include, foldWildcards = false } = options;
  const from = options.policy !== undefined || existsSync(file) ? load(file) : undefined;
  const summary = new LogSummary();
  await readDecisions(files, { ...options, denied: true }, noLines(), (record) => {
    if (record.decision === 'allowed' || (only !== undefined && record.workload !== only)) return;
    summary.add(record);
  });
  const { groups, others } = summary;
  const learned = learnRules(groups, from, { include, foldWildcards, now: new Date() });
  const written = options.write === true && learned.rules.length > 0;
  if (written) await writeAtomically(file, learned.text);
  tell({ ...learned, file, others, ...(written && { written }) }, options);
  return EXIT.yes;
}

/** JSON and Markdown are one result; as text the policy is the result, and what is to be said about it is not part of it. */
function tell(report: LearnReport, options: LearnOptions): void {
  const format = formatOf(options);
  if (format === 'json') return print(asJson(report));
  if (format === 'markdown') return print(asMarkdown(report));
  if (options.write) return print(asText(report, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  print(report.text.replace(/\n$/, ''));
  progress(asText(report, { width: widthOf(process.stderr), colors: colorsOf(process.stderr) }));
}

function load(file: string): LearnFrom {
  if (file === '-') throw new CliError('--policy names a file that rules are added to; it cannot be -.', EXIT.usage);
  const [{ text } = { text: '' }] = readPolicyFiles([file]);
  return { text, file, policy: EgressPolicy.fromYaml(text, { file }) };
}
