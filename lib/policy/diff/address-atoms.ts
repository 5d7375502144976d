import { cidr, contains, excludeRanges, numberToIp, PUBLIC_DENIED_RANGES } from '../cidr';
import type { Rule } from '../types';
import type { Choice } from './change';

/** A set of addresses that two lists of rules and the guard of public addresses do not tell apart. */
export interface AddressAtom {
  /** Whether rules without `private` reach them. */
  readonly isPublic: boolean;
  /** Where a `private` names them: networks. */
  readonly ranges?: readonly string[];
  /** What a name in this atom resolves to; empty: it does not resolve. */
  readonly answers: readonly string[];
  /** Whether answers lie in it. */
  readonly holds: (answers: readonly string[]) => boolean;
}

const PUBLIC_RANGES = Object.freeze(excludeRanges(['0.0.0.0/0', '::/0'], PUBLIC_DENIED_RANGES));
const PUBLIC_SAMPLES = PUBLIC_RANGES.map(firstOf);
const DENIED_SAMPLES = PUBLIC_DENIED_RANGES.map(firstOf);

/** Rules on public addresses alone: no other ones can change. */
const ONLY_PUBLIC: readonly AddressAtom[] = unnamed(true, []);

/**
 * The addresses that two rules on one host and port tell apart.
 * @param rules The first of the old rules and of the new ones: all that count together have the same `private`.
 */
export function addressAtoms(rules: readonly (Rule | undefined)[]): readonly AddressAtom[] {
  const [one, other] = rules.flatMap((rule) => (rule?.private ? [rule.private] : []));
  if (!one && rules.every((rule) => !rule?.address)) return ONLY_PUBLIC;
  const onlyOne = excludeRanges(one ?? [], other ?? []);
  const parts = [onlyOne, excludeRanges(other ?? [], one ?? []), excludeRanges(one ?? [], onlyOne)];
  const named = parts.flatMap((ranges) => {
    const inside = excludeRanges(ranges, PUBLIC_DENIED_RANGES);
    return [...namedAtom(inside, true), ...namedAtom(excludeRanges(ranges, inside), false)];
  });
  const all = [...(one ?? []), ...(other ?? [])];
  const nowhere = { isPublic: false, answers: [], holds: (answers: readonly string[]) => answers.length === 0 };
  return [...named, ...unnamed(true, all), ...unnamed(false, all), nowhere];
}

/** The atoms in which the answers of a request lie; undefined: not known, so all of them. */
export function atomsWith(atoms: readonly AddressAtom[], answers: readonly string[] | undefined): number[] {
  return atoms.flatMap(({ holds }, index) => (answers === undefined || holds(answers) ? [index] : []));
}

/** Some of the atoms in words; undefined for what rules without `private` reach, where no rule has one. */
export function addressChoice(atoms: readonly AddressAtom[], some: ReadonlySet<number>): Choice | undefined {
  if (some.size === atoms.length) return undefined;
  const pick = (wanted: boolean, isPublic: boolean) =>
    atoms.filter((each, index) => some.has(index) === wanted && each.isPublic === isPublic && each.answers.length > 0);
  const [inside, others] = [pick(true, true), pick(true, false)];
  // What no `private` names is left when the rest of its kind is taken away: the shorter way to say it.
  const mostPublic = inside.some(({ ranges }) => !ranges);
  const only = [
    ...(mostPublic ? ['public'] : union(inside)),
    ...(others.some(({ ranges }) => !ranges) ? ['not public'] : union(others)),
  ];
  const not = mostPublic ? union(pick(false, true)) : [];
  return { only, ...(not.length > 0 && { not }) };
}

function union(atoms: readonly AddressAtom[]): string[] {
  return excludeRanges(
    atoms.flatMap(({ ranges = [] }) => ranges),
    [],
  );
}

function namedAtom(ranges: readonly string[], isPublic: boolean): AddressAtom[] {
  const [first] = ranges;
  if (first === undefined) return [];
  const holds = (answers: readonly string[]) => answers.some((ip) => contains(ranges, ip));
  return [{ isPublic, ranges, answers: [firstOf(first)], holds }];
}

/** What no `private` names: of the public addresses, or of the others. None where all are named. */
function unnamed(isPublic: boolean, named: readonly string[]): AddressAtom[] {
  const isIn = (ip: string) => contains(PUBLIC_DENIED_RANGES, ip) !== isPublic && !contains(named, ip);
  const [ranges, firsts] = isPublic ? [PUBLIC_RANGES, PUBLIC_SAMPLES] : [PUBLIC_DENIED_RANGES, DENIED_SAMPLES];
  const sample = firsts.find(isIn) ?? excludeRanges(ranges, named).map(firstOf).find(isIn);
  if (sample === undefined) return [];
  return [{ isPublic, answers: [sample], holds: (answers) => answers.some(isIn) }];
}

function firstOf(range: string): string {
  const { base, family } = cidr(range);
  return numberToIp(base, family);
}
