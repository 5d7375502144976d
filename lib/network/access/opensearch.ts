import type { Access } from '../access';

/**
 * The data of some OpenSearch Serverless collections, for roles. What a role may do with it is the collection's data
 * access policy's to say; this action only lets requests through (OpenSearch Service Developer Guide, "Using OpenSearch
 * API operations"). The endpoint takes no policy.
 * @param collectionArns full ARNs: `arn:aws:aoss:R:ACCOUNT:collection/ID`
 */
export function useCollections(collectionArns: readonly string[]): Access[] {
  return [{ sid: 'CollectionsUse', actions: ['aoss:APIAccessAll'], resources: collectionArns }];
}

/**
 * Searches in some OpenSearch domains, for roles. A domain stands in the VPC itself and has no endpoint. `_search` is a
 * GET or a POST.
 * @param domainArns full ARNs: `arn:aws:es:R:ACCOUNT:domain/NAME`
 */
export function searchDomains(domainArns: readonly string[]): Access[] {
  return [
    {
      sid: 'DomainsSearch',
      actions: ['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost'],
      resources: domainArns.map((arn) => `${arn}/*`),
    },
  ];
}
