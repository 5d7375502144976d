import pc from 'picocolors';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

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

let atBrokenPipe = (): void => process.exit();

/** `mcp-egress check | head`: a reader that has seen enough is not an error. */
export function endQuietlyOnBrokenPipe(): void {
  let broken = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO: the terminal is gone.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') {
        throw new CliError(`the output cannot be written: ${error.code ?? error.message}.`, EXIT.usage);
      }
      if (!broken) atBrokenPipe();
      broken = true;
    });
  }
}

/** What happens at the end of the reader, in place of the end of this process. */
export function onBrokenPipe(handler: () => void): void {
  atBrokenPipe = handler;
}
