import type { LogRecord } from '../gateway/log-line';
import { LogSummary, noLines } from '../logs';
import { DecisionRows } from './decision-rows';
import { EXIT, type ExitCode } from './exit-codes';
import { readDecisions, type LogSourceOptions } from './log-source';
import { asJson, asMarkdown, asText, type LogsReport } from './logs-report';
import { formatOf, type FormatValues } from './option-values';
import { colorsOf, print, progress, widthOf } from './terminal';

export interface LogsOptions extends FormatValues, LogSourceOptions {
  readonly workload?: string;
}

/** Says what a log holds: which decisions, how often, and what would allow what was refused. */
export async function logs(files: readonly string[], options: LogsOptions): Promise<ExitCode> {
  const summary = new LogSummary();
  const counts = noLines();
  const show = options.follow ? liveRows() : () => undefined;
  let kept = 0;
  await readDecisions(files, options, counts, (record) => {
    if (!isWanted(record, options)) return;
    kept += 1;
    summary.add(record);
    show(record);
  });
  const report: LogsReport = { ...counts, kept, others: summary.others, groups: summary.groups };
  const format = formatOf(options);
  if (format === 'json') print(asJson(report));
  else if (format === 'markdown') print(asMarkdown(report));
  else print(asText(report, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return EXIT.yes;
}

function isWanted({ decision, workload }: LogRecord, { denied, workload: only }: LogsOptions): boolean {
  if (denied && decision === 'allowed') return false;
  return only === undefined || workload === only;
}

/** Rows go where progress goes, so that the report can be piped. */
function liveRows(): (record: LogRecord) => void {
  const { stderr } = process;
  const rows = new DecisionRows(() => widthOf(stderr) ?? 120, colorsOf(stderr));
  progress(rows.head());
  return (record) => progress(rows.row(record));
}
