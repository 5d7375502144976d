import { isObject, Ref, show, Template, Unknown, type Value } from '../value/value';
import { repeatedName } from './json-names';

/** Stands in JSON text for a part that is not known; no JSON text holds it unescaped. */
const MARK = '\u0000';

/** Reads JSON text, in which references may stand inside strings; what is JSON already, as `jsonencode` gives it, stays as it is. */
export function jsonOf(value: Value | undefined): Value | undefined {
  if (value === undefined || value === null || value instanceof Unknown || isObject(value) || Array.isArray(value))
    return value;
  if (value instanceof Ref) return new Unknown(show(value), 'is known only after it has been made');
  const parts = value instanceof Template ? value.parts : [typeof value === 'string' ? value : JSON.stringify(value)];
  const unknowns: (Ref | Unknown)[] = [];
  const text = parts
    .map((part) => {
      if (typeof part === 'string') return part.replaceAll(MARK, '');
      unknowns.push(part);
      return `\\u0000${unknowns.length - 1}\\u0000`;
    })
    .join('');
  try {
    const parsed = JSON.parse(text) as Value;
    const twice = repeatedName(text);
    if (twice !== undefined) return new Unknown(JSON.stringify(twice), 'stands twice in one object of its JSON');
    return restore(parsed, unknowns);
  } catch {
    return new Unknown(show(value), 'is not JSON whose structure is known');
  }
}

function restore(value: Value, unknowns: readonly (Ref | Unknown)[]): Value {
  if (typeof value === 'string') return restoreText(value, unknowns);
  if (Array.isArray(value)) return (value as Value[]).map((each) => restore(each, unknowns));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      show(restoreText(key, unknowns)).replace(/^"|"$/g, ''),
      restore(each, unknowns),
    ]),
  );
}

function restoreText(text: string, unknowns: readonly (Ref | Unknown)[]): Value {
  if (!text.includes(MARK)) return text;
  const pieces = text.split(MARK);
  const parts = pieces
    .map((piece, index) => (index % 2 === 0 ? piece : (unknowns[Number(piece)] ?? piece)))
    .filter((part) => part !== '');
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : new Template(parts);
}
