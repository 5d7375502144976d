import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEnvoy } from '../../../../lib/gateway/find-envoy';
import { Folder, MAIN, PLAIN_ENV } from '../../../lib/cli/support/cli';
import { Running } from '../../../lib/cli/support/running';
import { ask, type Asked, type AskOptions } from '../../support/ask';
import { MAIN_PORT, PUBLIC_V4 } from '../../support/bench';
import { certificates, type Certificates } from '../../support/certificates';
import { DnsServer } from '../../support/dns-server';
import { inNamespace, ownEveryAddress } from '../../support/namespace';
import { Upstreams } from '../../support/upstreams';
import type { Askable } from './background-traffic';

const FILE = 'egress.yaml';

export interface CliGatewayOptions {
  /** Folder for temporary files of the gateway; default: one beside the policy. */
  readonly temporary?: string;
  /** Arguments after `run`. */
  readonly args?: readonly string[];
}

/** A gateway as its users run it, `mcp-egress run` with a policy file, before the servers of a bench. */
export class CliGateway implements Askable {
  readonly folder = new Folder();
  readonly dns = new DnsServer();
  upstreams!: Upstreams;
  running!: Running;
  private certificates!: Certificates;
  private env!: NodeJS.ProcessEnv;

  async open(): Promise<void> {
    ownEveryAddress();
    this.certificates = await certificates();
    this.upstreams = new Upstreams(this.certificates);
    this.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    await Promise.all([this.upstreams.listen(), this.dns.listen()]);
    this.env = { ...PLAIN_ENV, ENVOY_BIN: (await findEnvoy()).path };
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.upstreams?.close(), this.dns.close()]);
    this.folder.remove();
  }

  get file(): string {
    return join(this.folder.path, FILE);
  }

  /** Envoy's process. */
  get envoy(): number {
    return this.running.children[0] ?? 0;
  }

  /** Replaces the policy file as a whole, by rename. */
  write(policy: string | Buffer): void {
    writeFileSync(`${this.file}.new`, policy);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Puts a link in the place of the policy file. */
  link(target: string): void {
    symlinkSync(target, `${this.file}.new`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** Starts `mcp-egress run`, without root's right to read everything, and waits until it is ready. */
  async start({ temporary = join(this.folder.path, 'tmp'), args = [] }: CliGatewayOptions = {}): Promise<Running> {
    mkdirSync(temporary, { recursive: true });
    const bare = ['--bounding-set', '-all', '--inh-caps', '-all', '--ambient-caps', '-all'];
    const command = [process.execPath, MAIN, 'run', '--dns', this.dns.endpoint, ...args];
    this.running = new Running('setpriv', [...bare, ...command], {
      cwd: this.folder.path,
      env: { ...this.env, TMPDIR: temporary },
    });
    await this.running.says(/^ready: /m);
    return this.running;
  }

  /** Ends it in order, if it runs. */
  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** Does something, and waits until the gateway says that it has noticed; what it has said since. */
  async after(action: () => void, pattern: RegExp): Promise<string> {
    const before = this.running.stderr.length;
    action();
    await this.running.says(pattern, before);
    return this.running.stderr.slice(before);
  }

  ask(url: string, options: AskOptions = {}): Promise<Asked> {
    return ask(MAIN_PORT, url, { ca: this.certificates.ca, ...options });
  }

  /** The reason with which a URL is refused; `allowed` for any answer of its server. */
  async reason(url: string): Promise<string> {
    const { reply } = await this.ask(url);
    return reply === undefined ? 'closed' : (reply.headers['x-egress-reason'] ?? 'allowed');
  }
}

/** A gateway for all tests of the enclosing `describe`, with servers that listen; the test starts it. */
export function useCliGateway(): CliGateway {
  const gateway = new CliGateway();
  if (!inNamespace) return gateway; // the tests are skipped, see describeInNamespace
  beforeAll(() => gateway.open(), 30_000);
  afterAll(() => gateway.close(), 30_000);
  return gateway;
}

/** A policy of one workload with these rules, each in YAML's flow style. */
export function policyOf(...rules: string[]): string {
  const lines = rules.map((rule) => `      - ${rule}\n`).join('');
  return `version: 1\nworkloads:\n  web:\n    port: ${MAIN_PORT}\n    allow:\n${lines}`;
}
