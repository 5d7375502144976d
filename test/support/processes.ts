import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Milliseconds after which it is told to end. @default - never */
  readonly timeout?: number;
  /** Told all of standard error so far, whenever more comes. */
  readonly onStderr?: (stderr: string) => void;
}

/** Runs a process to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { input, onStderr, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { ...rest, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(stderr);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Runs ES module code that cannot be imported from jest. */
export function runModule(code: string, options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, ['--input-type=module', '--eval', code], options);
}
