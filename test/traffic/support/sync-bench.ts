import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { bundle, bundleHash, containerScript } from '../../../lib/delivery';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig, CompileOptions } from '../../../lib/envoy/resources';
import { findEnvoy } from '../../../lib/gateway/find-envoy';
import { splitLines } from '../../../lib/gateway/split-lines';
import { EgressPolicy } from '../../../lib/policy/policy';
import { ask, type Asked, type AskOptions } from './ask';
import { HEALTH_PORT, MAIN_PORT, PUBLIC_V4 } from './bench';
import { certificates, type Certificates } from './certificates';
import { DnsServer } from './dns-server';
import { eventually } from './eventually';
import { ownEveryAddress } from './namespace';
import { S3 } from './s3';
import { Upstreams } from './upstreams';

/** A line of the sync container's log. */
export interface SyncEvent {
  readonly time: string;
  readonly layer: string;
  readonly event: string;
  readonly version?: string;
  readonly cause?: string;
  readonly error?: string;
}

/** The two containers of a gateway task as processes that share folders, with an S3, a DNS and servers of the test's own. */
export class SyncBench {
  readonly s3: S3;
  readonly folder = mkdtempSync(join(tmpdir(), 'sync-'));
  readonly directory = join(this.folder, 'config');
  readonly socket = join(this.folder, 'run', 'admin.sock');
  readonly events: SyncEvent[] = [];
  readonly dns = new DnsServer();
  private readonly clock = join(this.folder, 'clock');
  private upstreams!: Upstreams;
  private made!: Certificates;
  private sync?: ChildProcess;
  private envoy?: ChildProcess;

  constructor(private readonly bin: string) {
    this.s3 = new S3(bin);
  }

  async open(): Promise<void> {
    ownEveryAddress();
    mkdirSync(this.directory);
    mkdirSync(join(this.folder, 'tmp'));
    this.stubDate();
    this.made = await certificates();
    this.upstreams = new Upstreams(this.made);
    this.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    await Promise.all([this.upstreams.listen(), this.dns.listen(), this.s3.start()]);
  }

  async close(): Promise<void> {
    await Promise.all([end(this.sync), end(this.envoy), this.s3.stop()]);
    await Promise.all([this.upstreams?.close(), this.dns.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The containers' clock, set forward by so many seconds; Envoy's is not. */
  shiftClock(seconds: number): void {
    writeFileSync(this.clock, String(seconds));
  }

  compiled(policy: string, options: CompileOptions = {}): CompiledConfig {
    return compile(EgressPolicy.fromYaml(policy), {
      directory: this.directory,
      bind: '127.0.0.1',
      healthPort: HEALTH_PORT,
      dns: [this.dns.endpoint],
      adminSocket: this.socket,
      adminSocketMode: 0o666,
      ...options,
    });
  }

  /** What Terraform does with a changed policy: a new object, then the pointer. */
  async deliver(config: CompiledConfig, spoil: (text: string) => string = (text) => text): Promise<string> {
    const text = bundle(config);
    const version = bundleHash(text);
    await this.s3.put(`config/${version}`, spoil(text));
    await this.s3.put('config/current', `${version}\n`);
    return version;
  }

  startSync(): void {
    this.events.length = 0;
    // As in the task: root, but without any capability.
    const bare = ['--bounding-set', '-all', '--inh-caps', '-all'];
    this.sync = spawn('setpriv', [...bare, 'sh', '-c', containerScript('sync-config')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: [join(this.folder, 'bin'), this.bin, process.env.PATH].join(delimiter),
        HOME: join(this.folder, 'tmp'),
        TMPDIR: join(this.folder, 'tmp'),
        CONFIG_BUCKET: this.s3.bucket,
        CONFIG_DIRECTORY: this.directory,
        ADMIN_SOCKET: this.socket,
        POLL_SECONDS: '1',
        RETRY_SECONDS: '2',
        AWS_ENDPOINT_URL: this.s3.endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_MAX_ATTEMPTS: '1',
      },
    });
    if (this.sync.stdout) splitLines(this.sync.stdout, (line) => this.events.push(JSON.parse(line) as SyncEvent));
  }

  /** TERM, as ECS sends it; its exit code. */
  stopSync(): Promise<number | null> {
    return end(this.sync);
  }

  /** As `dependsOn` with HEALTHY: Envoy starts once VERSION is there. */
  async startEnvoy(env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    await eventually(
      () => existsSync(join(this.directory, 'VERSION')),
      (there) => there,
      30_000,
    );
    const envoy = await this.spawnEnvoy(env);
    await eventually(
      () => this.healthy,
      (healthy) => healthy,
      30_000,
    );
    return envoy;
  }

  /** Another one in its place. */
  async startEnvoyAgain(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
    await end(this.envoy);
    return this.startEnvoy(env);
  }

  /** Envoy's container, whatever becomes of it. */
  async spawnEnvoy(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
    this.envoy = spawn('sh', ['-c', containerScript('run-envoy')], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        ENVOY: (await findEnvoy()).path,
        CONFIG_DIRECTORY: this.directory,
        CONCURRENCY: '1',
        DRAIN_SECONDS: '0',
        ...env,
      },
    });
    return this.envoy;
  }

  /** What the health check of the container says. */
  get healthy(): boolean {
    try {
      const env = { PATH: process.env.PATH, HEALTH_PORT: String(HEALTH_PORT) };
      execFileSync('bash', ['-c', containerScript('envoy-healthy')], { stdio: 'ignore', env });
      return true;
    } catch {
      return false;
    }
  }

  /** The first event that fits, past or to come. */
  event(event: string, fits: (line: SyncEvent) => boolean = () => true): Promise<SyncEvent> {
    return this.anyEvent([event], fits);
  }

  /** The first event of one of these kinds that fits, past or to come. */
  async anyEvent(kinds: readonly string[], fits: (line: SyncEvent) => boolean): Promise<SyncEvent> {
    const find = (): SyncEvent | undefined => this.events.find((line) => kinds.includes(line.event) && fits(line));
    await eventually(find, (found) => found !== undefined, 60_000).catch((error: Error) => {
      throw new Error(`no event ${kinds.join(' or ')} among ${JSON.stringify(this.events)}: ${error.message}`);
    });
    return find() as SyncEvent;
  }

  ask(url: string, options: AskOptions = {}): Promise<Asked> {
    return ask(MAIN_PORT, url, { ca: this.ca, ...options });
  }

  async statuses(...urls: string[]): Promise<(number | undefined)[]> {
    return Promise.all(urls.map(async (url) => (await this.ask(url)).reply?.status));
  }

  private get ca(): string {
    return this.made.ca;
  }

  get version(): string {
    return readFileSync(join(this.directory, 'VERSION'), 'utf8').trim();
  }

  private stubDate(): void {
    const real = execFileSync('sh', ['-c', 'command -v date'], { encoding: 'utf8' }).trim();
    mkdirSync(join(this.folder, 'bin'));
    this.shiftClock(0);
    const stub = join(this.folder, 'bin', 'date');
    writeFileSync(stub, `#!/bin/sh\nexec ${real} -d "@$(($(${real} +%s) + $(cat ${this.clock})))" "$@"\n`);
    chmodSync(stub, 0o755);
  }
}

async function end(child: ChildProcess | undefined): Promise<number | null> {
  if (child === undefined) return null;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  return child.exitCode;
}
