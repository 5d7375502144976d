import { isObject, Ref, show, Template, Unknown, type Value } from '../value/value';
import { jsonOf } from './json-text';

/** The functions of Terraform that are evaluated; undefined where their arguments are not known well enough. */
export const FUNCTIONS: Readonly<Record<string, (args: readonly Value[]) => Value | undefined>> = {
  // The readers of JSON attributes take the value as well as its text, so that it needs not be written.
  jsonencode: ([value]) => (typeof value === 'string' ? JSON.stringify(value) : value),
  jsondecode: ([value]) => (value instanceof Template && value.encoding ? undefined : jsonOf(value)),
  base64encode: ([value]) => base64(value),
  tostring: ([value]) => value,
  tonumber: ([value]) => value,
  tobool: ([value]) => value,
  tolist: ([value]) => value,
  toset: ([value]) => value,
  tomap: ([value]) => value,
  sensitive: ([value]) => value,
  nonsensitive: ([value]) => value,
  concat: (args) => args.flatMap(elements),
  flatten: ([value]) => flat(value),
  distinct: ([value]) => (isClear(value) ? distinct(value) : value),
  compact: ([value]) => (isClear(value) ? value.filter((each) => each !== '' && each !== null) : value),
  merge,
  element: ([value, index]) => at(value, index),
  lower: ([value]) => (typeof value === 'string' ? value.toLowerCase() : undefined),
  join: ([separator, values]) => join(separator, values),
};

/** What is no list of the document counts as one that nobody knows. */
function elements(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as Value[]) : [value instanceof Unknown ? value : unknownList(value)];
}

function unknownList(value: Value): Value {
  return value instanceof Ref ? value : new Unknown(show(value), 'is no list');
}

function flat(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as Value[]).flatMap(flat) : [value];
}

/** Whether each element of a list is one value. */
function isClear(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value) && !(value as Value[]).some((each) => each instanceof Unknown);
}

function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((each) => [show(each), each])).values()];
}

function base64(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('base64');
  return value instanceof Template ? new Template(value.parts, 'base64') : undefined;
}

function merge(maps: readonly Value[]): Value | undefined {
  if (!maps.every((each) => isObject(each) || each === null)) return undefined;
  return Object.assign({}, ...maps) as Value;
}

function at(value: Value | undefined, index: Value | undefined): Value | undefined {
  if (!isClear(value) || typeof index !== 'number' || value.length === 0) return undefined;
  // `element` begins anew behind the end (Terraform documentation, "element Function").
  return value[((index % value.length) + value.length) % value.length] as Value;
}

function join(separator: Value | undefined, values: Value | undefined): Value | undefined {
  if (typeof separator !== 'string' || !Array.isArray(values)) return undefined;
  const parts = (values as Value[]).flatMap((each, index) => (index === 0 ? [each] : [separator, each]));
  return parts.every((part) => typeof part === 'string' || part instanceof Ref || part instanceof Unknown)
    ? new Template(parts)
    : undefined;
}
