import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Ended } from '../../../support/processes';

const DEADLINE_MS = 30_000;
const STOP_MS = 8_000;
/** Characters of standard output that an error repeats. */
const TOLD = 4_000;

/** A process that goes on until it is told to end. */
export class Running {
  stdout = '';
  stderr = '';
  /** Settles at its end. */
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.child = spawn(command, [...args], { ...options, stdio: 'pipe' });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.hear('stdout', text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.hear('stderr', text));
    this.child.stdin.on('error', () => undefined);
    this.ended = once(this.child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The processes that it has started and that still run. */
  get children(): number[] {
    if (!isAlive(this.pid)) return [];
    const text = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  }

  /**
   * Waits until one of its outputs matches; rejects with both if it ends before or takes too long.
   * @param after so many characters of standard error do not count, nor does standard output
   */
  says(pattern: RegExp, after?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure?: string): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
        if (failure === undefined) resolve();
        else
          reject(new Error(`${String(pattern)} was not said ${failure}:\n${this.stdout.slice(-TOLD)}\n${this.stderr}`));
      };
      const look = (): void => {
        if ((after === undefined && pattern.test(this.stdout)) || pattern.test(this.stderr.slice(after))) settle();
      };
      const timer = setTimeout(() => settle('in time'), DEADLINE_MS);
      this.listeners.add(look);
      look();
      void this.ended.then(() => settle('before the end'));
    });
  }

  type(text: string): void {
    this.child.stdin.write(text);
  }

  /** Nobody reads what it writes from here on. */
  stopReading(): void {
    this.child.stdout.destroy();
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  /** For teardown: asked to end, so that it can end what it has started; killed with that if it does not. */
  async stop(): Promise<void> {
    const children = this.children;
    const timer = setTimeout(() => {
      for (const pid of children) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      this.child.kill('SIGKILL');
    }, STOP_MS);
    await this.end();
    clearTimeout(timer);
  }

  private hear(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const look of this.listeners) look();
  }
}

/** Whether a process is there (and not only its exit status). */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
