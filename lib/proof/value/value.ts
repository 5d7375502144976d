import type { Resource } from '../load/resource';

/** An attribute after its references have been followed as far as the documents go. */
export type Value = string | number | boolean | null | readonly Value[] | ValueObject | Ref | Template | Unknown;

/** A map, an object or a nested block. */
export interface ValueObject {
  readonly [key: string]: Value;
}

/** An attribute of a resource of the documents that is known only after it has been made: `aws_vpc.main.id`. */
export class Ref {
  constructor(
    readonly resource: Resource,
    /** `id`, `dns_entry[0].dns_name`. */
    readonly attribute: string,
  ) {}
}

/** Text in which known and unknown parts stand side by side. */
export class Template {
  constructor(
    readonly parts: readonly (string | Ref | Unknown)[],
    /** The text stands for its base64 form. */
    readonly encoding?: 'base64',
  ) {}
}

/** What the documents do not say. */
export class Unknown {
  constructor(
    /** As it stands in the document. */
    readonly text: string,
    /** Why it is not known, as a phrase: `is a variable`. */
    readonly reason: string,
  ) {}
}

/** Whether a value is a map, and none of the classes above. */
export function isObject(value: Value | undefined): value is ValueObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Ref || value instanceof Template || value instanceof Unknown)
  );
}

/** A value in a message, as Terraform would write it. */
export function show(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Ref) return `${value.resource.address}.${value.attribute}`;
  if (value instanceof Unknown) return value.text;
  if (value instanceof Template)
    return `"${value.parts.map((part) => (typeof part === 'string' ? part : `\${${show(part)}}`)).join('')}"`;
  if (Array.isArray(value)) return `[${value.map((each: Value) => show(each)).join(', ')}]`;
  return JSON.stringify(value);
}
