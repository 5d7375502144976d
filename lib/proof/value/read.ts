import { isObject, Ref, show, Template, Unknown, type Value, type ValueObject } from './value';

/**
 * The elements of a list or set; one value counts as a list of it, nothing (and empty text, as plans and states show it) as an empty one.
 * Lists in it are spread out.
 */
export function list(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value.flatMap((each: Value) => list(each)) : [value];
}

/** Nested blocks, which JSON syntax writes as an object or as a list of them. What is not known stays in the list. */
export function blocks(value: Value | undefined): readonly (ValueObject | Unknown)[] {
  return list(value).map((each) =>
    isObject(each) || each instanceof Unknown ? each : new Unknown(show(each), 'is not a block'),
  );
}

/** True or false, undefined where nothing stands. Terraform takes the texts `"true"` and `"false"` as well. */
export function bool(value: Value | undefined): boolean | Unknown | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return unknownOf(value);
}

/** A number, also one that is written as text. */
export function number(value: Value | undefined): number | Unknown | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  return unknownOf(value);
}

/** Text, also of a number or a boolean. */
export function text(value: Value | undefined): string | Unknown | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return unknownOf(value);
}

/** A value that is not known in the place of one that should be. */
export function unknownOf(value: Value): Unknown {
  if (value instanceof Unknown) return value;
  if (value instanceof Ref) return new Unknown(show(value), 'is known only after it has been made');
  const part = value instanceof Template ? value.parts.find((each) => typeof each !== 'string') : undefined;
  if (part instanceof Unknown) return new Unknown(show(value), part.reason);
  return new Unknown(show(value), 'is not what is expected here');
}

/** The first thing in a value, at any depth, that is not known; references do not count. */
export function findUnknown(value: Value | undefined): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (value instanceof Template) return value.parts.find((part) => part instanceof Unknown);
  if (Array.isArray(value)) return first(value, findUnknown);
  return isObject(value) ? first(Object.values(value), findUnknown) : undefined;
}

function first<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
