import { json, jsonList, type Json } from './json';

/** What `lifecycle.ignore_changes` of a resource leaves as it was when the resource was made. */
export interface Ignored {
  /** Attributes by name; a part of one counts as the whole. */
  readonly keys: ReadonlySet<string>;
  readonly all: boolean;
}

/** Tags name roles as they are written, whoever changes them in AWS. */
const LABELS = new Set(['tags', 'tags_all']);

/** Reads the lifecycle of a block. */
export function ignoredBy(block: Json): Ignored {
  const written = jsonList(block.lifecycle)
    .flatMap((each) => jsonList(json(each).ignore_changes))
    .map(String);
  const names = written.map((each) => /^\w+/.exec(each)?.[0] ?? 'all');
  return {
    keys: new Set(names.filter((name) => name !== 'all' && !LABELS.has(name))),
    all: names.includes('all'),
  };
}
