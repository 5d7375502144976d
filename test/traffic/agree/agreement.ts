import fc from 'fast-check';
import { stringify } from 'yaml';
import { decide } from '../../../lib/policy/decide';
import { compare, describePair, type Decide, type Pair } from './compare';
import type { Gateway, Observation } from './observation';
import { plainPolicy } from './policy-draft';
import { meaningOf, ScenarioArbitrary, type Meaning, type Scenario } from './scenario';
import { Tally } from './tally';

export interface AgreementOptions {
  /** Pairs of a policy and a request; rounded up to whole policies. */
  readonly pairs: number;
  /** Requests that are sent at once under one policy. */
  readonly requestsPerPolicy: number;
  readonly seed: number;
  /** Of an earlier failure: only that one is repeated. */
  readonly path?: string;
  /** @default the real one */
  readonly decide?: Decide;
  /** Whether a failure is made as small as it gets. @default true */
  readonly shrink?: boolean;
  /** Called after each policy. */
  readonly onPolicy?: (progress: Progress) => void;
  /** Called with the first pair on which the two sides disagree, before it is made smaller. */
  readonly onFailure?: (pair: string) => void;
}

export interface Progress {
  readonly pairs: number;
  /** Policies that were tried to make a failure smaller; 0 while nothing has failed. */
  readonly shrinking: number;
}

export interface Agreement {
  readonly tally: Tally;
  readonly failure?: Failure;
}

/** The smallest scenario that was found in which the two sides disagree. */
export interface Failure {
  readonly scenario: Scenario;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  readonly path: string;
  /** The scenario, what each side says, and how to repeat it. */
  readonly text: string;
}

/** Requests for each policy where nobody says: many, for a publication is what costs, but of no fewer than 40 policies. */
export function requestsFor(pairs: number): number {
  return Math.max(1, Math.min(200, Math.floor(pairs / 40)));
}

class Disagreement extends Error {
  constructor(readonly pairs: readonly Pair[]) {
    super('decide and the gateway disagree');
  }
}

/**
 * Asks `decide` and the gateway the same on random policies and requests, until they disagree or all pairs are done.
 *
 * @throws what the gateway throws, such as for an Envoy that has ended, unless the two disagreed before
 */
export async function agree(gateway: Gateway, options: AgreementOptions): Promise<Agreement> {
  const { pairs, requestsPerPolicy, seed, path = '', shrink = true } = options;
  const run = new Run(gateway, options);
  const property = fc.asyncProperty(new ScenarioArbitrary(requestsPerPolicy), (scenario) => run.judge(scenario));
  const numRuns = path === '' ? Math.ceil(pairs / requestsPerPolicy) : 1;
  const result = await fc.check(property, { seed, path, numRuns, endOnFailure: !shrink });
  const { tally, last, broken } = run;
  if (!result.failed) return { tally };
  if (last === undefined) throw broken ?? result.errorInstance;
  const [scenario] = result.counterexample as [Scenario];
  const failure = { scenario, pairs: last.pairs, seed, path: result.counterexamplePath as string };
  const end = broken === undefined ? [] : [`it could not be made smaller: ${broken.message}`];
  return { tally, failure: { ...failure, text: [...describe(failure, requestsPerPolicy), ...end].join('\n') } };
}

/** One run: what was counted, and what has failed. */
class Run {
  readonly tally = new Tally();
  /** Of the smallest failure so far. */
  last: Disagreement | undefined;
  /** Why the gateway can be asked no more. */
  broken: Error | undefined;
  private shrinking = 0;

  constructor(
    private readonly gateway: Gateway,
    private readonly options: AgreementOptions,
  ) {}

  /** @throws {Disagreement} */
  async judge(scenario: Scenario): Promise<void> {
    // What was the smallest failure stays it.
    if (this.broken !== undefined) return;
    const meaning = meaningOf(scenario);
    const observation = await this.ask(scenario, meaning);
    if (observation === undefined) return;
    const judged = compare(meaning.policy, meaning.requests, observation, this.options.decide ?? decide);
    if (this.last === undefined) this.tally.add(meaning.policy, judged);
    else this.shrinking += 1;
    this.options.onPolicy?.({ pairs: this.tally.pairs, shrinking: this.shrinking });
    const wrong = judged.filter(({ faults }) => faults.length > 0);
    if (wrong[0] === undefined) return;
    if (this.last === undefined) this.options.onFailure?.(describePair(wrong[0]));
    this.last = new Disagreement(wrong);
    throw this.last;
  }

  private async ask(scenario: Scenario, meaning: Meaning): Promise<Observation | undefined> {
    try {
      return await this.gateway(scenario, meaning);
    } catch (error) {
      this.broken = error as Error;
      if (this.last === undefined) throw error;
      return undefined;
    }
  }
}

function describe({ scenario, pairs, seed, path }: Omit<Failure, 'text'>, requestsPerPolicy: number): string[] {
  const { policy, requests } = scenario;
  const alone =
    requests.length === 1
      ? []
      : [
          `only with all of these ${requests.length} requests at once (as far as was tried):`,
          ...meaningOf(scenario).requests.map(({ now: _now, ...each }) => `  ${JSON.stringify(each)}`),
        ];
  return [
    `policy, at ${policy.clock}${policy.closed ? ', compiled with closeExpiredAt' : ''}:`,
    stringify(plainPolicy(policy)),
    ...pairs.map(describePair),
    ...alone,
    `repeat: npm run test:agree -- --seed ${seed} --path ${path} --requests-per-policy ${requestsPerPolicy}`,
  ];
}
