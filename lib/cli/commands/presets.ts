import { Command } from 'commander';
import { formatOptions } from '../option-values';
import { type PresetsOptions } from '../presets';

/** `mcp-egress presets`. */
export function presetsCommand(): Command {
  const [format, json] = formatOptions();
  return new Command('presets')
    .summary('list the named groups of hosts that a policy can use')
    .description(
      'Lists the presets with their hosts, who says that the service is there, and when that was looked at. None is in ' +
        'force unless a policy names it with `preset: NAME`.\n' +
        'Exit code 0: listed, 2: no such preset.',
    )
    .argument('[name]', 'one preset (default: all)')
    .addOption(format)
    .addOption(json)
    .option('--markdown', 'short for --format markdown')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress presets
  $ mcp-egress presets github
In a policy:
  allow:
    - preset: github
      owner: dev-team
      reason: reading the team's repositories`,
    )
    .action(async (name: string | undefined, options: PresetsOptions) => {
      const { presets } = await import('../presets.js');
      process.exitCode = presets(name, options);
    });
}
