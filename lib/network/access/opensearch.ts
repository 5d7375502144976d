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

/** What is asked by POST; every other POST writes (`_doc`, `_bulk`, `_update`). */
const SEARCHES = ['_search', '_msearch', '_count'];

/**
 * Searches in some OpenSearch domains, for roles. A domain stands in the VPC itself and has no endpoint. A GET reads; `_search` is a POST as well.
 * @param domainArns full ARNs: `arn:aws:es:R:ACCOUNT:domain/NAME`
 */
export function searchDomains(domainArns: readonly string[]): Access[] {
  return [
    {
      sid: 'DomainsRead',
      actions: ['es:ESHttpGet', 'es:ESHttpHead'],
      resources: domainArns.map((arn) => `${arn}/*`),
    },
    {
      sid: 'DomainsSearch',
      actions: ['es:ESHttpPost'],
      resources: domainArns.flatMap((arn) => SEARCHES.flatMap((search) => [`${arn}/${search}`, `${arn}/*/${search}`])),
    },
  ];
}
