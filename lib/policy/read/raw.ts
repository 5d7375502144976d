/** A mapping of a policy before its meaning is read; the shape check has already reported wrong types, readers skip them. */
export type Raw = Readonly<Record<string, unknown>>;

/** The value as a mapping; an empty one for everything else. */
export function asMapping(value: unknown): Raw {
  return isMapping(value) ? value : {};
}

/** Whether a value is a mapping of keys. */
export function isMapping(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a list with their positions; none for everything else. */
export function entriesOf(value: unknown): [unknown, number][] {
  return Array.isArray(value) ? value.map((item: unknown, index) => [item, index]) : [];
}

/** Whether a key stands in a mapping with a value; `undefined`, which only an object can hold, is no value. */
export function has(raw: Raw, key: string): boolean {
  return Object.hasOwn(raw, key) && raw[key] !== undefined;
}

/** Whether a value is text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
