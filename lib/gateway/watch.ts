import { basename, dirname, resolve } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { EgressPolicy } from '../policy/policy';
import { nextExpiry } from './next-expiry';

/** What a watch reports. */
export type WatchEvent =
  /** The policy is in force. `expiry`: the same policy again, because the last day of one of its rules is over. */
  | {
      readonly type: 'applied';
      readonly cause: 'change' | 'expiry';
      readonly policy: EgressPolicy;
      readonly durationMs: number;
    }
  /** A file was written, but what it means is what is in force already. */
  | { readonly type: 'unchanged'; readonly policy: EgressPolicy }
  /** The new policy cannot be read or does not check (usually a `PolicyError`), or a file cannot be watched; `policy` is still in force. */
  | { readonly type: 'rejected'; readonly error: Error; readonly policy: EgressPolicy }
  /** The new policy checks, but compiling, validating or publishing it failed; `policy` is still in force. */
  | {
      readonly type: 'failed';
      readonly cause: 'change' | 'expiry';
      readonly error: Error;
      readonly policy: EgressPolicy;
    };

export interface WatchOptions {
  /** The policy in force. */
  readonly policy: EgressPolicy;
  /** The files to watch; they may be replaced by rename, removed and made again. */
  readonly files: readonly string[];
  /** Reads the policy anew. */
  readonly load: () => EgressPolicy | Promise<EgressPolicy>;
  /**
   * Puts a policy in force: compile (with `closeExpiredAt: now`), validate, publish. Must leave the old one in force where
   * it throws. Never called again before it has settled.
   */
  readonly apply: (policy: EgressPolicy, now: Date) => Promise<void>;
  readonly onEvent: (event: WatchEvent) => void;
  /** Milliseconds without a further write before a file is read; editors write in several steps. Default 150. */
  readonly quietMs?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** The longest wait between two looks at the clock, which may be set or stand still while the machine sleeps. */
const LOOK_MS = 15_000;
/** After a failed publication at an expiry. */
const RETRY_MS = 5000;

/**
 * Watches policy files and puts what they say in force; also publishes again at the moment when a rule's last day is over, so
 * that its open tunnels end (new requests are refused by Envoy itself from that moment on). Changes that come while one is
 * being put in force are taken together: the last one counts.
 * @returns when the files are being watched
 */
export async function watchPolicy(options: WatchOptions): Promise<PolicyWatch> {
  const files = new Set(options.files.map((file) => resolve(file)));
  const folders = [...new Set([...files].map((file) => dirname(file)))];
  // Whole folders: the watch of a single file is lost when an editor, or a mounted volume (`..data`), replaces it by rename.
  const watcher = watch(folders, {
    depth: 0,
    ignoreInitial: true,
    ignored: (path) => !folders.includes(path) && !files.has(path) && basename(path) !== '..data',
  });
  const policyWatch = new PolicyWatch(options, watcher);
  watcher.on('all', () => policyWatch.touch());
  watcher.on('error', (error) => {
    options.onEvent({ type: 'rejected', error: error as Error, policy: policyWatch.inForce });
  });
  await new Promise<void>((ready) => watcher.once('ready', ready));
  return policyWatch;
}

/** A running watch. Made by {@link watchPolicy}. */
export class PolicyWatch {
  private policy: EgressPolicy;
  /** Rules that expired up to here have no open tunnels any more. */
  private closedUpTo: Date;
  private changed = false;
  /** The last attempt to put something in force failed: even an unchanged policy is then published again. */
  private unsure = false;
  private closed = false;
  private quiet?: NodeJS.Timeout;
  private look?: NodeJS.Timeout;
  private work?: Promise<void>;

  constructor(
    private readonly options: WatchOptions,
    private readonly watcher: FSWatcher,
  ) {
    this.policy = options.policy;
    this.closedUpTo = this.now();
    this.schedule();
  }

  /** The policy in force. */
  get inForce(): EgressPolicy {
    return this.policy;
  }

  /** Says that a file may have changed. */
  touch(): void {
    if (this.closed) return;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.changed = true;
      this.wake();
    }, this.options.quietMs ?? 150);
  }

  /** Ends the watch; settles when nothing is being put in force any more. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.quiet);
    clearTimeout(this.look);
    await this.watcher.close();
    await this.work;
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }

  private wake(): void {
    this.work ??= this.run().finally(() => {
      this.work = undefined;
      this.schedule();
    });
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      if (this.changed) await this.takeChange();
      else if (this.expiryIsDue() && (await this.putInForce(this.policy, 'expiry'))) continue;
      else return;
    }
  }

  private async takeChange(): Promise<void> {
    this.changed = false;
    let policy: EgressPolicy;
    try {
      policy = await this.options.load();
    } catch (error) {
      this.options.onEvent({ type: 'rejected', error: error as Error, policy: this.policy });
      return;
    }
    if (policy.hash !== this.policy.hash || this.unsure) {
      await this.putInForce(policy, 'change');
      return;
    }
    this.policy = policy; // places, owners and reasons may differ
    this.options.onEvent({ type: 'unchanged', policy });
  }

  private async putInForce(policy: EgressPolicy, cause: 'change' | 'expiry'): Promise<boolean> {
    const now = this.now();
    const started = performance.now();
    try {
      await this.options.apply(policy, now);
    } catch (error) {
      this.unsure = true;
      this.options.onEvent({ type: 'failed', cause, error: error as Error, policy: this.policy });
      return false;
    }
    this.unsure = false;
    this.policy = policy;
    this.closedUpTo = now;
    this.options.onEvent({ type: 'applied', cause, policy, durationMs: performance.now() - started });
    return true;
  }

  private expiryIsDue(): boolean {
    const expiry = nextExpiry(this.policy, this.closedUpTo);
    return expiry !== undefined && expiry <= this.now();
  }

  private schedule(): void {
    if (this.closed) return;
    clearTimeout(this.look);
    const expiry = nextExpiry(this.policy, this.closedUpTo);
    if (!expiry) return;
    const left = expiry.getTime() - this.now().getTime();
    // An expiry that is due at this place has just failed to be published.
    const wait = left > 0 ? Math.min(left, LOOK_MS) : RETRY_MS;
    this.look = setTimeout(() => this.wake(), wait);
    this.look.unref();
  }
}
