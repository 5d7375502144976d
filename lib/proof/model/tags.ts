import type { Resource } from '../load/resource';
import { isObject, type Unknown, type Value } from '../value/value';
import { text, unknownOf } from '../value/read';

/** Tags on security groups by which roles are known; any tool may set them. */
export const TAGS = {
  role: 'mcp-egress:role',
  workload: 'mcp-egress:workload',
  port: 'mcp-egress:port',
  calls: 'mcp-egress:calls',
  mode: 'mcp-egress:mode',
  accept: 'mcp-egress:accept',
} as const;

/** A tag of a resource; unknown where the tags as a whole are not known. */
export function tag(resource: Resource, name: string): string | Unknown | undefined {
  const tags = resource.get('tags');
  if (tags === undefined || tags === null) return undefined;
  if (!isObject(tags)) return unknownOf(tags);
  return Object.hasOwn(tags, name) ? text(tags[name] as Value) : undefined;
}
