/** One process at a time, across processes: a folder that only its maker removes. Node built-ins only. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
/** A lock without an owner is one whose maker died between two system calls; older than this it is stale. */
const OWNERLESS_MS = 5_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ownerOf(folder) {
  try {
    const { pid, host } = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
    return { pid, host };
  } catch {
    return undefined;
  }
}

function isStale(folder) {
  const owner = ownerOf(folder);
  if (owner) return owner.host === hostname() && !isAlive(owner.pid);
  try {
    return Date.now() - statSync(folder).mtimeMs > OWNERLESS_MS;
  } catch {
    return false;
  }
}

/** Moves a stale lock away; if another process replaced it in between, what was moved is a living lock and goes back. */
function removeStale(folder) {
  const aside = `${folder}-stale-${process.pid}`;
  try {
    renameSync(folder, aside);
    if (!isStale(aside)) return renameSync(aside, folder);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another process was quicker.
  }
}

function tryTake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

/**
 * Runs `work` while no other process holds the lock `folder`, and waits for its turn; a lock whose process is gone is taken over.
 * @param {string} folder its parent must exist
 * @param {() => Promise<T> | T} work
 * @param {(message: string) => void} say called once when it has to wait
 * @returns {Promise<T>}
 * @template T
 */
export async function withLock(folder, work, say) {
  let told = false;
  while (!tryTake(folder)) {
    if (isStale(folder)) {
      removeStale(folder);
      continue;
    }
    const owner = ownerOf(folder);
    if (!told && owner) {
      say(
        `waiting for process ${owner.pid} on ${owner.host}, which is installing here (if it is not, remove ${folder})`,
      );
      told = true;
    }
    await delay(POLL_MS);
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}
