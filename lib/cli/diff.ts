import { comparePolicies } from './compare-policies';
import { asJson, asMarkdown, asText } from './diff-report';
import { EXIT, type ExitCode } from './exit-codes';
import { displayNames, loadEach } from './load-policy';
import { reportFormat, type ReportFormatValues } from './option-values';
import { colorsOf, print, widthOf } from './terminal';

export interface DiffOptions extends ReportFormatValues {
  /** What is over before this moment does not count. @default everything counts: the clock is not read */
  readonly at?: Date;
}

/** Says what a new policy allows that an old one did not, and the reverse. */
export async function diff(oldFile: string, newFile: string, options: DiffOptions): Promise<ExitCode> {
  const format = reportFormat(options);
  const [before, after] = await loadEach([oldFile, newFile]);
  if (!before || !after) throw new Error('two files give two policies');
  const [oldName = '', newName = ''] = displayNames([oldFile, newFile]);
  const report = comparePolicies(
    { policy: before, file: oldName },
    { policy: after, file: newName },
    { at: options.at },
  );
  if (format === 'json') print(asJson(report));
  else if (format === 'markdown') print(asMarkdown(report));
  else print(asText(report, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return report.widened ? EXIT.no : EXIT.yes;
}
