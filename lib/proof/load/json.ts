/** A JSON object of a document; nothing is known of its values. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or an empty one. */
export function json(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** A JSON list; one value counts as a list of it, nothing as an empty one. */
export function jsonList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** What an object has under a name that a document gives: nothing for `constructor`, say, unless it is written. */
export function own(value: unknown, name: string): unknown {
  const object = json(value);
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
