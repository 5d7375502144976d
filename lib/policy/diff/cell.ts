import { decide, type EgressRequest } from '../decide';
import { bracketHost } from '../hosts';
import type { EgressPolicy } from '../policy';
import type { Target } from '../target';
import type { Rule } from '../types';
import { addressAtoms, addressChoice, atomsWith, type AddressAtom } from './address-atoms';
import type { Region } from './change';
import { CONTENTS, contentOf, FITTING, HTTP_CONTENTS, requestWith, type Content, type Contents } from './content';
import { MethodAtoms, PathAtoms } from './http-atoms';
import { mergeBoxes, type Box } from './merge-boxes';
import { TimeAtoms } from './time-atoms';

/** What one policy says of a host and a port. */
export interface Side {
  /** Absent: the policy has no such workload. */
  readonly policy?: EgressPolicy | undefined;
  /** The rules that count, all of one kind. */
  readonly rules: readonly Rule[];
}

/** How a request fares: refused, passed by mode `observe` alone, allowed by a rule. */
type Rank = 0 | 1 | 2;

/** One difference between the sides, as a set of requests. */
export interface CellChange {
  readonly effect: 'widened' | 'narrowed';
  readonly regions: readonly Region[];
  /** `ip:port` that the rules dial on the side where this passes. */
  readonly address?: string | undefined;
  /** Whether the other side's rules dial something else. */
  readonly redialled: boolean;
  /** Whether a request to the host and port of the cell is one of them. */
  readonly covers: (request: EgressRequest, target: Target) => boolean;
}

/** Where all requests to one host and port, cut where rules tell them apart, fare differently. */
export interface CellResult {
  readonly changes: readonly CellChange[];
  /** Whether a rule allows something there, before and after. */
  readonly allows: { readonly before: boolean; readonly after: boolean };
}

/** The order of the dimensions of a {@link Box}; the last one says whether a rule allows the request on either side. */
const [CONTENT, METHOD, PATH, TIME, ADDRESS, BY_RULE] = [0, 1, 2, 3, 4, 5];

/**
 * Compares what two policies say of the requests to one host and port: they are cut into sets that no rule of either tells apart, and
 * `decide` judges one request of each.
 */
export class Cell {
  private readonly contents: ReadonlySet<Contents>;
  private readonly methods: MethodAtoms;
  private readonly paths: PathAtoms;
  private readonly times: TimeAtoms;
  private readonly addresses: readonly AddressAtom[];
  private readonly redialled: boolean;

  /**
   * @param workload Its name.
   * @param authority `host:port`, as in a CONNECT.
   * @param from What is over before this moment is not compared.
   */
  constructor(
    private readonly before: Side,
    private readonly after: Side,
    private readonly workload: string,
    private readonly authority: string,
    from?: Date,
  ) {
    const rules = [...before.rules, ...after.rules];
    this.contents = new Set(isObserving(before, after) ? CONTENTS : rules.flatMap(({ protocol }) => FITTING[protocol]));
    this.methods = new MethodAtoms(rules);
    this.paths = new PathAtoms(rules);
    this.times = new TimeAtoms(rules, from);
    this.addresses = addressAtoms([before.rules[0], after.rules[0]]);
    this.redialled = isRedialled(before.rules[0], after.rules[0]);
  }

  /** What is different. */
  compare(): CellResult {
    const [up, down]: [Box[], Box[]] = [[], []];
    const allows = { before: false, after: false };
    for (const point of this.points()) {
      const request = this.requestAt(point);
      const [old, now] = [rank(this.before, request), rank(this.after, request)];
      allows.before ||= old === 2;
      allows.after ||= now === 2;
      const box = [...point.map((value) => [value]), [old === 2 || now === 2 ? 1 : 0]];
      // What is dialled at another address is another thing, although it is asked for in the same way.
      if (now > old || (this.redialled && now > 0)) up.push(box);
      if (now < old || (this.redialled && old > 0)) down.push(box);
    }
    return { changes: [...this.change('widened', up), ...this.change('narrowed', down)], allows };
  }

  private change(effect: CellChange['effect'], boxes: readonly Box[]): CellChange[] {
    if (boxes.length === 0) return [];
    const points = new Set(boxes.map((box) => box.slice(0, BY_RULE).join()));
    const [rule] = (effect === 'widened' ? this.after : this.before).rules;
    return [
      {
        effect,
        regions: this.regions(boxes),
        address: rule && addressOf(rule),
        redialled: this.redialled,
        covers: (request, target) => this.pointsOf(request, target).some((point) => points.has(point.join())),
      },
    ];
  }

  /** One point per set: indexes of content, method, path, time and address. Contents that are not HTTP have method and path 0. */
  private points(): number[][] {
    const http = product([this.methods.samples, this.paths.samples]);
    const heads = CONTENTS.flatMap((contents, index) => {
      if (!this.contents.has(contents)) return [];
      return HTTP_CONTENTS.includes(contents) ? http.map((pair) => [index, ...pair]) : [[index, 0, 0]];
    });
    const tails = product([this.times.samples, this.addresses]);
    return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
  }

  private requestAt([content = 0, method = 0, path = 0, time = 0, address = 0]: number[]): EgressRequest {
    const contents: Content = {
      contents: CONTENTS[content] ?? 'other',
      method: this.methods.samples[method] ?? 'GET',
      path: this.paths.samples[path] ?? '/',
    };
    return {
      ...requestWith(contents, this.authority),
      workload: this.workload,
      answers: this.addresses[address]?.answers ?? [],
      now: this.times.samples[time] ?? new Date(0),
    };
  }

  private pointsOf(request: EgressRequest, target: Target): number[][] {
    const content = contentOf(request, target);
    if (!content) return [];
    const { contents, method, path } = content;
    const http = [
      method === undefined ? 0 : this.methods.indexOf(method),
      path === undefined ? 0 : this.paths.indexOf(path),
    ];
    const head = [CONTENTS.indexOf(contents), ...http, this.times.indexOf(request.now)];
    return atomsWith(this.addresses, request.answers).map((address) => [...head, address]);
  }

  private regions(boxes: readonly Box[]): Region[] {
    const whole = [this.methods.samples, this.paths.samples].map((samples) => samples.map((_, index) => index));
    // Methods and paths are no bound to contents that are not HTTP: as if all were in.
    const wide = boxes.map((box) =>
      box.map((values, dimension) => {
        const isHttp = HTTP_CONTENTS.includes(CONTENTS[box[CONTENT]?.[0] ?? 0] ?? 'other');
        return isHttp || (dimension !== METHOD && dimension !== PATH) ? values : (whole[dimension - METHOD] ?? values);
      }),
    );
    return mergeBoxes(wide).map((box) => this.region(box));
  }

  private region(box: Box): Region {
    const some = (dimension: number): ReadonlySet<number> => new Set(box[dimension]);
    const methods = this.methods.choice(some(METHOD));
    const paths = this.paths.choice(some(PATH));
    const days = this.times.days(some(TIME));
    const addresses = addressChoice(this.addresses, some(ADDRESS));
    return {
      contents: CONTENTS.filter((_, index) => some(CONTENT).has(index)),
      ...(methods && { methods }),
      ...(paths && { paths }),
      ...(addresses && { addresses }),
      ...(days && { days }),
      ...(!some(BY_RULE).has(1) && { observed: true }),
    };
  }
}

function rank({ policy }: Side, request: EgressRequest): Rank {
  if (!policy) return 0;
  const { decision } = decide(policy, request);
  return decision === 'allowed' ? 2 : decision === 'would_deny' ? 1 : 0;
}

function isObserving(...sides: readonly Side[]): boolean {
  return sides.some(({ policy }) => policy?.mode === 'observe');
}

function isRedialled(before: Rule | undefined, after: Rule | undefined): boolean {
  return before !== undefined && after !== undefined && addressOf(before) !== addressOf(after);
}

function addressOf({ address }: Rule): string | undefined {
  return address && `${bracketHost(address.ip)}:${address.port}`;
}

/** All lists that take one index of each list. */
function product(lists: readonly (readonly unknown[])[]): number[][] {
  return lists.reduce<number[][]>(
    (heads, list) => heads.flatMap((head) => list.map((_, index) => [...head, index])),
    [[]],
  );
}
