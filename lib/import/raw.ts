/** A mapping of a file whose form is not checked yet. */
export type Raw = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an own key as a mapping; undefined for everything else. */
export function mappingAt(raw: Raw | undefined, ...path: readonly string[]): Raw | undefined {
  let inside: unknown = raw;
  for (const key of path) {
    if (!isMapping(inside) || !Object.hasOwn(inside, key)) return undefined;
    inside = inside[key];
  }
  return isMapping(inside) ? inside : undefined;
}

/** The texts of a list; none for everything else. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The first of some own keys that holds text. */
export function textAt(raw: Raw, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
