export { TAGS as TAG } from '../../lib/proof';

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
