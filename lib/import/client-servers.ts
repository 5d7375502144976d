import { whatRuns } from './launched-package';
import { mentionedHosts } from './mentioned-hosts';
import { oneLine } from './one-line';
import { isMapping, mappingAt, textAt, textsOf, type Raw } from './raw';
import { remoteServer } from './remote-server';
import type { McpServer } from './source';

/** Servers out of one list, and what could not be taken over. */
export interface ReadServers {
  readonly servers: readonly McpServer[];
  readonly notes: readonly string[];
}

/** What a form knows about a local server beyond the common keys. */
export type Extend = (server: McpServer, entry: Raw, notes: string[]) => McpServer;

/**
 * Reads the mapping of names to servers that MCP clients share: `command`, `args`, `env` for a local server, a URL for a
 * remote one (`url`; Windsurf's `serverUrl`, Gemini's `httpUrl`).
 */
export function readClientServers(list: Raw, extend: Extend = (server) => server): ReadServers {
  const notes: string[] = [];
  const servers = Object.entries(list).flatMap(([name, entry]) => {
    const shown = `server "${oneLine(name)}"`;
    if (!isMapping(entry)) {
      notes.push(`${shown} is no mapping of keys to values and was left out`);
      return [];
    }
    if (entry.disabled === true || entry.enabled === false) {
      notes.push(`${shown} is switched off and was left out`);
      return [];
    }
    const url = textAt(entry, 'url', 'serverUrl', 'httpUrl');
    const command = textAt(entry, 'command');
    if (command !== undefined) return [extend(localServer(name, command, entry), entry, notes)];
    if (url !== undefined) return [remoteServer(name, url, notes)];
    notes.push(`${shown} has neither a command nor a URL and was left out`);
    return [];
  });
  return { servers, notes };
}

function localServer(name: string, command: string, entry: Raw): McpServer {
  const args = textsOf(entry.args);
  const texts = [
    ...args.map((text) => [text, 'its arguments'] as const),
    ...Object.values(mappingAt(entry, 'env') ?? {})
      .filter((value) => typeof value === 'string')
      .map((text) => [text, 'its environment'] as const),
  ];
  return {
    name,
    runs: whatRuns(command, args),
    isRemote: false,
    endpoints: [],
    reason: '',
    suggestions: mentionedHosts(texts),
  };
}
