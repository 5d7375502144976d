import { setTimeout as delay } from 'node:timers/promises';
import { readStats } from './admin';
import { CLUSTERS, LISTENERS } from './publication-plan';
import { versionOf } from './render-files';

/** Envoy did not take a file. */
export class NotTakenError extends Error {}

export interface TakingOptions {
  /** Path of the admin socket. Without one nothing can be asked, and the settle time has to do. */
  readonly admin?: string;
  /** Milliseconds; default 1,000. */
  readonly settleMs?: number;
  /** Milliseconds in which Envoy must take the files of one step; default 60,000: it reads 1,000 rules in a few seconds. */
  readonly timeoutMs?: number;
}

const POLL_MS = 10;
/** New clusters with names to resolve are not ready before the first answer; a slow resolver must not stop a publication. */
const WARMING_MS = 6000;
const FILTER =
  '(\\.(lds|cds|rds\\..+)\\.(version_text|update_rejected|update_failure)|total_listeners_warming|warming_clusters)$';

type Stats = ReadonlyMap<string, string>;

/**
 * Runs `write`, which replaces watched files, and waits until Envoy has taken each of them: its stats then show the file's
 * version. Counters of updates would not do: a rename makes Envoy read every watched file of that folder again.
 * @param files relative path to the bytes that `write` puts there
 * @throws {NotTakenError} Envoy refuses a file or does not take it in time
 */
export async function awaitTaken(
  files: ReadonlyMap<string, string>,
  write: () => Promise<void>,
  options: TakingOptions,
): Promise<void> {
  const { admin, settleMs = 1000, timeoutMs = 60_000 } = options;
  if (!admin) {
    await write();
    await delay(settleMs);
    return;
  }
  const before = await ask(admin, timeoutMs);
  await write();
  // A route file that nobody reads yet is read when its listener comes.
  const open = new Map([...files].filter(([path]) => statsOf(before, path, 'version_text').length > 0));
  const started = Date.now();
  for (;;) {
    const now = await ask(admin, timeoutMs);
    for (const [path, text] of open) {
      if (statsOf(now, path, 'version_text').includes(versionOf(text) ?? '')) open.delete(path);
      else if (refusals(now, path) > refusals(before, path)) throw new NotTakenError(`Envoy refuses ${path}`);
    }
    const waited = Date.now() - started;
    if (open.size === 0 && (!warming(now) || waited > WARMING_MS)) return;
    if (open.size > 0 && waited > timeoutMs) {
      throw new NotTakenError(`Envoy has not taken ${[...open.keys()].join(', ')} in ${timeoutMs / 1000} s`);
    }
    await delay(POLL_MS);
  }
}

/** Envoy answers nothing while it reads a large file, so this waits as long as for the file itself. */
async function ask(admin: string, timeoutMs: number): Promise<Stats> {
  try {
    return await readStats(admin, FILTER, timeoutMs);
  } catch (error) {
    throw new NotTakenError(`Envoy's admin interface does not answer (${(error as Error).message})`);
  }
}

/** Values of one stat of the subscription that reads a file. */
function statsOf(stats: Stats, path: string, stat: string): string[] {
  const suffix = `${subscription(path)}.${stat}`;
  return [...stats].filter(([name]) => name === suffix || name.endsWith(`.${suffix}`)).map(([, value]) => value);
}

function subscription(path: string): string {
  if (path === CLUSTERS) return 'cluster_manager.cds';
  if (path === LISTENERS) return 'listener_manager.lds';
  // Envoy writes `_` for `:` in the names of stats.
  return `rds.${path.replace(/^routes\/(.*)\.yaml$/, '$1').replaceAll(':', '_')}`;
}

function refusals(stats: Stats, path: string): number {
  const counts = [...statsOf(stats, path, 'update_rejected'), ...statsOf(stats, path, 'update_failure')];
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function warming(stats: Stats): boolean {
  return ['listener_manager.total_listeners_warming', 'cluster_manager.warming_clusters'].some(
    (name) => (stats.get(name) ?? '0') !== '0',
  );
}
