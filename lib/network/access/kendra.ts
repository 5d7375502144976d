import type { Access } from '../access';

/**
 * Questions to some Kendra indexes, for the endpoint `kendra` and for roles.
 * @param indexArns full ARNs: `arn:aws:kendra:R:ACCOUNT:index/ID`
 */
export function queryKendra(indexArns: readonly string[]): Access[] {
  return [{ sid: 'KendraQuery', actions: ['kendra:Query', 'kendra:Retrieve'], resources: indexArns }];
}
