import { spawn } from 'node:child_process';
import { splitLines } from './split-lines';

export interface CommandOptions {
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds after which the command is killed. */
  readonly timeoutMs: number;
  /** Called for every line of standard output as it comes. */
  readonly onStdout?: (line: string) => void;
}

export interface CommandResult {
  /** Exit code; undefined where it did not start or was ended by a signal. */
  readonly code?: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Why there is no exit code: `ENOENT`, `EACCES`, `SIGILL`, `timed out after 5 s`, ... */
  readonly failure?: string;
}

/** Runs a command to its end, without a shell and without input. Never rejects: what went wrong is in the result. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    const stdout: string[] = [];
    const stderr: string[] = [];
    let failure: string | undefined;
    const child = spawn(file, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => {
      failure = `timed out after ${options.timeoutMs / 1000} s`;
      child.kill('SIGKILL');
      // A grandchild may keep the pipes open; its output is of no use any more.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs);
    splitLines(child.stdout, (line) => {
      stdout.push(line);
      options.onStdout?.(line);
    });
    splitLines(child.stderr, (line) => stderr.push(line));
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, stdout, stderr, failure: failure ?? signal ?? undefined });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code ?? error.message;
      finish(null, null);
    });
    child.on('close', finish);
  });
}
