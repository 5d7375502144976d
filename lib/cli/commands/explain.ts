import { Command } from 'commander';
import { type ExplainOptions } from '../explain';
import { formatOptions, parseAnswers, parseDate, policyOption } from '../option-values';

/** `mcp-egress explain`. */
export function explainCommand(): Command {
  const [format, json] = formatOptions();
  return new Command('explain')
    .summary('say what would happen to a request, by which rule')
    .description(
      'Says what the gateway would do with a request of a workload, by which rule, and at which line it ' +
        'stands. Nothing is sent and no name is resolved.\n' +
        'Exit code 0: allowed, 1: denied, 2: no such workload or unreadable.',
    )
    .argument('<workload>', 'a workload of the policy')
    .argument('<method>', 'such as GET; counts for http:// only, because TLS hides it')
    .argument('<url>', 'https://host/…, http://host/… or tcp://host:port')
    .addOption(policyOption())
    .option('--at <date>', 'as of this day (2027-06-30) or instant (default: now)', parseDate)
    .option('--answers <ips>', 'what the name resolves to: IP,IP or none (default: not looked at)', parseAnswers)
    .addOption(format)
    .addOption(json)
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress explain web-search GET https://api.your-approved-service.com/status
  $ mcp-egress explain web-search POST http://plain.example.org/public/form
  $ mcp-egress explain web-search GET https://api.your-approved-service.com/ --answers 10.0.0.7
  $ mcp-egress explain web-search CONNECT tcp://db.example.org:5432 --at 2027-07-01`,
    )
    .action(async (workload: string, method: string, url: string, options: ExplainOptions) => {
      const { explain } = await import('../explain.js');
      process.exitCode = await explain(workload, method, url, options);
    });
}
