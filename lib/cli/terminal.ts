import pc from 'picocolors';

/** Colour functions, which return their text unchanged where colour is not wanted. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colour only on a terminal that can show it, and never against NO_COLOR (https://no-color.org: set and not empty). */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, TERM } = process.env;
  return pc.createColors(stream.isTTY === true && !NO_COLOR && TERM !== 'dumb');
}

/** The width of a terminal in columns; `undefined` for a file or a pipe, where nothing is cut. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? Math.max(stream.columns || 80, 40) : undefined;
}

/** A result: standard output, one newline at the end. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Progress and warnings: standard error, so that a result can be piped. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `mcp-egress check | head`: a reader that has seen enough is not an error. The `exit` handlers end a running gateway. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
}
