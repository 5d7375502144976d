import { spawn } from 'node:child_process';
import type { Ended } from '../../support/processes';

export interface TimedRunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and all that it started are ended. */
  readonly limit: number;
}

export interface TimedEnd extends Ended {
  /** Whether the limit was reached. */
  readonly timedOut: boolean;
}

/** Terraform answers an interrupt by ending its own calls; a provider in the middle of its retries does not. */
const GRACE_MS = 5_000;

/** Runs a command in a process group of its own, so that at its limit Terraform's providers end with it. */
export function timedRun(command: string, args: readonly string[], options: TimedRunOptions): Promise<TimedEnd> {
  const { cwd, env, limit } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, timedOut] = ['', '', false];
    const end = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // The group has ended by itself.
      }
    };
    let grace: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      end('SIGINT');
      grace = setTimeout(() => end('SIGKILL'), GRACE_MS);
    }, limit);
    const onExit = (): void => end('SIGKILL');
    process.once('exit', onExit);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      process.removeListener('exit', onExit);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      resolve({ code, stdout, stderr, timedOut });
    });
  });
}
