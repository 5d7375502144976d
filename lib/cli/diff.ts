import { diffPolicies } from '../policy/diff/diff';
import { CliError } from './cli-error';
import { asJson, asMarkdown, asText, type DiffReport } from './diff-report';
import { EXIT, type ExitCode } from './exit-codes';
import { displayNames, loadEach } from './load-policy';
import { formatOf, type FormatValues } from './option-values';
import { colorsOf, print, widthOf } from './terminal';

export interface DiffOptions extends FormatValues {
  readonly markdown?: boolean;
  /** What is over before this moment does not count. @default everything counts: the clock is not read */
  readonly at?: Date;
}

/** Says what a new policy allows that an old one did not, and the reverse. */
export async function diff(oldFile: string, newFile: string, options: DiffOptions): Promise<ExitCode> {
  const format = diffFormat(options);
  const [before, after] = await loadEach([oldFile, newFile]);
  if (!before || !after) throw new Error('two files give two policies');
  const [oldName = '', newName = ''] = displayNames([oldFile, newFile]);
  const report: DiffReport = {
    ...diffPolicies(before, after, { at: options.at }),
    before: { file: oldName, hash: before.hash, mode: before.mode },
    after: { file: newName, hash: after.hash, mode: after.mode },
  };
  if (format === 'json') print(asJson(report));
  else if (format === 'markdown') print(asMarkdown(report));
  else print(asText(report, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return report.widened ? EXIT.no : EXIT.yes;
}

function diffFormat({ markdown = false, ...values }: DiffOptions): ReturnType<typeof formatOf> {
  const format = formatOf(values);
  if (!markdown || format === 'markdown') return format;
  if (format === 'json') throw new CliError('--markdown and JSON exclude each other; write one of them.', EXIT.usage);
  return 'markdown';
}
