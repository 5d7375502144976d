/** The load, in a process of its own: runs one cell after another as it is told, and answers with the times. */
import { certificates } from '../../traffic/support/certificates';
import { clientFor, type Client, type Operation, type Way } from './operations';

/** One cell of the table, once. */
export interface Cell {
  readonly operation: Operation;
  readonly way: Way;
  readonly clients: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What came of it. */
export interface CellResult {
  /** Microseconds, sorted. */
  readonly times: readonly number[];
  readonly errors: number;
  /** The first one. */
  readonly error?: string;
  readonly seconds: number;
}

/** After so many nothing is measured any more. */
const ENOUGH_ERRORS = 5;

async function run(cell: Cell, ca: string): Promise<CellResult> {
  const { operation, way } = cell;
  const clients = await Promise.all(Array.from({ length: cell.clients }, () => clientFor(operation, way, ca)));
  const errors: string[] = [];
  const times: number[] = [];
  await loop(clients, cell.warmUpMs, [], errors);
  const start = performance.now();
  await loop(clients, cell.measureMs, times, errors);
  const seconds = (performance.now() - start) / 1000;
  for (const client of clients) client.close();
  const [error] = errors;
  return { times: times.sort((a, b) => a - b), errors: errors.length, ...(error !== undefined && { error }), seconds };
}

async function loop(clients: readonly Client[], ms: number, times: number[], errors: string[]): Promise<void> {
  const end = performance.now() + ms;
  const one = async ({ step }: Client): Promise<void> => {
    while (performance.now() < end && errors.length < ENOUGH_ERRORS) {
      const start = process.hrtime.bigint();
      try {
        await step();
        times.push(Number(process.hrtime.bigint() - start) / 1000);
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
  };
  await Promise.all(clients.map(one));
}

async function main(): Promise<void> {
  const { ca } = await certificates();
  process.on('message', (cell: Cell) => {
    void run(cell, ca)
      .catch((error: Error): CellResult => ({ times: [], errors: 1, error: error.message, seconds: 0 }))
      .then((result) => process.send?.(result));
  });
  process.send?.('ready');
}

void main();
