import { REASONS } from '../policy/reasons';
import { printable, type LogRecord } from '../gateway/log-line';
import { GAP, lines, type Cell } from './table';
import { type Colors } from './terminal';

/** One column of the live table. */
interface Column {
  readonly title: string;
  /** Columns of text; below 1 it is a share of what the others leave, in proportion to the other shares. */
  readonly width: number;
  /** On a terminal narrower than this the column is left out. */
  readonly from: number;
  /** On a terminal of this width or more the column is left out. @default it stays */
  readonly below?: number;
  readonly cell: (record: LogRecord, colors: Colors) => Cell;
}

const COLUMNS: readonly Column[] = [
  { title: 'time', width: 8, from: 106, cell: (record) => clock(record.time) },
  { title: 'decision', width: 10, from: 0, cell: (record, colors) => decisionWord(record.decision, colors) },
  { title: 'workload', width: 12, from: 60, cell: (record) => printable(record.workload) },
  { title: 'request', width: 0.6, from: 0, cell: (record) => printable(requestWords(record)) },
  // The words of a reason are of use only where they fit; `private_address` is the longest.
  { title: 'why', width: 15, from: 0, below: 120, cell: (record) => printable(record.reason) },
  { title: 'why', width: 0.4, from: 120, cell: (record, colors) => whyWords(record, colors) },
  { title: 'up/down', width: 11, from: 130, cell: (record) => bytesWords(record) },
  { title: 'took', width: 6, from: 100, cell: (record) => durationWords(record.durationMs) },
];

/** The live table: rows that scroll by, in columns that fit the terminal as it is at that moment. */
export class DecisionRows {
  /**
   * @param width asked before each row, so that a resized window is followed
   */
  constructor(
    private readonly width: () => number,
    private readonly colors: Colors,
  ) {}

  /** The titles. */
  head(): string {
    return this.draw(({ title }) => ({ text: title, style: this.colors.dim }));
  }

  /** One decision, on one line. */
  row(record: LogRecord): string {
    return this.draw((column) => column.cell(record, this.colors));
  }

  private draw(cellOf: (column: Column) => Cell): string {
    const total = this.width();
    const columns = COLUMNS.filter(({ from, below = Infinity }) => total >= from && total < below);
    const sum = (widths: readonly number[]): number => widths.reduce((all, width) => all + width, 0);
    const shares = sum(columns.map(({ width }) => (width < 1 ? width : 0)));
    const left = total - sum(columns.map(({ width }) => (width < 1 ? GAP : width + GAP))) + GAP;
    const widths = columns.map(({ width }) => (width < 1 ? Math.max(1, Math.floor((left * width) / shares)) : width));
    return lines([columns.map(cellOf)], widths);
  }
}

/** `allowed` in green, `would_deny` in yellow, `denied` in red. */
export function decisionWord(decision: LogRecord['decision'], colors: Colors): Cell {
  return { text: decision, style: { allowed: colors.green, would_deny: colors.yellow, denied: colors.red }[decision] };
}

/** `no_rule: no rule of this workload names the host`; of a reason that only a newer gateway knows, the word alone. */
export function reasonWords(reason: string): string {
  const text = Object.hasOwn(REASONS, reason) ? REASONS[reason as keyof typeof REASONS].text : undefined;
  return text ? `${reason}: ${text}` : printable(reason);
}

function whyWords(record: LogRecord, colors: Colors): Cell {
  if (record.decision === 'allowed') return { text: printable(record.rule ?? record.reason), style: colors.dim };
  return reasonWords(record.reason);
}

function requestWords({ method, authority, sni, layer }: LogRecord): string {
  const host = authority?.replace(/:\d+$/, '');
  const other = sni && sni !== host ? ` (SNI ${sni})` : '';
  return `${method ?? (layer === 'tunnel' ? 'CONNECT' : '-')} ${authority ?? '-'}${other}`;
}

function clock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}

function bytesWords({ bytesSent, bytesReceived }: LogRecord): string {
  return `${sizeWords(bytesReceived)}/${sizeWords(bytesSent)}`;
}

function sizeWords(bytes = 0): string {
  const units = ['', 'k', 'M', 'G', 'T'];
  let amount = bytes;
  while (amount >= 1024 && units.length > 1) {
    amount /= 1024;
    units.shift();
  }
  return `${units[0] && amount < 10 ? amount.toFixed(1) : Math.round(amount)}${units[0]}`;
}

function durationWords(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  if (milliseconds < 1000) return `${milliseconds}ms`;
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)}s` : `${Math.round(milliseconds / 60_000)}min`;
}
