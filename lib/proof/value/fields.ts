import { isObject, show, Unknown, type Value } from './value';

/**
 * All that an object has under a name whatever its case: Go's `encoding/json`, by which the provider reads JSON text, takes names that are
 * equal but for case for one, and puts what stands under them together. An object that is not known has what is not known under each name.
 */
export function fieldsOf(object: Value | undefined, name: string): readonly Value[] {
  if (object === undefined || object === null) return [];
  if (!isObject(object)) return [object instanceof Unknown ? object : new Unknown(show(object), 'is not an object')];
  const wanted = fold(name);
  return Object.entries(object).flatMap(([key, value]) => (fold(key) === wanted && value !== null ? [value] : []));
}

/** As `strings.EqualFold` does, for which the Kelvin sign is a k and the long s an s. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}
