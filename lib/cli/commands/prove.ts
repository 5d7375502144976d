import { Command, Option } from 'commander';
import { acceptOptions } from '../option-values';
import { type ProveCommandOptions } from '../prove';

/** `mcp-egress prove`. */
export function proveCommand(): Command {
  const [accept, reason] = acceptOptions();
  return new Command('prove')
    .summary('say whether the gateway is the only way out of some stacks')
    .description(
      'Reads the Terraform JSON of all stacks of one network and proves that its workloads have no way out but ' +
        'the gateway, or names the way, hop by hop. Nothing is sent and nothing is run.\n' +
        'Exit code 0: sealed, 1: leak, 3: unproven, 2: wrong usage or unreadable.',
    )
    .argument(
      '<files...>',
      'cdk.tf.json files, cdktf.out folders, or outputs of terraform show -json; together they are one network',
    )
    .addOption(
      new Option('--format <format>', 'how the report is written')
        .choices(['text', 'json', 'markdown', 'sarif'])
        .default('text'),
    )
    .addOption(new Option('--json', 'short for --format json').conflicts('format'))
    .option('--explain <claim>', 'one claim in full, C1 to C8, with what it stands on')
    .addOption(accept)
    .addOption(reason)
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress prove cdktf.out                                     # all stacks that cdktf synth wrote
  $ mcp-egress prove network/cdk.tf.json tenants/cdk.tf.json
  $ terraform show -json tfplan > plan.json; mcp-egress prove plan.json
  $ mcp-egress prove cdktf.out --explain C2
  $ mcp-egress prove cdktf.out --accept C1 --reason "NAT for the old batch jobs, gone by June"
  $ mcp-egress prove cdktf.out --format sarif > proof.sarif        # for code scanning`,
    )
    .action(async (files: string[], options: ProveCommandOptions) => {
      const { prove } = await import('../prove.js');
      process.exitCode = prove(files, options);
    });
}
