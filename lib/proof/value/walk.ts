import { isObject, Ref, Template, type Value } from './value';

/** A value below another one, with the names that lead to it. */
export interface Visited {
  readonly path: readonly string[];
  readonly value: Value;
}

/** Everything below a value and the value itself; lists have no name of their own. */
export function* walk(value: Value, path: readonly string[] = []): Generator<Visited> {
  if (Array.isArray(value)) {
    for (const each of value as Value[]) yield* walk(each, path);
    return;
  }
  yield { path, value };
  if (isObject(value)) for (const [key, each] of Object.entries(value)) yield* walk(each, [...path, key]);
}

/** The references in a value, also those inside text. */
export function refsOf(value: Value): readonly Ref[] {
  return [...walk(value)].flatMap(({ value: each }) => {
    if (each instanceof Ref) return [each];
    return each instanceof Template ? each.parts.filter((part) => part instanceof Ref) : [];
  });
}
