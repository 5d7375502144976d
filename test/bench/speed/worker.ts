import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Cell, CellResult } from './client';

/** Starts a file of this folder as a process of its own and waits until it says that it is ready. */
export async function startWorker(file: string): Promise<ChildProcess> {
  const child = fork(join(__dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${String(code)}`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

/** Has the load client run one cell. */
export async function runCell(client: ChildProcess, cell: Cell): Promise<CellResult> {
  const answer = once(client, 'message') as Promise<[CellResult]>;
  client.send(cell);
  const [result] = await answer;
  return result;
}
