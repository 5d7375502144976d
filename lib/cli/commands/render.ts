import { Command, Option } from 'commander';
import { collectAddress, collectResolver, parseAbsolute, parseBind, parsePort, policyOption } from '../option-values';
import { type RenderOptions } from '../render';
import { type RenderComposeOptions } from '../render-compose';

/** `mcp-egress render`. */
export function renderCommand(): Command {
  return new Command('render')
    .summary('write the Envoy configuration of the policy')
    .description(
      'Compiles the policy and writes the files that Envoy reads: envoy.yaml, clusters.yaml, listeners.yaml ' +
        'and routes/; or, with --target compose, a project of Docker Compose with the gateway, a closed network for each ' +
        'workload, and the MCP servers. The same policy gives the same bytes. The names of the files go to standard output.',
    )
    .requiredOption('--out <dir>', 'the folder to write; one that holds anything else needs --force')
    .addOption(policyOption())
    .addOption(new Option('--target <target>', 'what to write').choices(['envoy', 'compose']).default('envoy'))
    .option(
      '--bind <address>',
      "address of the workloads' listeners and of the health port (default: 0.0.0.0)",
      parseBind,
    )
    .option(
      '--gateway-address <ip>',
      "an address of the gateway's own, repeatable: no rule and no name leads there (default: that of --bind)",
      collectAddress,
    )
    .option('--dns <ip:port>', "resolver, repeatable (default: the machine's)", collectResolver)
    .option('--health-port <port>', 'port that answers GET /healthz (default: 9900)', parsePort)
    .option('--directory <dir>', 'where Envoy will find the files (default: /etc/mcp-egress)', parseAbsolute)
    .option('--servers <file>', 'compose: a file with the MCP servers, by workload (servers: { NAME: { image: … } })')
    .option('--image <image>', "compose: Envoy's image (default: docker.io/envoyproxy/envoy:v1.40.0)")
    .option('--name-prefix <prefix>', 'compose: first part of all names (default: mcp-egress)')
    .option('--subnet-pool <cidr>', 'compose: where its networks are cut from (default: 10.213.0.0/16)')
    .option('--force', 'write into a folder that holds other files')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress render --out envoy
  $ mcp-egress render --out envoy --directory "$PWD/envoy" --bind 127.0.0.1
  $ envoy -c envoy/envoy.yaml --reject-unknown-dynamic-fields
  $ mcp-egress render --target compose --servers servers.yaml --out perimeter && docker compose -f perimeter/compose.yaml up -d`,
    )
    .action(async ({ target, ...options }: Values, command: Command) => {
      refuseOthers(target, command);
      if (target === 'compose') {
        const { renderCompose } = await import('../render-compose.js');
        process.exitCode = await renderCompose(options);
      } else {
        const { render } = await import('../render.js');
        process.exitCode = await render(options);
      }
    });
}

type Target = 'envoy' | 'compose';
type Values = RenderOptions & RenderComposeOptions & { readonly target: Target };

/** Options that say nothing about the target. */
const OF_OTHERS: Readonly<Record<Target, readonly string[]>> = {
  envoy: ['servers', 'image', 'namePrefix', 'subnetPool'],
  compose: ['bind', 'directory', 'gatewayAddress'],
};

function refuseOthers(target: Target, command: Command): void {
  const given = command.options.filter((option) => {
    const name = option.attributeName();
    return OF_OTHERS[target].includes(name) && command.getOptionValue(name) !== undefined;
  });
  if (given.length === 0) return;
  const names = given.map(({ long }) => long).join(', ');
  command.error(`error: ${names} cannot be used with --target ${target}`, { code: 'commander.conflictingOption' });
}
