import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../traffic/support/eventually';

const run = promisify(execFile);

/** What a command said; a code other than 0 is not an error here. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The address that `host-gateway` means: the engine has no default bridge, whose address it would be. */
export const MACHINE_ADDRESS = '172.31.255.1';

/** A Docker engine in the namespace of the tests, with everything that it keeps in a folder of its own. */
export class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), 'mcp-egress-docker-'));
  private daemon: ChildProcess | undefined;

  get host(): string {
    return `unix://${join(this.folder, 'docker.sock')}`;
  }

  async start(): Promise<void> {
    const log = openSync(join(this.folder, 'dockerd.log'), 'a');
    const options = ['--data-root', join(this.folder, 'data'), '--exec-root', join(this.folder, 'exec')];
    options.push('--pidfile', join(this.folder, 'pid'), '--host', this.host);
    options.push('--bridge', 'none', '--host-gateway-ip', MACHINE_ADDRESS, '--userland-proxy=true');
    // The mount namespace is ours, too.
    const script = 'mount -t tmpfs none /run && exec dockerd "$@"';
    this.daemon = spawn('sh', ['-c', script, 'dockerd', ...options], { stdio: ['ignore', log, log] });
    await eventually(
      async () => (await this.try('version')).code,
      (code) => code === 0 || this.daemon?.exitCode !== null,
      60_000,
    );
    if (this.daemon.exitCode !== null) throw new Error(`dockerd ended: ${this.words()}`);
  }

  /** The engine's version, like `20.10.24`. */
  async version(): Promise<string> {
    return (await this.docker('version', '--format', '{{.Server.Version}}')).trim();
  }

  /** Runs the client. @returns its standard output */
  async docker(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...args);
    if (code !== 0) throw new Error(`docker ${args.slice(0, 3).join(' ')}: ${stderr}\n${this.words()}`);
    return stdout;
  }

  try(...args: string[]): Promise<Said> {
    return this.command('docker', args);
  }

  async command(file: string, args: readonly string[], cwd?: string): Promise<Said> {
    try {
      const env = { ...process.env, DOCKER_HOST: this.host };
      const { stdout, stderr } = await run(file, [...args], { cwd, env, maxBuffer: 1 << 26 });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout = '', stderr = String(error) } = error as Partial<Said>;
      return { code: typeof code === 'number' ? code : 127, stdout, stderr };
    }
  }

  /** A bash script inside a container. */
  inside(container: string, script: string): Promise<Said> {
    return this.try('exec', container, 'bash', '-c', script);
  }

  async inspect(name: string): Promise<ReturnType<JSON['parse']>> {
    return JSON.parse(await this.docker('inspect', name))[0];
  }

  /** Removes every container, network and volume. */
  async clear(): Promise<void> {
    const ids = (await this.docker('ps', '-aq')).split('\n').filter(Boolean);
    if (ids.length > 0) await this.docker('rm', '-f', '-v', ...ids);
    await this.docker('network', 'prune', '-f');
    const volumes = (await this.docker('volume', 'ls', '-q')).split('\n').filter(Boolean);
    if (volumes.length > 0) await this.docker('volume', 'rm', ...volumes);
  }

  async stop(): Promise<void> {
    if (this.daemon && this.daemon.exitCode === null) {
      await this.clear();
      const gone = once(this.daemon, 'exit');
      this.daemon.kill('SIGTERM');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private words(): string {
    return readFileSync(join(this.folder, 'dockerd.log'), 'utf8').split('\n').slice(-15).join('\n');
  }
}
