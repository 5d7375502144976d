import type { Access } from '../access';

/** What may be done with a bucket's objects. `ListBucket` shows the names of all keys, also of those that cannot be read. */
export type S3Action = 'GetObject' | 'ListBucket' | 'PutObject';

export interface S3ObjectsProps {
  /** `arn:aws:s3:::NAME` */
  readonly bucketArn: string;
  /** @default ['GetObject'] */
  readonly actions?: readonly S3Action[];
  /** Keys that may be read and written; `*` stands for any characters. @default ['*'] */
  readonly keys?: readonly string[];
  /**
   * Who must own the bucket: an S3 ARN names no account, and a bucket that was deleted can be made anew by anybody.
   */
  readonly owner: { readonly account: string } | { readonly organizationId: string };
}

/** Objects of one bucket, for the endpoint `s3` and for roles. */
export function s3Objects({ bucketArn, actions = ['GetObject'], keys = ['*'], owner }: S3ObjectsProps): Access[] {
  const key: Record<string, string> =
    'account' in owner ? { 'aws:ResourceAccount': owner.account } : { 'aws:ResourceOrgID': owner.organizationId };
  const condition = { StringEquals: key };
  const onObjects = actions.filter((action) => action !== 'ListBucket').map((action) => `s3:${action}`);
  return [
    ...(onObjects.length > 0
      ? [{ sid: 'S3Objects', actions: onObjects, resources: keys.map((each) => `${bucketArn}/${each}`), condition }]
      : []),
    ...(actions.includes('ListBucket')
      ? [{ sid: 'S3List', actions: ['s3:ListBucket'], resources: [bucketArn], condition }]
      : []),
  ];
}
