import { evaluate } from '../resolve/evaluate';
import type { Scope } from '../resolve/scope';
import { blocks, list } from '../value/read';
import { isObject, Unknown, type Value } from '../value/value';
import { json, jsonList, type Json } from './json';

/** The tags that a provider puts on each of its resources (`default_tags`), by its name in the document: `aws` or `aws.alias`. */
export type DefaultTags = (provider: string) => Value | undefined;

/** Reads the provider blocks of a document. */
export function readDefaultTags(document: Json, scope: Scope): DefaultTags {
  const known = new Map<string, Value | undefined>();
  for (const [local, value] of jsonList(document.provider).flatMap((each) => Object.entries(json(each)))) {
    for (const block of jsonList(value).map(json)) {
      const name = typeof block.alias === 'string' ? `${local}.${block.alias}` : local;
      const tags = blocks(evaluate(block.default_tags ?? [], scope)).map((each) =>
        each instanceof Unknown ? each : (each.tags ?? {}),
      );
      known.set(name, [known.get(name) ?? {}, ...tags].reduce<Value>(withTags, {}));
    }
  }
  return (provider) => known.get(provider);
}

/** A resource's tags over those of its provider; not known where one of them is not. */
export function withTags(defaults: Value | undefined, own: Value | undefined): Value {
  const maps = [...list(defaults), ...list(own)];
  const unknown = maps.find((each) => !isObject(each));
  return unknown ?? (Object.assign({}, ...maps) as Value);
}
