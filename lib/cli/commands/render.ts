import { Command } from 'commander';
import { collectResolver, parseAbsolute, parseBind, parsePort, policyOption } from '../option-values';
import { type RenderOptions } from '../render';

/** `mcp-egress render`. */
export function renderCommand(): Command {
  return new Command('render')
    .summary('write the Envoy configuration of the policy')
    .description(
      'Compiles the policy and writes the files that Envoy reads: envoy.yaml, clusters.yaml, listeners.yaml ' +
        'and routes/. The same policy gives the same bytes. The names of the files go to standard output.',
    )
    .requiredOption('--out <dir>', 'the folder to write; one that holds anything else needs --force')
    .addOption(policyOption())
    .option(
      '--bind <address>',
      "address of the workloads' listeners and of the health port (default: 0.0.0.0)",
      parseBind,
    )
    .option('--dns <ip:port>', "resolver, repeatable (default: the machine's)", collectResolver)
    .option('--health-port <port>', 'port that answers GET /healthz (default: 9900)', parsePort)
    .option('--directory <dir>', 'where Envoy will find the files (default: /etc/mcp-egress)', parseAbsolute)
    .option('--force', 'write into a folder that holds other files')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress render --out envoy
  $ mcp-egress render --out envoy --directory "$PWD/envoy" --bind 127.0.0.1
  $ envoy -c envoy/envoy.yaml --reject-unknown-dynamic-fields`,
    )
    .action(async (options: RenderOptions) => {
      const { render } = await import('../render.js');
      process.exitCode = await render(options);
    });
}
