import { unwatchFile, watchFile } from 'node:fs';
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
  /** The new policy cannot be read or does not check (usually a `PolicyError`); `policy` is still in force. */
  | { readonly type: 'rejected'; readonly error: Error; readonly policy: EgressPolicy }
  /** The new policy checks, but compiling, validating or publishing it failed; `policy` is still in force. It is tried again. */
  | {
      readonly type: 'failed';
      readonly cause: 'change' | 'expiry';
      readonly error: Error;
      readonly policy: EgressPolicy;
      readonly retryMs: number;
    };

export interface WatchOptions {
  /** The policy in force. */
  readonly policy: EgressPolicy;
  /** The moment with which it was compiled (`closeExpiredAt`). Default: now. */
  readonly compiledAt?: Date;
  /** The files to watch; they may be replaced by rename, removed and made again. None: only the clock is watched. */
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
  /** Milliseconds until what failed is tried again; twice as long after each further failure, 20,000 at most. Default 5,000. */
  readonly retryMs?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** The longest wait between two looks at the clock, which may be set or stand still while the machine sleeps. */
const LOOK_MS = 15_000;
/** After a failed publication; the disk may have room again, or the port be free. Twice as long after each further one. */
const RETRY_MS = 5000;
const LONGEST_RETRY_MS = 20_000;

/** Between two looks at the files. */
const STAT_MS = 250;

/**
 * Watches policy files and puts what they say in force; also publishes again at the moment when a rule's last day is over, so
 * that its open tunnels end (new requests are refused by Envoy itself from that moment on). Changes that come while one is
 * being put in force are taken together: the last one counts. What could not be put in force is tried again until it can, or the file
 * says something else.
 *
 * The files are looked at four times a second instead of asking the system for events: events are lost when an editor or a
 * mounted volume replaces a file by rename, and do not cross network and container mounts at all.
 */
export function watchPolicy(options: WatchOptions): PolicyWatch {
  return new PolicyWatch(options);
}

/** A running watch. Made by {@link watchPolicy}. */
export class PolicyWatch {
  private policy: EgressPolicy;
  /** Rules that expired up to here have no open tunnels any more. */
  private closedUpTo: Date;
  private changed = false;
  /** The last attempt to put something in force failed: even an unchanged policy is then published again. */
  private unsure = false;
  /** How long to wait until what failed is tried again. */
  private retry?: { readonly cause: 'change' | 'expiry'; readonly ms: number };
  private closed = false;
  private looked = false;
  private quiet?: NodeJS.Timeout;
  private look?: NodeJS.Timeout;
  private work?: Promise<void>;

  constructor(private readonly options: WatchOptions) {
    this.policy = options.policy;
    this.closedUpTo = options.compiledAt ?? this.now();
    for (const file of options.files) watchFile(file, { interval: STAT_MS }, this.touch);
    this.schedule();
    // The policy in force was read a while ago.
    if (options.files.length > 0) this.touch();
  }

  /** The policy in force. */
  get inForce(): EgressPolicy {
    return this.policy;
  }

  /** Says that a file may have changed. */
  readonly touch = (): void => {
    if (this.closed) return;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.changed = true;
      this.retry = undefined;
      this.wake();
    }, this.options.quietMs ?? 150);
  };

  /** Ends the watch; settles when nothing is being put in force any more. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.quiet);
    clearTimeout(this.look);
    for (const file of this.options.files) unwatchFile(file, this.touch);
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
    const first = !this.looked;
    this.looked = true;
    let policy: EgressPolicy;
    try {
      policy = await this.options.load();
    } catch (error) {
      this.retry = undefined; // until somebody writes it again
      this.options.onEvent({ type: 'rejected', error: error as Error, policy: this.policy });
      return;
    }
    if (policy.hash !== this.policy.hash || this.unsure) {
      await this.putInForce(policy, 'change');
      return;
    }
    this.policy = policy; // places, owners and reasons may differ
    if (!first) this.options.onEvent({ type: 'unchanged', policy });
  }

  private async putInForce(policy: EgressPolicy, cause: 'change' | 'expiry'): Promise<boolean> {
    const now = this.now();
    const started = performance.now();
    try {
      await this.options.apply(policy, now);
    } catch (error) {
      const ms = this.retry ? Math.min(2 * this.retry.ms, LONGEST_RETRY_MS) : this.retryMs;
      this.unsure = true;
      this.retry = { cause: this.retry?.cause === 'change' ? 'change' : cause, ms };
      this.options.onEvent({ type: 'failed', cause, error: error as Error, policy: this.policy, retryMs: ms });
      return false;
    }
    this.unsure = false;
    // An expiry that went well does not make up for a change that did not.
    if (cause === 'change' || this.retry?.cause === 'expiry') this.retry = undefined;
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
    const wait = Math.min(this.untilExpiry(), this.retry?.cause === 'change' ? this.retry.ms : Infinity);
    if (wait === Infinity) return;
    this.look = setTimeout(() => {
      if (this.retry?.cause === 'change') this.changed = true;
      this.wake();
    }, wait);
    this.look.unref();
  }

  private untilExpiry(): number {
    const expiry = nextExpiry(this.policy, this.closedUpTo);
    if (!expiry) return Infinity;
    const left = expiry.getTime() - this.now().getTime();
    return left > 0 ? Math.min(left, LOOK_MS) : (this.retry?.ms ?? 0);
  }

  private get retryMs(): number {
    return this.options.retryMs ?? RETRY_MS;
  }
}
