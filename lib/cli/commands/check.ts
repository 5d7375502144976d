import { Command } from 'commander';
import { type CheckOptions } from '../check';
import { formatOptions, parseDate, policyOption } from '../option-values';

/** `mcp-egress check`. */
export function checkCommand(): Command {
  const [format, json] = formatOptions();
  return new Command('check')
    .summary('say whether the policy is valid, and what is doubtful in it')
    .description(
      'Reads the policy and reports every error with its file, line and column, then what is valid but ' +
        'doubtful. The clock is not read: dates are judged only with --at.\n' +
        'Exit code 0: valid, 1: not valid, 2: unreadable.',
    )
    .addOption(policyOption())
    .option('--strict', 'warnings make the answer no as well')
    .option('--at <date>', 'also judge expiry dates, as of this day (2027-06-30, or today)', parseDate)
    .addOption(format)
    .addOption(json)
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress check
  $ mcp-egress check --strict --at today             # in CI: expired rules and missing owners fail
  $ mcp-egress check --policy base.yaml --policy team.yaml
  $ mcp-egress check --format markdown > report.md   # for a pull request`,
    )
    .action(async (options: CheckOptions) => {
      const { check } = await import('../check.js');
      process.exitCode = await check(options);
    });
}
