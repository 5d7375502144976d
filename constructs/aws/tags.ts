/**
 * Tags on security groups by which the proof, and people, know what a group is for. They are a contract: any tool may set them.
 */
export const TAG = {
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

/** Characters in the value of a tag (AWS Tagging API Reference, `Tag`). */
export const TAG_VALUE_LENGTH = 256;

/** What a security group is for. */
export type Role = 'workload' | 'gateway' | 'endpoint' | 'host';

/** Tags of the user's own. */
export type Tags = Readonly<Record<string, string>>;

/** The user's tags with a name; what we set ourselves wins. */
export function withName(tags: Tags | undefined, name: string, own: Tags = {}): Record<string, string> {
  return { Name: name, ...tags, ...own };
}
