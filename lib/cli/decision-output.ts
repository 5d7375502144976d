import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { parseLogLine, printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { DecisionRows } from './decision-rows';
import { EXIT } from './exit-codes';
import { Tally } from './tally';
import { colorsOf, print, progress, widthOf } from './terminal';

/** Where the decisions of a running gateway go: rows on a terminal, the JSON lines as they are into a pipe, and a file. */
export class DecisionOutput {
  private readonly tally = new Tally();
  private readonly rows: DecisionRows | undefined;
  private readonly file: WriteStream | undefined;
  private headed = false;

  /**
   * @param log a file to which the JSON lines are appended as well; made with mode 0600, because it says who asked for what
   * @throws CliError (usage) if the file cannot be opened
   */
  constructor(log?: string) {
    const { stdout } = process;
    this.rows = stdout.isTTY ? new DecisionRows(() => widthOf(stdout) ?? 80, colorsOf(stdout)) : undefined;
    this.file = log === undefined ? undefined : openLog(log);
  }

  /** One line as Envoy wrote it. */
  readonly line = (raw: string): void => {
    this.file?.write(`${raw}\n`);
    const record = parseLogLine(raw);
    if (record) this.tally.add(record);
    if (!this.rows) print(raw);
    else if (record) {
      if (!this.headed) print(this.rows.head());
      this.headed = true;
      print(this.rows.row(record));
    }
  };

  /** What was allowed and refused since the start. */
  summary(): string {
    return this.tally.summary({ width: widthOf(process.stderr), colors: colorsOf(process.stderr) });
  }

  /** Writes out what the file still waits for. */
  async close(): Promise<void> {
    if (!this.file || this.file.destroyed) return;
    this.file.end();
    await once(this.file, 'close').catch(() => undefined); // the error was told when it came
  }
}

function openLog(path: string): WriteStream {
  try {
    const stream = createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
    stream.on('error', (error) => progress(`warning: ${printable(path)} gets no more lines: ${error.message}`));
    return stream;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`--log ${printable(path)} cannot be written: ${code ?? message}.`, EXIT.usage);
  }
}
