import { Command } from 'commander';
import { type DiffOptions } from '../diff';
import { formatOptions, parseDate } from '../option-values';

/** `mcp-egress diff`. */
export function diffCommand(): Command {
  const [format, json] = formatOptions();
  return new Command('diff')
    .summary('say what a changed policy allows that the old one did not, and what it no longer does')
    .description(
      'Compares what two policies mean, workload by workload: rules that are moved, grouped, split, reordered or renamed ' +
        'are no change. Each line begins with + (nothing was allowed there), - (nothing is any more) or ~ (a part changed). The ' +
        'clock is not read: without --at also days that are over count.\n' +
        'Exit code 0: nothing widens, 1: something does, or a policy is not valid, 2: unreadable.',
    )
    .argument('<old>', 'the policy file as it was; - is standard input')
    .argument('<new>', 'the policy file as it is to be; - is standard input')
    .option('--at <date>', 'what is over before this day (2027-06-30, or today) does not count', parseDate)
    .addOption(format)
    .addOption(json)
    .option('--markdown', 'short for --format markdown')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress diff old.yaml egress.yaml
  $ git show main:egress.yaml | mcp-egress diff - egress.yaml
  $ mcp-egress diff old.yaml egress.yaml --markdown > comment.md   # for a pull request`,
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('../diff.js');
      process.exitCode = await diff(before, after, options);
    });
}
