import type { Way } from '../operations';

/** A proxy in the comparison. */
export interface Peer {
  readonly name: string;
  /** How it is configured, for the page. */
  readonly how: string;
  /** Its version; undefined where it is not installed. */
  readonly version: () => string | undefined;
  /** Why it is left out at this size. @default it takes part */
  readonly leaveOut?: (hosts: number) => string | undefined;
  /** Writes its configuration for an allowlist. @returns how to start it */
  readonly prepare: (folder: string, hosts: readonly string[]) => Launch | Promise<Launch>;
}

/** How a configured proxy is started, reached and reloaded. */
export interface Launch {
  readonly command: readonly [string, ...string[]];
  readonly way: Way;
  /** Gives it another allowlist without a restart; undefined where it has to be restarted. */
  readonly reload?: (hosts: readonly string[], pid: number) => Promise<void>;
}
