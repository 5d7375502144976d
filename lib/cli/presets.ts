import { printable } from '../gateway/log-line';
import { findPreset, PRESETS, type Preset } from '../policy/presets/presets';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { code, markdownTable } from './markdown';
import { reportFormat, type ReportFormatValues } from './option-values';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';
import { colorsOf, print, widthOf } from './terminal';

export type PresetsOptions = ReportFormatValues;

/** Lists the presets, or one of them. */
export function presets(name: string | undefined, options: PresetsOptions): ExitCode {
  const chosen = name === undefined ? PRESETS : [requirePreset(name)];
  const format = reportFormat(options);
  if (format === 'json') print(safeJson(chosen));
  else if (format === 'markdown') print(asMarkdown(chosen));
  else print(asText(chosen, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return EXIT.yes;
}

function requirePreset(name: string): Preset {
  const found = findPreset(name);
  if (found) return found;
  const names = PRESETS.map((preset) => preset.name).join(', ');
  throw new CliError(`no preset is called ${printable(JSON.stringify(name))}; there are ${names}.`, EXIT.usage);
}

function asText(chosen: readonly Preset[], options: TableOptions): string {
  const { colors } = options;
  return chosen
    .map(({ name, kind, what, hosts }) => {
      const rows = hosts.map(({ host, date, source }) => [`  ${host}`, date, source]);
      return `${colors.bold(name)}  ${kind}: ${what}\n${table(['  host', 'seen', 'source'], rows, options)}`;
    })
    .join('\n\n');
}

function asMarkdown(chosen: readonly Preset[]): string {
  const rows = chosen.flatMap(({ name, what, hosts }) =>
    hosts.map(({ host, date, source }) => [code(name), code(host), what, `${date}, <${source}>`]),
  );
  return markdownTable(['preset', 'host', 'for', 'source'], rows);
}
