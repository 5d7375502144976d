import fc from 'fast-check';
import type { EgressRequest } from '../../../lib/policy/decide';
import { EgressPolicy } from '../../../lib/policy/policy';
import type { Rule } from '../../../lib/policy/types';
import { plainPolicy, policyDraft, type PolicyDraft, type Random, type WorkloadName } from './policy-draft';
import { anyRequest, requestOf, type RequestDraft } from './request-draft';
import { dialable } from './dialable';
import { addressesOf, NAMES } from './world';

/** A policy and the requests that are sent at once while it is in force. */
export interface Scenario {
  readonly policy: PolicyDraft;
  readonly requests: readonly RequestDraft[];
}

/** What a {@link Scenario} stands for. */
export interface Meaning {
  readonly policy: EgressPolicy;
  readonly requests: readonly EgressRequest[];
  readonly now: Date;
}

export function meaningOf({ policy, requests }: Scenario): Meaning {
  const now = new Date(policy.clock);
  return {
    policy: EgressPolicy.fromObject(plainPolicy(policy)),
    requests: requests.map((request) => requestOf(request, now)),
    now,
  };
}

/** A host and a port that a rule names. */
interface Named extends Pick<RequestDraft, 'workload' | 'host' | 'port'> {
  readonly rule: Rule;
}

/** Requests of which most go to a host and a port that a rule names, so that all of the request counts. */
export class FittingRequest extends fc.Arbitrary<RequestDraft> {
  private readonly named: readonly Named[];

  constructor({ workloads }: EgressPolicy) {
    super();
    this.named = workloads.flatMap(({ name, rules }) =>
      rules.flatMap((rule) =>
        rule.hosts
          .flatMap((pattern) => hostsOf(pattern, rule))
          .flatMap((host) => rule.ports.map((port) => ({ workload: name as WorkloadName, host, port, rule }))),
      ),
    );
  }

  generate(random: Random): fc.Value<RequestDraft> {
    const { value } = anyRequest.generate(random, undefined);
    const fits = (ofTen: number): boolean => fc.integer({ min: 0, max: 9 }).generate(random, undefined).value < ofTen;
    if (this.named.length === 0 || !fits(9)) return new fc.Value(value, undefined);
    const one = <T>(values: readonly T[]): T => fc.constantFrom(...values).generate(random, undefined).value;
    const { rule, workload, host, port } = one(this.named);
    const fitting = {
      ...(fits(9) && { workload }),
      ...(fits(9) && { port }),
      ...(fits(7) && { payload: rule.protocol === 'tcp' ? ('other' as const) : rule.protocol }),
      ...(rule.methods && fits(6) && { method: one(rule.methods) }),
      ...(rule.paths && fits(5) && { segments: one(rule.paths).split('/').slice(1) }),
    };
    return new fc.Value({ ...value, host, ...fitting }, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is RequestDraft {
    return anyRequest.canShrinkWithoutContext(value);
  }

  shrink(value: RequestDraft, context: unknown): fc.Stream<fc.Value<RequestDraft>> {
    return anyRequest.shrink(value, context);
  }
}

/** Hosts that a pattern names, the ones that the rule can dial several times. */
function hostsOf(pattern: string, rule: Rule): string[] {
  if (!pattern.startsWith('*')) return [pattern];
  const below = NAMES.filter((name) => name.endsWith(pattern.slice(1)));
  const fitting = below.filter((name) => dialable(rule, addressesOf(name)).length > 0);
  return [...below, ...fitting, ...fitting, ...fitting];
}

/**
 * Scenarios of so many requests. A request depends on the policy when it is made, not when it is shrunk: policy and requests get smaller
 * each by itself, and what they say stays.
 */
export class ScenarioArbitrary extends fc.Arbitrary<Scenario> {
  private readonly shape: fc.Arbitrary<Scenario>;

  constructor(private readonly requestCount: number) {
    super();
    const requests = fc.array(anyRequest, { minLength: 1, maxLength: requestCount, size: 'max' });
    this.shape = fc.record<Scenario>({ requests, policy: policyDraft });
  }

  generate(random: Random): fc.Value<Scenario> {
    const { value: policy } = policyDraft.generate(random, undefined);
    const request = new FittingRequest(EgressPolicy.fromObject(plainPolicy(policy)));
    const requests = Array.from({ length: this.requestCount }, () => request.generate(random).value);
    return new fc.Value({ policy, requests }, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Scenario {
    return this.shape.canShrinkWithoutContext(value);
  }

  /** The half of the requests first, for mostly one of them is enough; then all that fast-check knows of the parts. */
  shrink(value: Scenario, context: unknown): fc.Stream<fc.Value<Scenario>> {
    const parts = this.shape.shrink(value, context);
    const { requests } = value;
    if (requests.length === 1) return parts;
    const middle = Math.ceil(requests.length / 2);
    const halves = [requests.slice(0, middle), requests.slice(middle)];
    return fc
      .stream(halves.map((half): fc.Value<Scenario> => new fc.Value({ ...value, requests: half }, undefined)).values())
      .join(parts);
  }
}
