import { isIP } from 'node:net';
import fc from 'fast-check';
import { EgressPolicy } from '../../../lib/policy/policy';
import { PATTERNS, PORTS } from './world';

/** A rule in the making; empty lists and `undefined` are keys that do not stand in the file. */
export interface RuleDraft {
  readonly hosts: readonly string[];
  readonly protocol: string;
  readonly ports: readonly number[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  /** Networks, with blanks between them. */
  readonly private: string | undefined;
  readonly address: string | undefined;
  readonly expires: string | undefined;
}

export interface WorkloadDraft {
  readonly rules: readonly RuleDraft[];
  /** Whether it refers to the group: `no`, `yes`, or until when. */
  readonly group: string;
  readonly limits: keyof typeof LIMITS;
}

/**
 * A policy in the making, and when it is in force. Everything in it can be shrunk from the value alone (no `map`, no `chain`), and every
 * value of it gives a valid policy: what contradicts the rules before it is left out.
 */
export interface PolicyDraft {
  readonly mode: string;
  /** The moment that counts as now, for `decide` and for the gateway. */
  readonly clock: string;
  /** Compiled as the watcher does it once a rule's last day is over: without the chains of expired rules. */
  readonly closed: boolean;
  readonly group: readonly RuleDraft[];
  readonly workloads: Readonly<Record<WorkloadName, WorkloadDraft>>;
}

export const WORKLOADS = ['web', 'other', 'third'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

/** Limits that a run does not reach; they change the listeners that a request passes. */
const LIMITS = {
  none: undefined,
  connections: { connections: 900_000 },
  requests: { requestsPerSecond: 900_000 },
  all: { connections: 900_000, requestsPerSecond: 900_000, tunnelMinutes: 60, uploadKilobytesPerSecond: 4_000_000 },
} as const;

/** Around the last day `2020-01-01`: on it, at its first moment, near its end, at the first moment after it, before it. */
const CLOCKS = [
  '2020-01-01T12:00:00Z',
  '2020-01-01T00:00:00Z',
  '2020-01-01T23:50:00Z',
  '2020-01-02T00:00:00Z',
  '2019-12-31T12:00:00Z',
];
const LAST_DAYS = ['2020-01-01', '2020-01-01', '2019-12-31', '2020-01-02', '2999-12-31'] as const;
const PRIVATE = [
  '10.0.0.0/8',
  '10.9.9.0/24',
  '10.0.0.0/8 fd00::/64',
  '93.184.0.0/16',
  '169.0.0.0/8',
  '100.64.0.0/10',
  '::1/128',
];
const ADDRESSES = ['93.184.215.15:443', '93.184.215.15:80', '10.9.9.9:8443', '[fd00::9]:8080'];
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'PATCH'];
export const PATHS = ['/', '/a/', '/a/b/', '/exact', '/a/exact'];

/** None, but in one of so many cases up to `most` of these; shrinks to none. */
const sometimes = <T>(values: readonly T[], most: number, oneOf: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: oneOf - 1, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...values), { maxLength: most }) },
  );

/** Absent, but in one of so many cases one of these; shrinks to absent. */
const perhaps = <T>(values: readonly T[], oneOf: number): fc.Arbitrary<T | undefined> =>
  fc.constantFrom<T | undefined>(
    ...Array<undefined>(Math.round(values.length * (oneOf - 1))).fill(undefined),
    ...values,
  );

const rule: fc.Arbitrary<RuleDraft> = fc.record({
  hosts: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
  protocol: fc.constantFrom('tls', 'tls', 'tls', 'http', 'http', 'http', 'http', 'tcp', 'tcp', 'tcp'),
  ports: sometimes(PORTS, 3, 2),
  methods: fc.uniqueArray(fc.constantFrom(...METHODS), { maxLength: 3 }),
  paths: fc.uniqueArray(fc.constantFrom(...PATHS), { maxLength: 2 }),
  private: perhaps(
    PRIVATE.flatMap((each, at) => Array<string>(at < 3 ? 3 : 1).fill(each)),
    5,
  ),
  address: perhaps(ADDRESSES, 4),
  expires: perhaps<string>(LAST_DAYS, 3),
});

const workload = (most: number): fc.Arbitrary<WorkloadDraft> =>
  fc.record({
    rules: fc.array(rule, { maxLength: most, size: 'max' }),
    group: fc.constantFrom('no', 'yes', ...LAST_DAYS.slice(1, 4)),
    limits: fc.constantFrom<keyof typeof LIMITS>('none', 'none', 'none', 'connections', 'requests', 'all'),
  });

const shape: fc.Arbitrary<PolicyDraft> = fc.record({
  mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'observe', 'observe'),
  clock: fc.constantFrom(...CLOCKS),
  closed: fc.boolean(),
  group: fc.array(rule, { maxLength: 2 }),
  workloads: fc.record({ web: workload(9), other: workload(4), third: workload(2) }),
});

/** fast-check's source of randomness. */
export type Random = Parameters<typeof shape.generate>[0];

/** Policies of three workloads that share a group. Some rules are the one before them with other methods, paths and another last day. */
class PolicyDraftArbitrary extends fc.Arbitrary<PolicyDraft> {
  generate(random: Random): fc.Value<PolicyDraft> {
    const { value } = shape.generate(random, undefined);
    const twins = ({ rules, ...rest }: WorkloadDraft): WorkloadDraft => {
      const drawn: RuleDraft[] = [];
      for (const each of rules) drawn.push(random.nextInt(0, 2) === 0 ? twinOf(each, drawn.at(-1)) : each);
      return { ...rest, rules: drawn };
    };
    const { web, other, third } = value.workloads;
    const workloads = { web: twins(web), other: twins(other), third: twins(third) };
    return new fc.Value({ ...value, workloads }, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is PolicyDraft {
    return shape.canShrinkWithoutContext(value);
  }

  shrink(value: PolicyDraft, context: unknown): fc.Stream<fc.Value<PolicyDraft>> {
    return shape.shrink(value, context);
  }
}

function twinOf(rule: RuleDraft, before: RuleDraft | undefined): RuleDraft {
  const { methods, paths, expires } = rule;
  return { ...(before ?? rule), methods, paths, expires: expires ?? LAST_DAYS[2] };
}

export const policyDraft: fc.Arbitrary<PolicyDraft> = new PolicyDraftArbitrary();

const PORT_OF: Readonly<Record<WorkloadName, number>> = { web: 10000, other: 10001, third: 10002 };

/** As it stands in a file. */
export interface PlainPolicy {
  readonly version: 1;
  readonly mode: string;
  readonly groups?: Readonly<Record<string, readonly object[]>>;
  readonly workloads: Readonly<Record<WorkloadName, PlainWorkload>>;
}

export interface PlainWorkload {
  readonly port: number;
  readonly limits?: object;
  readonly allow: readonly object[];
}

const known = new WeakMap<PolicyDraft, PlainPolicy>();

/** The policy of a draft. */
export function plainPolicy(draft: PolicyDraft): PlainPolicy {
  const plain = known.get(draft) ?? makePlain(draft);
  known.set(draft, plain);
  return plain;
}

function makePlain({ mode, group, workloads }: PolicyDraft): PlainPolicy {
  let plain: PlainPolicy = {
    version: 1,
    mode,
    workloads: {
      web: emptyWorkload('web', workloads.web),
      other: emptyWorkload('other', workloads.other),
      third: emptyWorkload('third', workloads.third),
    },
  };
  for (const entry of group.map(entryOf)) {
    const groups = { shared: [...(plain.groups?.shared ?? []), entry] };
    if (isValid({ version: 1, groups })) plain = { ...plain, groups };
  }
  for (const name of WORKLOADS) {
    const { group: until, rules } = workloads[name];
    const reference = { group: 'shared', ...(until !== 'yes' && { expires: until }) };
    for (const entry of [...(until === 'no' ? [] : [reference]), ...rules.map(entryOf)]) {
      const { [name]: before } = plain.workloads;
      const workload = { ...before, allow: [...before.allow, entry] };
      // A workload's rules contradict none but its own.
      if (isValid({ ...plain, workloads: { [name]: workload } }))
        plain = { ...plain, workloads: { ...plain.workloads, [name]: workload } };
    }
  }
  return plain;
}

function emptyWorkload(name: WorkloadName, { limits }: WorkloadDraft): PlainWorkload {
  return { port: PORT_OF[name], ...(LIMITS[limits] && { limits: LIMITS[limits] }), allow: [] };
}

/** A rule as it stands in a file, mended where its protocol or its hosts ask for it. */
function entryOf(draft: RuleDraft): object {
  const { protocol, ports, methods, paths, address, expires } = draft;
  const http = protocol === 'http';
  const opaque = protocol === 'tcp';
  const hosts = opaque ? [...new Set(draft.hosts.map((host) => host.replace('*', 'pub')))] : draft.hosts;
  const networks = draft.private ?? (hosts.some((host) => isIP(host) > 0) ? '10.0.0.0/8 fd00::/64' : undefined);
  return {
    hosts,
    ...(protocol !== 'tls' && { protocol }),
    ...((ports.length > 0 || opaque) && { ports: ports.length > 0 ? ports : [5432] }),
    ...(http && methods.length > 0 && { methods }),
    ...(http && paths.length > 0 && { paths }),
    ...(networks !== undefined && { private: networks.split(' ') }),
    ...(address !== undefined && { address }),
    ...(expires !== undefined && { expires }),
    ...(opaque && { reason: 'opaque' }),
  };
}

function isValid(plain: object): boolean {
  try {
    return EgressPolicy.fromObject(plain) !== undefined;
  } catch {
    return false;
  }
}
