import type { EgressRequest } from '../decide';
import type { EgressPolicy } from '../policy';
import type { Workload } from '../types';
import type { Change, Effect } from './change';
import { compareHosts } from './compare-hosts';
import { compareLimits } from './compare-limits';

export type { Change, Choice, Effect, HostsChange, Region } from './change';

/** Options of {@link diffPolicies}. */
export interface DiffOptions {
  /** What is over before this moment does not count. @default everything counts: nothing here reads the clock */
  readonly at?: Date | undefined;
}

/** What a new policy means and an old one did not. */
export interface PolicyDiff {
  /** What widens first, then by workload and host. */
  readonly changes: readonly Change[];
  /** Whether anything passes, or is allowed by a rule, that was not before. */
  readonly widened: boolean;
}

const ORDER: readonly Effect[] = ['widened', 'narrowed', 'moved'];

/**
 * Compares what two policies mean, whatever their text: rules that are moved, grouped, split, reordered or renamed are no change.
 * Where `decide` answers a request otherwise under `after` than under `before`, one of the changes covers the request.
 */
export function diffPolicies(before: EgressPolicy, after: EgressPolicy, { at }: DiffOptions = {}): PolicyDiff {
  const names = [...new Set([...before.workloads, ...after.workloads].map(({ name }) => name))].sort();
  const find = ({ workloads }: EgressPolicy, name: string) => workloads.find((workload) => workload.name === name);
  const hosts = compareHosts(before, after, at);
  const changes = names.flatMap((name) => {
    const [old, now] = [find(before, name), find(after, name)];
    const self = old && now ? comparePorts(old, now, before) : compareExistence(old, now, before, after);
    const limits = old && now ? compareLimits(old, now) : [];
    return [...self, ...limits, ...hosts(name, old, now)];
  });
  const all = [...compareModes(before, after), ...changes];
  const sorted = ORDER.flatMap((effect) => all.filter((change) => change.effect === effect));
  return { changes: sorted, widened: sorted.some(({ effect }) => effect === 'widened') };
}

function compareModes({ mode: before }: EgressPolicy, { mode: after }: EgressPolicy): Change[] {
  if (before === after) return [];
  const effect = after === 'observe' ? 'widened' : 'narrowed';
  const what = after === 'observe' ? 'what no rule allows passes and is logged' : 'what no rule allows is refused';
  return [{ about: 'mode', before, after, effect, text: `${before} → ${after}: ${what}`, covers: () => true }];
}

/** The port is how the gateway knows the workload: what had it before is taken for another one. */
function comparePorts({ name, port: before }: Workload, { port: after }: Workload, old: EgressPolicy): Change[] {
  if (before === after) return [];
  const takenFrom = old.workloads.find(({ port }) => port === after)?.name;
  const whose = takenFrom === undefined ? '' : `, which was ${takenFrom}'s: whoever still uses it is taken for ${name}`;
  const effect = takenFrom === undefined ? 'moved' : 'widened';
  const text = `${before} → ${after}${whose}`;
  return [
    {
      about: 'port',
      workload: name,
      before,
      after,
      ...(takenFrom !== undefined && { takenFrom }),
      effect,
      text,
      covers: none,
    },
  ];
}

/** A workload that comes or goes; what its rules allow are changes of their own. In mode `observe` it passes without a rule. */
function compareExistence(
  old: Workload | undefined,
  now: Workload | undefined,
  before: EgressPolicy,
  after: EgressPolicy,
): Change[] {
  const workload = now ?? old;
  if (!workload) return [];
  const { name, port } = workload;
  const observed = (now ? after : before).mode === 'observe';
  const covers = observed ? (request: EgressRequest) => request.workload === name : none;
  const what = now ? 'new workload' : 'workload is gone';
  const passes = observed ? `, and mode observe ${now ? 'lets' : 'let'} it pass` : '';
  const effect = observed ? (now ? 'widened' : 'narrowed') : 'moved';
  const extent = now ? 'new' : 'gone';
  return [
    { about: 'workload', workload: name, extent, port, effect, text: `${what} on port ${port}${passes}`, covers },
  ];
}

function none(): boolean {
  return false;
}
