import type http from 'node:http';
import https from 'node:https';
import type { Certificates } from '../../traffic/support/certificates';
import { TOOL } from './mcp-server';
import { readBody } from './read-body';

interface Question {
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly content: unknown }[];
}

/** A stand-in for Anthropic's Messages API: it calls {@link TOOL} once where it is offered, and then repeats what it was told. */
export class ModelProvider {
  /** Method and path of each request since the last {@link forget}. */
  readonly heard: string[] = [];
  private readonly server: https.Server;

  constructor({ cert, key }: Certificates) {
    this.server = https.createServer({ cert, key }, (request, response) => {
      readBody(request, (body) => this.answer(request, body, response));
    });
  }

  async listen(host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(443, host, resolve);
    });
  }

  forget(): void {
    this.heard.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: http.IncomingMessage, body: string, response: http.ServerResponse): void {
    const { tools = [], messages = [] } = (body === '' ? {} : JSON.parse(body)) as Partial<Question>;
    this.heard.push(`${request.method} ${request.url}`);
    const tool = tools.map(({ name }) => name).find((name) => name.endsWith(TOOL));
    const said = JSON.stringify(messages.map(({ content }) => content));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = tool !== undefined && !said.includes('"tool_result"') ? toolCall(tool) : text(`heard: ${said}`);
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  }
}

interface Event {
  readonly type: string;
}

const USAGE = { input_tokens: 1, output_tokens: 1 };

/** The events of one streamed message (docs.anthropic.com, "Streaming Messages"). */
function message(block: object, delta: object, reason: string): Event[] {
  const empty = { id: 'msg_1', type: 'message', role: 'assistant', model: 'stand-in', content: [], usage: USAGE };
  return [
    { type: 'message_start', message: { ...empty, stop_reason: null, stop_sequence: null } } as Event,
    { type: 'content_block_start', index: 0, content_block: block } as Event,
    { type: 'content_block_delta', index: 0, delta } as Event,
    { type: 'content_block_stop', index: 0 } as Event,
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: USAGE } as Event,
    { type: 'message_stop' },
  ];
}

const text = (words: string): Event[] =>
  message({ type: 'text', text: '' }, { type: 'text_delta', text: words }, 'end_turn');

const toolCall = (name: string): Event[] =>
  message(
    { type: 'tool_use', id: 'toolu_1', name, input: {} },
    { type: 'input_json_delta', partial_json: '{}' },
    'tool_use',
  );
