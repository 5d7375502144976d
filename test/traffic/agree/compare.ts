import type { Decision, EgressRequest } from '../../../lib/policy/decide';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { REASONS } from '../../../lib/policy/reasons';
import { targetOf } from '../../../lib/policy/target';
import type { Observed } from '../support/replay';
import { dialable } from './dialable';
import type { Observation } from './observation';

export type Decide = (policy: EgressPolicy, request: EgressRequest) => Decision;

/** A request, and what both sides say of it. */
export interface Pair {
  readonly request: EgressRequest;
  readonly expected: Decision;
  readonly observed: Observed;
  /** What does not agree, for people; empty where all does. */
  readonly faults: readonly string[];
}

/** Holds what the gateway did with each request of a policy against what `decide` says. */
export function compare(
  policy: EgressPolicy,
  requests: readonly EgressRequest[],
  observation: Observation,
  decide: Decide,
): Pair[] {
  const pairs = requests.map((request, at) => {
    const expected = decide(policy, request);
    const observed = observation.observed[at] ?? { decision: 'none', reason: 'nothing was observed' };
    const faults = differences(expected, observed);
    return {
      request,
      expected,
      observed,
      faults: faults.length > 0 && isEither(policy, request, observed, decide) ? [] : faults,
    };
  });
  const strangers = strangersOf(pairs, observation);
  return pairs.map((pair, at) => ({
    ...pair,
    faults: [
      ...pair.faults,
      ...(observation.heard.has(at) && pair.expected.decision === 'denied' ? ['a server heard it'] : []),
      ...strangers.filter(({ of }) => of.includes(at)).map(({ what }) => what),
    ],
  }));
}

/** In what the words of the gateway's log, and its reply, are not those of a decision. */
function differences(expected: Decision, observed: Observed): string[] {
  const { decision, reason, stage, rule } = expected;
  if (decision !== observed.decision || reason !== observed.reason) return ['they disagree'];
  const faults: string[] = [];
  // A reply without a log line has neither layer nor rule; what only mode `observe` lets pass has the stage of its refusal.
  if (observed.layer !== undefined && decision !== 'would_deny' && observed.layer !== stage)
    faults.push(`stage ${stage}, layer ${observed.layer}`);
  // What the parser refuses has no route, and so no rule; nor has what mode `observe` lets pass as if no rule were there.
  const named = reason !== 'malformed' && !passesWithoutRule(expected);
  if (observed.layer !== undefined && named && rule?.id !== (observed.rule ?? undefined))
    faults.push(`rule ${rule?.id ?? 'none'}, in the log ${observed.rule ?? 'none'}`);
  if (decision === 'denied' && stage === 'request' && observed.status !== REASONS[reason].status)
    faults.push(`status ${REASONS[reason].status}, got ${observed.status}`);
  return faults;
}

/** A tunnel with two faults may name either; see `decide`. */
function isEither(policy: EgressPolicy, request: EgressRequest, observed: Observed, decide: Decide): boolean {
  if (request.payload !== 'tls') return false;
  const sni = targetOf(request)?.host;
  const [first, other] = [decide(policy, request), decide(policy, { ...request, sni })];
  if (first.reason !== 'sni_mismatch' || other.reason !== 'no_address') return false;
  return differences(other, observed).length === 0;
}

/** What servers saw that no request may have caused, with the requests that it may have come from. */
function strangersOf(pairs: readonly Pair[], { dialled, sentTo }: Observation): { what: string; of: number[] }[] {
  const allowed = {
    dialled: new Set(pairs.flatMap((pair) => (mayDial(pair) ? placesOf(pair) : []))),
    sentTo: new Set(pairs.flatMap((pair) => (pair.expected.decision === 'denied' ? [] : placesOf(pair)))),
  };
  const whose = (mention: (pair: Pair) => boolean): number[] => {
    const of = pairs.flatMap((pair, at) => (mention(pair) ? [at] : []));
    return of.length > 0 ? of : pairs.map((_, at) => at);
  };
  const goesTo = (place: string) => (pair: Pair) =>
    [...(pair.request.answers ?? []), pair.expected.rule?.address?.ip].includes(place.split(' ')[0]);
  return [
    ...[...dialled]
      .filter((place) => !allowed.dialled.has(place))
      .map((place) => ({ what: `${place} was dialled`, of: whose(goesTo(place)) })),
    ...[...sentTo]
      .filter((place) => !allowed.sentTo.has(place))
      .map((place) => ({ what: `${place} got bytes`, of: whose(goesTo(place)) })),
  ];
}

/** For a wrong server name the allowed host may be dialled, without a byte to it. */
function mayDial({ expected: { decision, reason } }: Pair): boolean {
  return decision !== 'denied' || reason === 'sni_mismatch';
}

/** Objections after which mode `observe` dials public addresses alone, whatever rule names the host. */
const WITHOUT_RULE = ['no_rule', 'ip_literal', 'port', 'not_tls', 'not_connect'];

function passesWithoutRule({ decision, reason, stage }: Decision): boolean {
  return decision === 'would_deny' && stage === 'request' && WITHOUT_RULE.includes(reason);
}

/** The addresses and ports that the gateway may dial for a request. */
function placesOf({ request, expected }: Pair): string[] {
  const by = passesWithoutRule(expected) ? undefined : expected.rule;
  const port = by?.address?.port ?? Number(targetOf(request)?.port);
  return dialable(by, request.answers ?? []).map((ip) => `${ip} ${port}`);
}

/** A pair for people. */
export function describePair({ request, expected, observed, faults }: Pair): string {
  const { now: _now, ...shown } = request;
  const says = ({ decision, reason }: Observed | Decision): string => `${decision} (${reason})`;
  return `${JSON.stringify(shown)}\n  decide: ${says(expected)}, gateway: ${says(observed)}: ${faults.join(', ')}`;
}
