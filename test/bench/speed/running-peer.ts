import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientFor, type Way } from './operations';
import type { Launch, Peer } from './peers/peer';

const START_LIMIT_MS = 120_000;

/** A proxy that runs for the comparison, in a folder of its own, its output in files there. */
export class RunningPeer {
  private constructor(
    readonly peer: Peer,
    private readonly launch: Launch,
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** Milliseconds from its start to the first request that came through. */
    readonly startMs: number,
  ) {}

  get way(): Way {
    return this.launch.way;
  }

  static async start(peer: Peer, hosts: readonly string[], ca: string): Promise<RunningPeer> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    // Squid gives its rights away before it writes.
    chmodSync(folder, 0o777);
    const launch = await peer.prepare(folder, hosts);
    const [command, ...args] = launch.command;
    const out = openSync(join(folder, 'stdout'), 'a');
    const errors = openSync(join(folder, 'stderr'), 'a');
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', out, errors], cwd: folder });
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.removeListener('exit', kill));
    try {
      await untilServed(launch.way, ca, () => child.exitCode === null);
    } catch (error) {
      kill();
      const words = readFileSync(join(folder, 'stderr'), 'utf8').slice(-1500);
      throw new Error(`${peer.name} does not serve: ${(error as Error).message}\n${words}`);
    }
    return new RunningPeer(peer, launch, child, folder, performance.now() - started);
  }

  /** Mebibytes of its processes, shared pages divided among those that share them (PSS). */
  memory(): number {
    return descendants(this.child.pid ?? 0).reduce((sum, pid) => sum + pssOf(pid), 0) / 1024;
  }

  /** Milliseconds from the changed list to the first request for its new host that came through; undefined where it cannot reload. */
  async reload(hosts: readonly string[], served: () => Promise<boolean>): Promise<number | undefined> {
    if (!this.launch.reload) return undefined;
    const started = performance.now();
    await this.launch.reload(hosts, this.child.pid ?? 0);
    const end = performance.now() + START_LIMIT_MS;
    while (!(await served())) {
      if (performance.now() > end) return NaN;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - started;
  }

  async stop(): Promise<void> {
    const children = descendants(this.child.pid ?? 0);
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => children.forEach(endHard), 5000);
      await gone;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function endHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

async function untilServed(way: Way, ca: string, lives: () => boolean): Promise<void> {
  const end = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      const { step } = await clientFor('tunnel', way, ca);
      return await step();
    } catch (error) {
      if (!lives()) throw new Error('it has ended', { cause: error });
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function descendants(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(descendants)];
  } catch {
    return [];
  }
}

/** Kibibytes. */
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
