import { type ChildProcess, spawn } from 'node:child_process';
import { endWithUs } from './end-with-us';
import { envoyWords } from './envoy-words';
import { EnvoyStartError } from './errors';
import { splitLines } from './split-lines';

/** How an Envoy ended. */
export interface EnvoyExit {
  /** Exit code; undefined after a signal. */
  readonly code?: number;
  readonly signal?: string;
  /** Whether `stop` was called before. */
  readonly asked: boolean;
  /** The last warnings and errors that it printed. */
  readonly words: readonly string[];
}

export interface EnvoyOutput {
  /** Called for every line of JSON on standard output: the access log, as Envoy wrote it. */
  readonly onLog?: (line: string) => void;
  /** Called for every other line, which Envoy says about itself. */
  readonly onStderr?: (line: string) => void;
}

const KEPT_LINES = 200;

/** One running Envoy. It never outlives this process, however that ends. */
export class EnvoyProcess {
  readonly pid: number;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<EnvoyExit>;
  private readonly lines: string[] = [];
  private seen = 0;
  private asked = false;
  private gone = false;

  private constructor(
    private readonly child: ChildProcess,
    output: EnvoyOutput,
  ) {
    this.pid = child.pid ?? 0;
    const note = (line: string): void => {
      this.seen += 1;
      this.lines.push(line);
      if (this.lines.length > KEPT_LINES) this.lines.shift();
      output.onStderr?.(line);
    };
    if (child.stdout) splitLines(child.stdout, (line) => (line.startsWith('{') ? output.onLog?.(line) : note(line)));
    if (child.stderr) splitLines(child.stderr, note);
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.gone = true;
        process.removeListener('exit', kill);
        resolve({ code: code ?? undefined, signal: signal ?? undefined, asked: this.asked, words: this.words });
      });
    });
  }

  /** @throws {EnvoyStartError} where the executable cannot be started at all */
  static async spawn(envoy: string, args: readonly string[], output: EnvoyOutput): Promise<EnvoyProcess> {
    const child = spawn(envoy, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const process = new EnvoyProcess(child, output);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new EnvoyStartError(`${envoy} cannot be started: ${error.message}`)));
    });
    endWithUs(child);
    // Later errors are failed kills of a process that has just ended.
    child.on('error', () => undefined);
    return process;
  }

  /** The last warnings and errors that Envoy printed. */
  get words(): readonly string[] {
    return envoyWords(this.lines);
  }

  /** How many lines it has printed about itself so far. */
  get lineCount(): number {
    return this.seen;
  }

  /** The warnings and errors after the first `count` lines. */
  wordsSince(count: number): readonly string[] {
    const fresh = this.seen - count;
    return fresh > 0 ? envoyWords(this.lines.slice(-fresh)) : [];
  }

  get running(): boolean {
    return !this.gone;
  }

  /**
   * Ends Envoy: SIGTERM, which closes its connections at once, then SIGKILL where that does not do.
   * @param killAfterMs default 5,000
   */
  async stop(killAfterMs = 5000): Promise<EnvoyExit> {
    this.asked = true;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), killAfterMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }
}
