import { Command } from 'commander';
import { checkCommand } from './commands/check';
import { diffCommand } from './commands/diff';
import { explainCommand } from './commands/explain';
import { initCommand } from './commands/init';
import { learnCommand } from './commands/learn';
import { logsCommand } from './commands/logs';
import { presetsCommand } from './commands/presets';
import { proveCommand } from './commands/prove';
import { renderCommand } from './commands/render';
import { reportCommand } from './commands/report';
import { runCommand } from './commands/run';
import { testCommand } from './commands/test';
import { packageInfo } from './package-info';
import { printableLines } from './printable-lines';

const AFTER = `
Examples:
  $ mcp-egress init                                     # write egress.yaml
  $ mcp-egress check --strict
  $ mcp-egress explain web-search GET https://example.com
  $ mcp-egress run                                      # the gateway, on this machine
  $ mcp-egress logs egress.log --denied                 # what was refused, and what would allow it
  $ mcp-egress prove cdktf.out                          # is the gateway the only way out?

Exit codes: 0 yes, 1 the answer is no, 2 usage or unreadable input, 3 unproven, 70 a bug of ours.`;

/**
 * The command line. The commands only describe themselves here; what they do is loaded when one is called, so that
 * `--help` stays quick. Errors of usage come out as `CommanderError`.
 */
export function createProgram(): Command {
  const program = new Command('mcp-egress')
    .description("One policy file says what an AI agent's MCP servers may reach; an Envoy gateway refuses the rest.")
    .version(packageInfo().version)
    .addHelpText('after', AFTER)
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride()
    .configureOutput({
      // The words of the command line come back in commander's messages.
      outputError: (text, write) => write(printableLines(text)),
    });
  for (const command of [
    initCommand(),
    checkCommand(),
    explainCommand(),
    diffCommand(),
    presetsCommand(),
    renderCommand(),
    runCommand(),
    proveCommand(),
    testCommand(),
    logsCommand(),
    learnCommand(),
    reportCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}
