import { type ChildProcess, spawn } from 'node:child_process';

/** Waits for the end of a pipe that nobody writes to. */
const SCRIPT = 'read -r _; kill -KILL "$1" 2>/dev/null';

/**
 * Has a child end when this process does, however that ends: a `kill -9` runs no code of ours, and an Envoy that nobody watches over
 * would serve an old policy for ever. A shell holds the other end of a pipe, which the system closes.
 */
export function endWithUs(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Detached: the signal of a Ctrl-C must not end it before the child.
  const shell = spawn('sh', ['-c', SCRIPT, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell the child ends only with our regular exit.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}
