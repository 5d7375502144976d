import { Command, Option } from 'commander';
import { type InitOptions } from '../init';
import { collect } from '../option-values';

/** `mcp-egress init`. */
export function initCommand(): Command {
  return new Command('init')
    .summary('write a commented starter policy, or one out of the MCP servers that you have')
    .description(
      'Writes a commented starter policy. With --from it is a skeleton out of lists of MCP servers instead: a workload for ' +
        'each local server, one for each client that calls remote servers, and the rules that a list states. Hosts that ' +
        'merely stand in arguments or the environment become comments; nothing else of these is copied.\n' +
        'Known by their content: OpenClaw (mcp.servers), Claude Desktop, Cursor and others (mcpServers), VS Code ' +
        '(mcp.json, settings), ToolHive (permission profiles, registries), Docker MCP catalogs.\n' +
        'An existing file is left alone unless --force is given; with --from, workloads that it has keep their ports.',
    )
    .addOption(new Option('--policy <file>', 'the file to write; - is standard output').default('egress.yaml'))
    .addOption(new Option('--from <file>', 'a list of MCP servers; repeatable, several merge').argParser(collect))
    .option('--force', 'replace an existing file')
    .addHelpText(
      'after',
      `
Examples:
  $ mcp-egress init
  $ mcp-egress init --policy policies/search.yaml
  $ mcp-egress init --policy - | less
  $ mcp-egress init --from ~/.openclaw/openclaw.json
  $ mcp-egress init --from .vscode/mcp.json --from github-profile.json --policy - | less
  $ mcp-egress init --from claude_desktop_config.json --force      # again, after a change of the list`,
    )
    .action(async (options: InitOptions) => {
      const { init } = await import('../init.js');
      process.exitCode = init(options);
    });
}
