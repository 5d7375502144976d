import { Command } from 'commander';
import { type LogsOptions } from '../logs';
import { formatOptions, logGroupOptions, sinceOption } from '../option-values';

/** `mcp-egress logs`. */
export function logsCommand(): Command {
  const [format, json] = formatOptions();
  const [logGroup, region] = logGroupOptions();
  return new Command('logs')
    .summary('say what was refused, how often, and what would allow it')
    .description(
      "Reads the gateway's decisions from files, standard input or CloudWatch, groups them by workload and destination, " +
        'and prints for each refused destination the YAML that would allow it.\n' +
        'Exit code 0: read, 2: unreadable.',
    )
    .argument('[files...]', 'logs; - is standard input (the default in a pipe)')
    .option('--denied', 'only what was refused, or would be under mode: enforce')
    .option('--workload <name>', 'only this workload')
    .addOption(sinceOption())
    .addOption(logGroup)
    .addOption(region)
    .option('--follow', 'show decisions as they come, until Ctrl-C; then the groups')
    .addOption(format)
    .addOption(json)
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress logs egress.log --denied
  $ docker compose -f perimeter/compose.yaml logs -f mcp-egress.gateway | mcp-egress logs --follow
  $ mcp-egress logs --log-group /mcp-egress/mcp-egress/gateway --denied --workload web-search --since 1h
  $ mcp-egress logs egress.log --json | jq '.groups[].yaml'`,
    )
    .action(async (files: string[], options: LogsOptions) => {
      const { logs } = await import('../logs.js');
      process.exitCode = await logs(files, options);
    });
}
