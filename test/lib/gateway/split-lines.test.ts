import { PassThrough } from 'node:stream';
import { splitLines } from '../../../lib/gateway/split-lines';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  splitLines(stream, (line) => lines.push(line));
  const ended = new Promise((resolve) => stream.once('end', resolve));
  chunks.forEach((chunk) => stream.write(chunk));
  stream.end();
  await ended;
  return lines;
}

describe('splitLines', () => {
  it('joins what came in pieces', async () => {
    expect(await linesOf('a', 'b\nc', '\n')).toEqual(['ab', 'c']);
  });

  it('gives a last line without line feed', async () => {
    expect(await linesOf('a\nb')).toEqual(['a', 'b']);
  });

  it('takes away a carriage return before the line feed only', async () => {
    expect(await linesOf('a\r\nb\rc\n')).toEqual(['a', 'b\rc']);
  });

  it('keeps a character whole that is cut between two pieces', async () => {
    const bytes = Buffer.from('é\n');
    expect(await linesOf(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['é']);
  });

  it('does not split at U+2028, which may stand inside a JSON string', async () => {
    const line = '{"authority":"a\u2028b"}';
    expect(await linesOf(`${line}\n`)).toEqual([line]);
  });
});
