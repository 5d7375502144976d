import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the parent asks of a process that {@link serveParent} is in. */
interface Call {
  readonly id: number;
  readonly verb: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A process of its own for one side of a flood: its sockets are counted apart, and its work holds up no honest client's clock. */
export class Child {
  private calls = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly script: string,
    private readonly process: ChildProcess,
  ) {
    process.on('message', (answer: Answer) => {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    process.once('exit', (code, signal) => {
      for (const [id, settle] of this.waiting) settle({ id, error: `ended: ${signal ?? code}` });
      this.waiting.clear();
    });
  }

  /** @param script the name of a file beside this one, without its ending, that calls {@link serveParent} */
  static async start(script: string): Promise<Child> {
    const process = fork(join(__dirname, `${script}.ts`), { execArgv: ['--import', 'tsx'] });
    const child = new Child(script, process);
    await child.ask('ready');
    return child;
  }

  /** @throws Error when the other side threw, or ended */
  ask<T = void>(verb: string, argument?: unknown): Promise<T> {
    const call: Call = { id: (this.calls += 1), verb, argument };
    return new Promise<T>((resolve, reject) => {
      const settle = ({ error, result }: Answer): void => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(`${this.script}, ${verb}: ${error}`));
      };
      if (this.process.exitCode !== null) return settle({ id: call.id, error: 'has ended' });
      this.waiting.set(call.id, settle);
      this.process.send(call);
    });
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
  }
}

/** Answers the parent's calls in the child. */
export function serveParent(verbs: Readonly<Record<string, (argument: never) => unknown>>): void {
  const all: typeof verbs = { ready: () => undefined, ...verbs };
  process.on('message', ({ id, verb, argument }: Call) => {
    Promise.resolve()
      .then(() => all[verb]?.(argument as never))
      .then(
        (result) => process.send?.({ id, result }),
        (error: unknown) => process.send?.({ id, error: String(error) }),
      );
  });
  process.once('disconnect', () => process.exit());
}
