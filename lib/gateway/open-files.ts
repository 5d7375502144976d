import { readFileSync } from 'node:fs';
import { DEFAULT_MAX_CONNECTIONS } from '../envoy/connections';

/** What Envoy opens for itself: threads, files, listening sockets for each worker, the health and admin ports. */
const OWN = 500;
/** A tunnel's two sides. */
const EACH = 2;
const LEAST = 16;
/** Below this one workload has less than it has elsewhere. */
const FEW = 8000;

/** How many files a process that is started from here may open (`ulimit -n`); undefined where the system does not say. */
export function openFileLimit(file = '/proc/self/limits'): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  // Node raises its own soft limit to the hard one when it starts, and its children have that.
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(text) ?? [];
  return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
}

/**
 * `CompileOptions.maxConnections` for an Envoy that may open so many files: it crashes when it has none left.
 * @returns undefined where the compiler's own number will do
 */
export function connectionsThatFit(openFiles = openFileLimit()): number | undefined {
  if (openFiles === undefined) return undefined;
  const fit = Math.max(LEAST, Math.floor((openFiles - OWN) / EACH));
  return fit < DEFAULT_MAX_CONNECTIONS ? fit : undefined;
}

/** What to say where even one workload could not have its default number of connections; undefined: nothing. */
export function fewFilesWarning(openFiles = openFileLimit()): string | undefined {
  const fit = connectionsThatFit(openFiles);
  if (fit === undefined || fit >= FEW) return undefined;
  return `a process may open ${openFiles} files here (ulimit -n), so at most ${fit} connections at a time are taken; raise it to 65536`;
}
