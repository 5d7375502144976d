import http from 'node:http';
import { readBody } from './read-body';

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string };
}

/** The name of the one tool. */
export const TOOL = 'look_up';
/** What it answers. */
export const FOUND = 'the answer of the tool';

/** An MCP server with one tool, {@link TOOL}, over streamable HTTP (modelcontextprotocol.io, "Transports"); every reply is JSON. */
export class McpServer {
  /** The methods that were called since the last {@link forget}. */
  readonly called: string[] = [];
  private readonly server = http.createServer((request, response) => {
    readBody(request, (body) => this.answer(request.method ?? '', body, response));
  });

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  forget(): void {
    this.called.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, body: string, response: http.ServerResponse): void {
    if (method !== 'POST') return void response.writeHead(405).end(); // no stream of its own
    const message = JSON.parse(body) as Message;
    this.called.push(message.method);
    if (message.id === undefined) return void response.writeHead(202).end();
    const result = resultOf(message);
    const reply = result === undefined ? { error: { code: -32601, message: 'no such method' } } : { result };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...reply }));
  }
}

function resultOf({ method, params }: Message): unknown {
  if (method === 'initialize') {
    const serverInfo = { name: 'stand-in', version: '1.0.0' };
    return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
  }
  if (method === 'tools/list') {
    return { tools: [{ name: TOOL, description: 'Looks it up.', inputSchema: { type: 'object', properties: {} } }] };
  }
  if (method === 'tools/call') return { content: [{ type: 'text', text: FOUND }] };
  return method === 'ping' ? {} : undefined;
}
