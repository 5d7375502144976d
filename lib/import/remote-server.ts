import { readUrl } from './endpoint';
import { oneLine } from './one-line';
import type { McpServer } from './source';

/** A server that runs elsewhere: its host becomes a rule of the client. What does not is told in the notes. */
export function remoteServer(name: string, url: string, notes: string[]): McpServer {
  const reason = `MCP server "${oneLine(name)}"`;
  const server: McpServer = { name, isRemote: true, endpoints: [], reason, suggestions: [] };
  const reading = readUrl(url);
  if ('endpoint' in reading) return { ...server, endpoints: [reading.endpoint] };
  if ('why' in reading) {
    notes.push(`server "${oneLine(name)}" got no rule: ${reading.why}`);
    return server;
  }
  const { suggestion } = reading;
  notes.push(`server "${oneLine(name)}" is at ${suggestion.host}, which is not public: its rule is a comment`);
  return { ...server, suggestions: [{ ...suggestion, why: `${reason}; ${suggestion.why}` }] };
}
