import { NOT_KNOWN, OWN } from '../policy/arn';

/** What an endpoint policy may allow without a pin, because AWS leaves no other way. */
export interface PolicyException {
  readonly what: string;
  readonly source: string;
}

/**
 * Actions without resource-level permission: `Resource` can only be `*`, so the caller alone is pinned, and what they answer belongs to the
 * caller's account.
 */
export const ACTIONS_WITHOUT_RESOURCE: Readonly<Record<string, PolicyException>> = {
  'ecr:getauthorizationtoken': {
    what: 'a token for the registry of the caller',
    source: 'Service Authorization Reference, "Amazon Elastic Container Registry"',
  },
  'ecs:discoverpollendpoint': {
    what: 'the host that the ECS agent polls',
    source: 'Service Authorization Reference, "Amazon Elastic Container Service"',
  },
  'bedrock:retrieveandgenerate': {
    what: 'an answer from knowledge bases of the caller',
    source: 'Service Authorization Reference, "Amazon Bedrock"',
  },
  'sts:getcalleridentity': {
    what: 'who the caller is',
    source: 'Service Authorization Reference, "AWS Security Token Service"',
  },
  'secretsmanager:getrandompassword': {
    what: 'a random text',
    source: 'Service Authorization Reference, "AWS Secrets Manager"',
  },
  'kms:generaterandom': {
    what: 'random bytes',
    source: 'Service Authorization Reference, "AWS Key Management Service"',
  },
};

/** Models that AWS offers, whose ARN names no account; invoking one stores nothing that others read. */
export const FOUNDATION_MODELS = {
  arn: /^arn:[^:]*:bedrock:[^:]*::foundation-model\/.+$/,
  actions: new Set([
    'bedrock:invokemodel',
    'bedrock:invokemodelwithresponsestream',
    'bedrock:converse',
    'bedrock:conversestream',
  ]),
  what: 'foundation models of AWS',
  source: 'Service Authorization Reference, "Amazon Bedrock", resource type foundation-model',
} as const;

/**
 * The bucket of a region from which ECR hands out image layers by presigned URLs of an account of its own, so that neither caller nor account
 * can be pinned; its exact name, and reading alone.
 */
export const LAYER_BUCKET = {
  // Between them the region: written, looked up, or not known. Anybody may own a bucket with another word there.
  arn: new RegExp(`^arn:[^:*?]+:s3:::prod-(?:[a-z]{2}(?:-[a-z]+)+-\\d|[${OWN}${NOT_KNOWN}])-starport-layer-bucket/.*$`),
  action: 's3:getobject',
  what: "ECR's bucket of image layers",
  source: 'ECR User Guide, "Amazon ECR interface VPC endpoints", "Minimum Amazon S3 bucket permissions"',
} as const;
