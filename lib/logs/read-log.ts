import type { Readable } from 'node:stream';
import { parseLogLine, type LogRecord } from '../gateway/log-line';
import { splitLines } from '../gateway/split-lines';
import { unwrapLine } from './unwrap';

/** What a log held. */
export interface LogCounts {
  /** Lines in all, without empty ones. */
  lines: number;
  /** Decisions. */
  decisions: number;
  /** First lines of tunnels, whose decision stands in a later one; they are skipped. */
  pending: number;
  /** Lines of something else, such as Envoy's own. */
  foreign: number;
}

/** Nothing read yet. */
export function noLines(): LogCounts {
  return { lines: 0, decisions: 0, pending: 0, foreign: 0 };
}

/** Reads one line; counts it. @returns the decision, if it is one */
export function readLine(line: string, counts: LogCounts): LogRecord | undefined {
  if (line.trim() === '') return undefined;
  counts.lines += 1;
  const own = unwrapLine(line);
  const record = parseLogLine(own);
  if (record) counts.decisions += 1;
  else if (isPending(own)) counts.pending += 1;
  else counts.foreign += 1;
  return record;
}

/**
 * Reads a log from a stream, line by line, so that its size does not matter.
 * @param onRecord called for each decision, in order
 * @throws what the stream throws
 */
export function readLog(stream: Readable, counts: LogCounts, onRecord: (record: LogRecord) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    splitLines(stream, (line) => {
      const record = readLine(line, counts);
      if (record) onRecord(record);
    });
    stream.on('end', resolve).on('error', reject);
  });
}

function isPending(line: string): boolean {
  return line.startsWith('{') && /"decision":\s*"pending"/.test(line);
}
