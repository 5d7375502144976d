import { readdir, readFile, readlink } from 'node:fs/promises';
import type { PortHolder } from './errors';
import { printable } from './log-line';

/** State LISTEN in /proc/net/tcp (Linux, include/net/tcp_states.h). */
const LISTEN = '0A';

/**
 * Finds the process that listens on a TCP port of this machine: the socket's inode from /proc/net/tcp and tcp6, then the
 * process that has it open.
 * @returns undefined where it cannot be found: it belongs to another user, has just ended, or there is no /proc
 */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readOrEmpty));
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const entries = await readdir('/proc').catch(() => []);
  for (const pid of entries.filter((entry) => /^\d+$/.test(entry))) {
    if (!(await hasOpen(pid, sockets))) continue;
    const name = (await readOrEmpty(`/proc/${pid}/comm`)).trim();
    return { pid: Number(pid), name: printable(name) || 'a process' };
  }
  return undefined;
}

/** Columns: `sl local_address rem_address st … inode`; an address is `HEX:PORT` in hexadecimal. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .flatMap((columns) => columns[9] ?? []);
}

async function hasOpen(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const numbers = await readdir(folder).catch(() => []);
  const targets = await Promise.all(numbers.map((number) => readlink(`${folder}/${number}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
}

function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
