import { setTimeout as delay } from 'node:timers/promises';
import type { CompiledConfig } from '../envoy/resources';
import { askAdmin } from './admin';
import { adminSocket } from './bootstrap-facts';
import { checkPorts } from './check-ports';
import { drain } from './drain';
import type { EnvoyExit, EnvoyProcess } from './envoy-process';
import { PublishError } from './errors';
import { type ListenAddress, listenAddresses } from './listen-addresses';
import { publish } from './publish';

const WORDS_MS = 500;

/** A running Envoy and the configuration that is in force in it. Made by `startGateway`. */
export class Gateway {
  /** Settles when Envoy is gone; never rejects. */
  readonly exited: Promise<EnvoyExit>;
  private queue: Promise<void> = Promise.resolve();

  /** @param directory the folder that Envoy reads */
  constructor(
    private readonly envoy: EnvoyProcess,
    private current: CompiledConfig,
    readonly directory: string,
    private readonly settleMs?: number,
  ) {
    this.exited = envoy.exited;
  }

  get pid(): number {
    return this.envoy.pid;
  }

  /** The configuration in force. */
  get config(): CompiledConfig {
    return this.current;
  }

  /** Where it listens: the workloads' listeners and the health listener. */
  get addresses(): readonly ListenAddress[] {
    return listenAddresses(this.current);
  }

  /**
   * Asks Envoy's admin interface.
   * @param path such as `/stats?filter=lds`
   * @returns the body of the answer
   * @throws {Error} where the configuration has no admin socket or Envoy is gone
   */
  async admin(path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
    const socket = adminSocket(this.current);
    if (!socket) throw new Error('this gateway was compiled without an admin socket (option `adminSocket`)');
    return (await askAdmin(socket, path, method)).body;
  }

  /**
   * Puts another configuration in force without a restart; calls are carried out one after another. Validate it first.
   * @throws {PortTakenError} a new listener's port is taken; nothing was changed
   * @throws {PublishError} Envoy did not take it; the old configuration is in force
   */
  publish(next: CompiledConfig): Promise<void> {
    const done = this.queue.then(() => this.publishNow(next));
    this.queue = done.catch(() => undefined);
    return done;
  }

  /** Ends Envoy: SIGTERM, then SIGKILL after 5 s. Open connections are cut. */
  stop(): Promise<EnvoyExit> {
    return this.envoy.stop();
  }

  /**
   * Ends Envoy in order: from here on it accepts no connection, requests that are under way may end, and then it ends.
   * @param seconds the longest that is waited; what is open then is cut. 0, or a gateway without an admin socket: as {@link stop}
   * @returns how it ended, and how many requests and tunnels were cut
   */
  async drain(seconds: number): Promise<EnvoyExit & { readonly cut: number }> {
    const socket = seconds > 0 ? adminSocket(this.current) : undefined;
    // An Envoy that has ended, or does not answer, has nothing to wait for.
    const drained = socket === undefined ? 0 : drain(socket, seconds * 1000).catch(() => 0);
    const cut = await Promise.race([drained, this.exited.then(() => 0)]);
    return { ...(await this.stop()), cut };
  }

  private async publishNow(next: CompiledConfig): Promise<void> {
    if (!this.envoy.running)
      throw new PublishError('Envoy has ended; nothing was published.', 'start', this.envoy.words);
    const held = new Set(this.addresses.map(({ address, port }) => `${address} ${port}`));
    const fresh = listenAddresses(next).filter(({ address, port }) => !held.has(`${address} ${port}`));
    await checkPorts(fresh, this.pid);
    const printed = this.envoy.lineCount;
    await publish({
      old: this.current,
      next,
      directory: this.directory,
      settleMs: this.settleMs,
      words: () => this.wordsAfter(printed),
    });
    this.current = next;
  }

  /** Envoy counts a refusal before what it says about it has come through the pipe. */
  private async wordsAfter(printed: number): Promise<readonly string[]> {
    const deadline = Date.now() + WORDS_MS;
    while (this.envoy.wordsSince(printed).length === 0 && Date.now() < deadline) await delay(10);
    return this.envoy.wordsSince(printed);
  }
}
