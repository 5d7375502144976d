import CliTable from 'cli-table3';
import stringWidth from 'string-width';
import { type Colors } from './terminal';

/** A column whose cells hold a word that must stay whole; every other column may be cut. */
const NARROWEST = 6;
const GAP = 2;

/** No lines, two blanks between the columns: what a terminal shows is what a person copies. */
const CHARS = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((edge) =>
    [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`].map((name) => [name, ''] as const),
  ),
);

export interface TableOptions {
  /** Widest line in columns; absent: nothing is cut. */
  readonly width?: number | undefined;
  readonly colors: Colors;
}

/**
 * Lines up `rows` under `head`; cells may hold colour codes. Cells that do not fit end in `…`.
 * Cells must have gone through `printable`.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const natural = head.map((title, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  const widths = options.width === undefined ? natural : fitWidths(natural, options.width);
  return lines([head.map((title) => options.colors.dim(title)), ...rows], widths);
}

/** Rows in columns of the given widths (without the gap between them). */
export function lines(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const drawn = new CliTable({
    chars: { ...CHARS, middle: '' },
    colWidths: widths.map((width) => width + GAP),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the widest column until the row fits; columns of {@link NARROWEST} or less keep their width. */
export function fitWidths(natural: readonly number[], total: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - total;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) break;
    widths[widest]! -= 1;
    excess -= 1;
  }
  return widths;
}
