import { readAllowed } from './allow-list';
import { readClientServers } from './client-servers';
import type { Form } from './form';
import { oneLine } from './one-line';
import { mappingAt, textsOf, type Raw } from './raw';
import type { McpServer } from './source';

/**
 * VS Code: `servers` of `.vscode/mcp.json` (https://code.visualstudio.com/docs/copilot/reference/mcp-configuration), or the older
 * `mcp.servers` of its settings. A sandbox states an allowlist: `sandbox.network.allowedDomains`, of a server or of the file.
 */
export const VSCODE: Form = {
  keys: '`servers` (mcp.json of VS Code), `mcp.servers` (its settings)',
  read: ({ value }) => {
    const [list, around] = serversOf(value);
    if (list === undefined || !looksLikeServers(list)) return undefined;
    const sandbox = mappingAt(around, 'sandbox', 'network');
    const { servers, notes } = readClientServers(list, (server, entry, all) => {
      const own = mappingAt(entry, 'sandbox', 'network') ?? sandbox;
      return entry.sandboxEnabled === true && own !== undefined ? sandboxed(server, own, all) : server;
    });
    return { form: 'VS Code', client: 'vscode', servers, notes };
  },
};

function serversOf(value: Raw): [Raw | undefined, Raw] {
  for (const around of [mappingAt(value, 'mcp'), value]) {
    const list = mappingAt(around, 'servers');
    if (around !== undefined && list !== undefined) return [list, around];
  }
  return [mappingAt(value, 'mcp.servers'), value];
}

/** Registries have `servers` too, with an image in place of a command. */
function looksLikeServers(list: Raw): boolean {
  const entries = Object.values(list);
  return entries.every((entry) => {
    const { image, command } = mappingAt({ entry }, 'entry') ?? {};
    return image === undefined || command !== undefined;
  });
}

function sandboxed(server: McpServer, network: Raw, notes: string[]): McpServer {
  const allowed = textsOf(network.allowedDomains).map((host) => ({ host, port: 443 }));
  if (textsOf(network.deniedDomains).length > 0) {
    notes.push(
      `server "${oneLine(server.name)}": its \`deniedDomains\` were left out, since rules only allow; see that no wildcard covers them`,
    );
  }
  const { endpoints, suggestions } = readAllowed(allowed, server.name, notes);
  return {
    ...server,
    endpoints,
    reason: 'allowedDomains of the VS Code sandbox',
    suggestions: [...suggestions, ...server.suggestions],
  };
}
