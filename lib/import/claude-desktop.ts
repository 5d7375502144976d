import { readClientServers } from './client-servers';
import type { Form } from './form';
import { isMapping, mappingAt, type Raw } from './raw';

/**
 * `mcpServers`, the form of Claude Desktop (`claude_desktop_config.json`, https://modelcontextprotocol.io/docs/develop/connect-local-servers),
 * Cursor (`.cursor/mcp.json`, https://cursor.com/docs/context/mcp) and most other clients. Nothing in it says whose it is, so the
 * workload of the client is named after the file's usual place, else `agent`.
 */
export const CLAUDE_DESKTOP: Form = {
  keys: '`mcpServers` (Claude Desktop, Cursor and others)',
  read: ({ file, value }) => {
    const list = mappingAt(value, 'mcpServers');
    if (list === undefined) return undefined;
    const { servers, notes } = readClientServers(list);
    return { ...clientOf(file.replaceAll('\\', '/')), servers, notes: [...projects(value), ...notes] };
  },
};

/** Claude Code's `~/.claude.json` holds lists of projects too. */
function projects(value: Raw): string[] {
  const all = Object.values(mappingAt(value, 'projects') ?? {}).filter(isMapping);
  const hasServers = all.some((project) => Object.keys(mappingAt(project, 'mcpServers') ?? {}).length > 0);
  return hasServers ? ['the servers of its `projects` were not read; write each list to a file of its own'] : [];
}

function clientOf(path: string): { form: string; client: string } {
  if (/(?:^|\/)claude_desktop_config[^/]*$/.test(path)) return { form: 'Claude Desktop', client: 'claude-desktop' };
  if (/(?:^|\/)\.cursor\/[^/]*$/.test(path)) return { form: 'Cursor', client: 'cursor' };
  return { form: 'a list of MCP servers', client: 'agent' };
}
