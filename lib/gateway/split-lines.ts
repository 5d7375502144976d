import { type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * Calls `onLine` for each line of a stream of UTF-8 text, without its line feed.
 *
 * Only U+000A ends a line: `node:readline` also splits at U+2028, which stands unescaped inside JSON strings, so a
 * name from a request could cut a log line in two.
 */
export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const push = (text: string): void => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    lines.forEach((line) => onLine(line.endsWith('\r') ? line.slice(0, -1) : line));
  };
  stream.on('data', (chunk: Buffer) => push(decoder.write(chunk)));
  stream.on('end', () => {
    push(decoder.end());
    if (pending) onLine(pending);
  });
}
