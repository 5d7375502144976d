import type { EgressRequest } from '../../../lib/policy/decide';
import type { EgressPolicy } from '../../../lib/policy/policy';
import type { Observed } from '../support/replay';
import type { Scenario } from './scenario';

/** What became of the requests of a scenario, and what servers saw of them. */
export interface Observation {
  /** In the order of the requests. */
  readonly observed: readonly Observed[];
  /** The places of the requests that an HTTP server heard. */
  readonly heard: ReadonlySet<number>;
  /** `address port` of every connection to a server, and of those that brought bytes. */
  readonly dialled: ReadonlySet<string>;
  readonly sentTo: ReadonlySet<string>;
}

/** What is held against `decide`: the real gateway, or in a test of the comparison something in its place. */
export type Gateway = (
  scenario: Scenario,
  meaning: { readonly policy: EgressPolicy; readonly requests: readonly EgressRequest[] },
) => Promise<Observation>;
