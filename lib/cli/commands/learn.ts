import { Command, InvalidArgumentError, Option } from 'commander';
import { HAZARDS } from '../../learn/hazard-kinds';
import { type LearnOptions } from '../learn';
import { collect, formatOptions, logGroupOptions, sinceOption } from '../option-values';

/** `mcp-egress learn`. */
export function learnCommand(): Command {
  const [format, json] = formatOptions();
  const [logGroup, region] = logGroupOptions();
  return new Command('learn')
    .summary('propose the rules that a log gives reason for')
    .description(
      'Reads refusals, or what mode observe let pass, and proposes the smallest set of rules that would allow them: exact ' +
        "hosts, with their evidence as comments, in the policy's own text. Look at them before you commit: a hijacked agent " +
        'can ask for anything. Addresses, internal networks, and those hosts for anybody, upload sites and resolvers over HTTPS ' +
        'that it knows (short lists) are never proposed unless --include names them.\n' +
        'The new policy goes to standard output, or with --write into the file.\n' +
        'Exit code 0: proposed (also nothing), 1: the policy is not valid, 2: unreadable.',
    )
    .argument('[logs...]', 'logs; - is standard input (the default in a pipe)')
    .option('--policy <file>', 'the policy to add to (default: egress.yaml, or a new one where there is none)')
    .option('--write', 'write the rules into the policy file')
    .option('--workload <name>', 'only what this workload asked for')
    .addOption(sinceOption())
    .option('--fold-wildcards', 'three names or more of one owner become a wildcard')
    .addOption(
      new Option('--include <kind>', `propose these as well, repeatable: ${HAZARDS.join(', ')}`)
        .argParser(collectKind)
        .default([]),
    )
    .addOption(logGroup)
    .addOption(region)
    .addOption(format)
    .addOption(json)
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress learn egress.log                          # the new policy; what was left out goes to standard error
  $ mcp-egress learn egress.log --write && git diff egress.yaml
  $ mcp-egress learn --log-group /mcp-egress/mcp-egress/gateway --since 7d --workload web-search --write
  $ mcp-egress learn egress.log --fold-wildcards --include shared-hosting`,
    )
    .action(async (files: string[], options: LearnOptions) => {
      const { learn } = await import('../learn.js');
      process.exitCode = await learn(files, options);
    });
}

function collectKind(value: string, previous: readonly string[] | undefined): string[] {
  const kinds: readonly string[] = HAZARDS;
  if (!kinds.includes(value)) throw new InvalidArgumentError(`Write one of ${kinds.join(', ')}.`);
  return collect(value, previous);
}
