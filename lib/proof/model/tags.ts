import type { Resource } from '../load/resource';
import { isObject, type Unknown, type Value } from '../value/value';
import { text, unknownOf } from '../value/read';

/**
 * Tags on security groups by which the proof, and people, know what a group is for. They are a contract: any tool may set them.
 */
export const TAGS = {
  /** `workload`, `gateway`, `endpoint` or `host`. */
  role: 'mcp-egress:role',
  /** The workload's name in the policy. */
  workload: 'mcp-egress:workload',
  /** A workload's port on the gateway; an endpoint's port where it is not 443. */
  port: 'mcp-egress:port',
  /** The workloads that this one may call: `name:port`, joined by `/`. */
  calls: 'mcp-egress:calls',
  /** On the gateway's group: `enforce` or `observe`. */
  mode: 'mcp-egress:mode',
  /** On a VPC or a group with a role: `C1: reason`, several joined by ` / `: claims of the proof that somebody answers for. */
  accept: 'mcp-egress:accept',
} as const;

/** A tag of a resource; unknown where the tags as a whole are not known. */
export function tag(resource: Resource, name: string): string | Unknown | undefined {
  const tags = resource.get('tags');
  if (tags === undefined || tags === null) return undefined;
  if (!isObject(tags)) return unknownOf(tags);
  return Object.hasOwn(tags, name) ? text(tags[name] as Value) : undefined;
}
