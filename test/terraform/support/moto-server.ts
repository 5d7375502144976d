import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';

/** moto loads its services as they are asked for; Python on a busy machine takes a while to start. */
const START_LIMIT_MS = 60_000;
/** moto with what it lacks. */
const SERVER = join(__dirname, '..', '..', 'python', 'moto_server.py');

/** moto, an emulator of AWS, on a free port of 127.0.0.1. Each server begins empty. */
export class MotoServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly endpoint: string,
  ) {}

  /** @param pythonBin the folder of an environment with moto (scripts/support/python-tools.mjs) */
  static async start(pythonBin: string): Promise<MotoServer> {
    const folder = mkdtempSync(join(tmpdir(), 'moto-'));
    const args = [SERVER, '--host', '127.0.0.1', '--port', '0'];
    const env = {
      ...process.env,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      HOME: folder,
      // Policies that AWS manages, such as a Lambda function's.
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
    };
    const child = spawn(join(pythonBin, 'python'), args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.removeListener('exit', kill));
    try {
      return new MotoServer(child, folder, await announced(child));
    } catch (error) {
      kill();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The kernel chooses the port, and moto's server says which, once it listens. */
function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (how: string): void => reject(new Error(`moto_server ${how}:\n${text.slice(-2_000)}`));
    const timer = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stderr?.setEncoding('utf8').on('data', (more: string) => {
      // A line for every request follows; only the beginning is kept.
      if (text.length < 10_000) text += more;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}
