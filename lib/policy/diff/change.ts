import type { EgressRequest } from '../decide';
import type { Limits } from '../types';
import type { Contents } from './content';

/**
 * `widened`: something passes, or is allowed by a rule, that was not before; `narrowed`: the reverse; `moved`: neither, but something
 * that the gateway or its clients depend on is another.
 */
export type Effect = 'widened' | 'narrowed' | 'moved';

/** A set of requests to one host and port; what is absent is not bounded. */
export interface Region {
  /** What is sent. */
  readonly contents: readonly Contents[];
  /** Of HTTP: these methods, or with `not` all others. */
  readonly methods?: Choice;
  /** Of HTTP: these path prefixes, less those in `not`. */
  readonly paths?: Choice;
  /** Networks (CIDR) to which the gateway connects; `public` is every public address. */
  readonly addresses?: Choice;
  /** Days, both included, UTC; an absent end is open. */
  readonly days?: readonly { readonly from?: string; readonly through?: string }[];
  /** In mode `observe`: it passes and is logged as `would_deny`, no rule allows it. */
  readonly observed?: true;
}

/** What is in a set, and what is taken out of it. */
export interface Choice {
  readonly only: readonly string[];
  readonly not?: readonly string[];
}

/** What the changes of hosts say. */
interface HostChange {
  readonly about: 'hosts';
  readonly workload: string;
  /** `new`: nothing was allowed there; `gone`: nothing is; `part`: some of it changed. */
  readonly extent: 'new' | 'gone' | 'part';
  /** Patterns as in `Rule.hosts`, sorted; each without the more specific ones that any rule of either policy names. */
  readonly hosts: readonly string[];
  /** Of the hosts below a wildcard in `hosts`, those that this change does not touch; with ports where it is some of them alone. */
  readonly except: readonly string[];
  readonly ports: readonly number[];
  readonly regions: readonly Region[];
  /** `ip:port` that is dialled where this passes, instead of what the name resolves to. */
  readonly address?: string;
  /** What is dialled is another: a fixed address became another one, or came, or went. */
  readonly redialled?: true;
}

/** What the other changes say. */
type OtherChange =
  | { readonly about: 'mode'; readonly before: string; readonly after: string }
  | { readonly about: 'workload'; readonly workload: string; readonly extent: 'new' | 'gone'; readonly port: number }
  | {
      readonly about: 'port';
      readonly workload: string;
      readonly before: number;
      readonly after: number;
      /** The workload that had the port before. */
      readonly takenFrom?: string;
    }
  | {
      readonly about: 'limit';
      readonly workload: string;
      readonly limit: keyof Limits;
      readonly before?: number | undefined;
      readonly after?: number | undefined;
    };

/** One thing that the new policy means and the old one did not. */
export type Change = (HostChange | OtherChange) & {
  readonly effect: Effect;
  /** The change in words: one line, printable. */
  readonly text: string;
  /** Whether the answer to a request can have changed for this reason. Limits and addresses that are dialled have no part in answers. */
  readonly covers: (request: EgressRequest) => boolean;
};

/** A change of what hosts may be reached. */
export type HostsChange = Extract<Change, { about: 'hosts' }>;
