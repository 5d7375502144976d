import CliTable from 'cli-table3';
import stringWidth from 'string-width';
import { type Colors } from './terminal';

/** Text, or text that gets its colour after it has been cut. The text must have gone through `printable`. */
export type Cell = string | { readonly text: string; readonly style: (text: string) => string };

export interface TableOptions {
  /** Widest line in columns; absent: nothing is cut. */
  readonly width?: number | undefined;
  readonly colors: Colors;
}

/** Columns of this width or less are not cut. */
const NARROWEST = 6;
/** Blanks between two columns. */
export const GAP = 2;

/** No lines between rows and columns: what a terminal shows is what a person copies. */
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right', 'middle'].flatMap((edge) =>
    [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`].map((name) => [name, ''] as const),
  ),
);

/** Lines up `rows` under `head`. Cells that do not fit end in `…`. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], options: TableOptions): string {
  const natural = head.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(textOf(row[column] ?? ''))), stringWidth(title)),
  );
  const widths = options.width === undefined ? natural : fitWidths(natural, options.width);
  return lines([head.map((text) => ({ text, style: options.colors.dim })), ...rows], widths);
}

/** Rows that are drawn together: the time that the library takes grows with the square of their number. */
const TOGETHER = 100;

/** Rows in columns of the given widths (without the gap between them). */
export function lines(rows: readonly (readonly Cell[])[], widths: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < rows.length; start += TOGETHER) {
    parts.push(draw(rows.slice(start, start + TOGETHER), widths));
  }
  return parts.join('\n');
}

function draw(rows: readonly (readonly Cell[])[], widths: readonly number[]): string {
  const drawn = new CliTable({
    chars: NO_LINES,
    colWidths: widths.map((width) => width + GAP),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
  });
  drawn.push(...rows.map((row) => row.map((cell, column) => cut(cell, widths[column] ?? 0))));
  const text = drawn.toString().split('\n');
  return text.map((line) => line.trimEnd()).join('\n');
}

/** Takes from the widest column until the row fits; columns of {@link NARROWEST} or less keep their width. */
export function fitWidths(natural: readonly number[], total: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - total;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Cut first, coloured then: a cut through a colour code would colour the rest of the line. */
function cut(cell: Cell, width: number): string {
  const text = truncate(textOf(cell), width);
  return typeof cell === 'string' ? text : cell.style(text);
}

function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
