import { Command, Option } from 'commander';
import { type InitOptions } from '../init';

/** `mcp-egress init`. */
export function initCommand(): Command {
  return new Command('init')
    .summary('write a commented starter policy')
    .description('Writes a commented starter policy. An existing file is left alone unless --force is given.')
    .addOption(new Option('--policy <file>', 'the file to write; - is standard output').default('egress.yaml'))
    .option('--force', 'replace an existing file')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress init
  $ mcp-egress init --policy policies/search.yaml
  $ mcp-egress init --policy - | less`,
    )
    .action(async (options: InitOptions) => {
      const { init } = await import('../init.js');
      process.exitCode = init(options);
    });
}
