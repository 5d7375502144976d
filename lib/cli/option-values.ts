import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** How a report is written. */
export type Format = 'text' | 'json' | 'markdown';

/** `--policy`, of every command that reads a policy. */
export const policyOption = (): Option =>
  new Option('--policy <file>', 'the policy file; repeatable, - is standard input (default: egress.yaml)').argParser(
    collect,
  );

/** `--log-group` and `--region`, of every command that reads decisions. */
export const logGroupOptions = (): [Option, Option] => [
  new Option('--log-group <name>', 'read this group of CloudWatch Logs (needs @aws-sdk/client-cloudwatch-logs)'),
  new Option('--region <region>', "of the log group (default: the environment's)"),
];

/** `--since`, of every command that reads decisions. */
export const sinceOption = (): Option =>
  new Option('--since <time>', 'from this moment on: 15m, 2h, 3d, or 2027-06-30T12:00:00Z').argParser(parseSince);

/** `--accept` and `--reason`, of every command that proves. */
export const acceptOptions = (): [Option, Option] => [
  new Option('--accept <claim>', 'a broken claim that you answer for; repeatable, each with a --reason').argParser(
    collect,
  ),
  new Option('--reason <text>', 'why the claim is accepted').argParser(collect),
];

/** The values of {@link acceptOptions}. */
export interface AcceptValues {
  /** Numbers of claims; each goes with the reason at the same place. */
  readonly accept?: readonly string[];
  readonly reason?: readonly string[];
}

/** `--format` and its short form `--json`, of every report. */
export const formatOptions = (): [Option, Option] => [
  new Option('--format <format>', 'how the report is written').choices(['text', 'json', 'markdown']).default('text'),
  new Option('--json', 'short for --format json').conflicts('format'),
];

/** The values of {@link formatOptions}. */
export interface FormatValues {
  readonly format: Format;
  readonly json?: boolean;
}

/** The format that was asked for. */
export function formatOf({ format, json }: FormatValues): Format {
  return json ? 'json' : format;
}

/** The values of {@link formatOptions}, and `--markdown`. */
export interface ReportFormatValues extends FormatValues {
  /** Short for `--format markdown`. */
  readonly markdown?: boolean;
}

/**
 * The format that was asked for, with `--markdown`.
 * @throws CliError (usage) where it contradicts
 */
export function reportFormat({ markdown = false, ...values }: ReportFormatValues): Format {
  const format = formatOf(values);
  if (!markdown) return format;
  if (format === 'json') throw new CliError('--markdown and JSON exclude each other; write one of them.', EXIT.usage);
  return 'markdown';
}

/** Values of a repeatable option, in the order given. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** `2027-06-30` (that day at 00:00 UTC), a full ISO 8601 instant, or `today`. */
export function parseDate(text: string): Date {
  if (text === 'today') return new Date();
  const date = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? new Date(text) : new Date(NaN);
  // Date rolls 2027-02-30 over to March; a real day comes back as it was written.
  const rolled = text.length === 10 && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) !== text;
  if (Number.isNaN(date.getTime()) || rolled) {
    throw new InvalidArgumentError('Write a day as 2027-06-30, an instant as 2027-06-30T12:00:00Z, or today.');
  }
  return date;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment in the past: `15m`, `2h`, `3d`, or whatever {@link parseDate} takes. */
export function parseSince(text: string): Date {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    try {
      return parseDate(text);
    } catch {
      throw new InvalidArgumentError('Write how long ago (15m, 2h, 3d) or a moment (2027-06-30T12:00:00Z).');
    }
  }
  return new Date(Date.now() - Number(amount) * (UNITS[unit] ?? 0));
}

/** A port, 1 to 65535. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Write a port from 1 to 65535.');
  return port;
}

/** Whole seconds, 0 to 3600. */
export function parseSeconds(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Infinity;
  if (seconds > 3600) throw new InvalidArgumentError('Write whole seconds, from 0 to 3600.');
  return seconds;
}

/** An address of this machine to listen on. */
export function parseBind(text: string): string {
  if (isIP(text) === 0 || text.includes('%')) {
    throw new InvalidArgumentError('Write an IP address, such as 127.0.0.1, ::1 or 0.0.0.0.');
  }
  return text;
}

/** An address, repeatable. */
export function collectAddress(text: string, previous: readonly string[] | undefined): string[] {
  return collect(parseBind(text), previous);
}

/** A resolver as `ip:port` or `[v6]:port`; port 53 where none is given. Repeatable. */
export function collectResolver(text: string, previous: readonly string[] | undefined): string[] {
  const [, v6, v4, port = '53'] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const ip = v6 ?? v4 ?? text;
  if (isIP(ip) === 0 || ip.includes('%')) {
    throw new InvalidArgumentError('Write IP:PORT, such as 10.0.0.2:53 or [2001:db8::53]:53.');
  }
  return collect(`${isIP(ip) === 6 ? `[${ip}]` : ip}:${parsePort(port)}`, previous);
}

/** An absolute path. */
export function parseAbsolute(text: string): string {
  if (!isAbsolute(text)) throw new InvalidArgumentError('Write an absolute path, such as /etc/mcp-egress.');
  return text;
}

/** `10.0.0.1,2001:db8::1`, or `none` for a name that does not resolve. */
export function parseAnswers(text: string): string[] {
  if (text === 'none') return [];
  const answers = text.split(',').map((part) => part.trim());
  if (answers.some((answer) => isIP(answer) === 0)) {
    throw new InvalidArgumentError('Write IP addresses with commas between them, or none.');
  }
  return answers;
}
