import { Command } from 'commander';
import { acceptOptions, collect, logGroupOptions, policyOption, sinceOption } from '../option-values';
import { type ReportOptions } from '../report';

/** `mcp-egress report`. */
export function reportCommand(): Command {
  const [accept, reason] = acceptOptions();
  const [logGroup, region] = logGroupOptions();
  return new Command('report')
    .summary('write a page to look at: the network, who may reach what, what changed, what was refused')
    .description(
      'Writes one HTML file that loads nothing: the network as a drawing with every path that the proof found, the claims, ' +
        'the rules to be searched, what changed against another policy, and the refusals of a log with what would allow them. ' +
        'What is not given is left out; the same input gives the same bytes.\n' +
        'Exit code 0: written, whatever it says (prove and diff answer by their exit codes), 1: a policy is not valid, 2: unreadable.',
    )
    .requiredOption('--out <file>', 'the page; - is standard output')
    .addOption(policyOption())
    .option('--plan <path>', 'Terraform JSON of the network, as for prove; repeatable', collect)
    .addOption(accept)
    .addOption(reason)
    .option('--against <file>', 'the policy as it was')
    .option('--logs <file>', 'a log of the gateway, as for logs; repeatable, - is standard input', collect)
    .addOption(logGroup)
    .addOption(region)
    .addOption(sinceOption())
    .option('--force', 'replace a file that is no such page')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress report --out report.html
  $ mcp-egress report --plan cdktf.out --logs egress.log --out report.html
  $ mcp-egress report --plan cdktf.out --log-group /mcp-egress/mcp-egress/gateway --since 7d --out report.html
  $ git show main:egress.yaml > old.yaml; mcp-egress report --against old.yaml --out report.html`,
    )
    .action(async (options: ReportOptions) => {
      const { report } = await import('../report.js');
      process.exitCode = await report(options);
    });
}
