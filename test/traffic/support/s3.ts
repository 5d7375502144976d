import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** moto looks for a signature, but does not check it. */
const SIGNED = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

/** An S3 of our own: moto's server on loopback, with one bucket. */
export class S3 {
  readonly bucket = 'config-bucket';
  private port = 0;
  private server?: ChildProcess;
  private readonly kept = new Map<string, string>();

  /** @param bin folder of `moto_server` */
  constructor(private readonly bin: string) {}

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, with what it held before. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    this.server = spawn(join(this.bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(this.port)], {
      stdio: 'ignore',
    });
    await eventually(
      () =>
        fetch(`${this.endpoint}/moto-api/`).then(
          ({ ok }) => ok,
          () => false,
        ),
      (up) => up,
      30_000,
    );
    await this.request('');
    for (const [key, text] of this.kept) await this.request(`/${key}`, text);
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  async put(key: string, text: string): Promise<void> {
    this.kept.set(key, text);
    await this.request(`/${key}`, text);
  }

  private async request(path: string, body = ''): Promise<void> {
    const url = `${this.endpoint}/${this.bucket}${path}`;
    const { ok, status } = await fetch(url, { method: 'PUT', body, headers: { authorization: SIGNED } });
    if (!ok) throw new Error(`PUT ${path}: ${status}`);
  }
}
