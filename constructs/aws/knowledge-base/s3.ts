import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { bucketDnsName, s3Objects, type Access, type S3Action } from '../../../lib/network';
import type { AwsFacts } from '../aws-facts';
import type { IEndpoint } from '../vpc-endpoints';
import { checkKnowledge, KEY_ARNS } from './check-arns';
import { endpointSource, type KnowledgeParts, type KnowledgeProps, type NamesFor } from './source';

export interface S3KnowledgeProps extends KnowledgeProps {
  /** Buckets of this region: `arn:aws:s3:::NAME`. They must belong to the account or, with `organizationId`, to the organisation. */
  readonly bucketArns: readonly string[];
  /** @default ['GetObject'] */
  readonly actions?: readonly S3Action[];
  /** Keys in each of the buckets; `*` stands for any characters. @default ['*'] */
  readonly keys?: readonly string[];
  /** Customer keys with which objects are encrypted. @default - keys that AWS owns or manages */
  readonly kmsKeyArns?: readonly string[];
  /**
   * An interface endpoint with a group and an address of its own, which costs by the hour. It has no private DNS, since that would take
   * S3 away from the gateway endpoint in the whole VPC; so clients must be told its address (`url`, `AWS_ENDPOINT_URL_S3`).
   * @default false - the gateway endpoint, which costs nothing, under the usual names
   */
  readonly interfaceEndpoint?: boolean;
}

const BUCKET = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** S3 buckets. */
export function s3Knowledge(scope: Construct, props: S3KnowledgeProps): KnowledgeParts {
  check(scope, props);
  const { interfaceEndpoint = false } = props;
  const roleAccess = (facts: AwsFacts) => keyAccess(props, facts);
  if (interfaceEndpoint) {
    const { endpoint, ...source } = endpointSource(props, 's3-interface', objects(props), { roleAccess });
    const suffix = ownName(endpoint);
    return {
      sources: [{ ...source, names: () => (suffix === undefined ? [] : [`*${suffix}`]) }],
      ...(suffix !== undefined && { url: `https://bucket${suffix}` }),
      vpcEndpointId: endpoint.vpcEndpointId,
    };
  }
  const names: NamesFor = (facts) => props.bucketArns.map((arn) => bucketDnsName(bucketName(arn), facts));
  const { endpoint, ...source } = endpointSource(props, 's3', objects(props), {
    names,
    roleAccess,
  });
  return { sources: [source], vpcEndpointId: endpoint.vpcEndpointId };
}

function check(scope: Construct, props: S3KnowledgeProps): void {
  const { bucketArns: arns, organizationId, actions } = props;
  checkKnowledge(
    scope,
    organizationId,
    [{ prop: 'bucketArns', arns, form: 'arn:aws:s3:::NAME (one bucket, no key; keys go into keys)', pattern: BUCKET }],
    [{ prop: 'kmsKeyArns', arns: props.kmsKeyArns, ...KEY_ARNS }],
    (problems) => {
      problems.check(
        actions === undefined || actions.length > 0,
        'actions: none given; name one of GetObject, ListBucket, PutObject, or leave actions out.',
      );
      problems.check(
        props.keys === undefined || props.keys.length > 0,
        'keys: none given; name one, such as "docs/*", or leave keys out for all.',
      );
      for (const key of props.keys ?? [])
        problems.match(
          'keys',
          key,
          /^[^/]/,
          'a key without "/" in front (docs/*), since no key of S3 begins with the bucket',
        );
    },
  );
}

function objects({ bucketArns, actions, keys, organizationId }: S3KnowledgeProps): (facts: AwsFacts) => Access[] {
  return ({ account }) =>
    bucketArns.flatMap((bucketArn) =>
      s3Objects({ bucketArn, actions, keys, owner: organizationId === undefined ? { account } : { organizationId } }),
    );
}

/** S3 asks KMS itself, in the caller's name: to read, and for a new key for each object that is written. */
function keyAccess({ kmsKeyArns = [], actions = [] }: S3KnowledgeProps, { region, dnsSuffix }: AwsFacts): Access[] {
  if (kmsKeyArns.length === 0) return [];
  const write = actions.includes('PutObject');
  return [
    {
      sid: 'KmsObjects',
      actions: ['kms:Decrypt', ...(write ? ['kms:GenerateDataKey'] : [])],
      resources: kmsKeyArns,
      condition: { StringEquals: { 'kms:ViaService': `s3.${region}.${dnsSuffix}` } },
    },
  ];
}

function bucketName(arn: string): string {
  if (!Token.isUnresolved(arn)) return arn.split(':::')[1] ?? '';
  return Token.asString(Fn.element(Fn.split(':::', arn), 1));
}

/** `.vpce-….s3.R.vpce.amazonaws.com`: AWS gives the name with a `*` in front, since `bucket`, `control` or `accesspoint` comes there. */
function ownName({ dnsName }: IEndpoint): string | undefined {
  if (dnsName === undefined) return undefined;
  return Token.isUnresolved(dnsName) ? `.${Fn.trimprefix(dnsName, '*.')}` : `.${dnsName.replace(/^\*\./, '')}`;
}
