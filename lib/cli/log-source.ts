import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { printable, type LogRecord } from '../gateway/log-line';
import { cloudWatchLines, readLine, readLog, type LogCounts } from '../logs';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import { stdinProblems } from './standard-input';
import { untilSignal } from './until-signal';

/** Where decisions are read from. */
export interface LogSourceOptions {
  readonly logGroup?: string;
  readonly region?: string;
  /** Decisions from this moment on; those whose time cannot be read are given rather than hidden. */
  readonly since?: Date;
  /** Only refusals are wanted; CloudWatch is asked for no others. */
  readonly denied?: boolean;
  readonly follow?: boolean;
}

/** Without `--since` CloudWatch is asked for what came from then on. */
export const anHourAgo = (): Date => new Date(Date.now() - 60 * 60 * 1000);

/**
 * Reads decisions from files, standard input or CloudWatch, one after another.
 * @throws {CliError} (usage) nothing to read, unreadable, or options that contradict each other
 */
export async function readDecisions(
  files: readonly string[],
  options: LogSourceOptions,
  counts: LogCounts,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  check(files, options);
  const { since } = options;
  const give = (record: LogRecord): void => {
    if (since === undefined || !(Date.parse(record.time) < since.getTime())) onRecord(record);
  };
  if (options.logGroup !== undefined) return readCloudWatch(options.logGroup, options, counts, give);
  for (const file of files.length === 0 ? ['-'] : files) {
    const stream = file === '-' ? process.stdin : await open(file);
    const reading = readLog(stream, counts, give);
    // Ctrl-C ends the reading, not the report.
    await (options.follow ? Promise.race([reading, untilSignal().asked]) : reading);
    if (options.follow) stream.destroy();
  }
}

function check(files: readonly string[], { logGroup, region, follow }: LogSourceOptions): void {
  const problems = stdinProblems(files);
  if (logGroup !== undefined && files.length > 0)
    problems.push('--log-group and files are two sources; give one of them');
  if (logGroup === undefined && region !== undefined) problems.push('--region is of a --log-group; give that as well');
  if (logGroup === undefined && files.length === 0 && process.stdin.isTTY)
    problems.push('nothing to read: give a log file, - for standard input, or --log-group NAME');
  if (follow && files.some((file) => file !== '-'))
    problems.push('--follow reads standard input or CloudWatch; write: tail -F FILE | mcp-egress logs --follow');
  if (problems.length > 0) throw new CliError(`${problems.join('\n')}.`, EXIT.usage);
}

async function open(file: string): Promise<Readable> {
  const stream = createReadStream(file);
  try {
    await once(stream, 'open');
    await once(stream, 'readable');
    return stream;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new CliError(`${printable(JSON.stringify(file))} cannot be read: ${why}.`, EXIT.usage);
  }
}

async function readCloudWatch(
  logGroup: string,
  { region, denied: deniedOnly, since = anHourAgo(), follow }: LogSourceOptions,
  counts: LogCounts,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const stop = new AbortController();
  if (follow) void untilSignal().asked.then(() => stop.abort());
  const source = { logGroup, since, ...(deniedOnly && { deniedOnly }), ...(region !== undefined && { region }) };
  for await (const line of cloudWatchLines({ ...source, ...(follow && { until: stop.signal }) })) {
    const record = readLine(line, counts);
    if (record) onRecord(record);
  }
}
