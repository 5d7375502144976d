import type { Access } from './access';
import type { AwsEnvironment } from './aws-environment';
import { layerBucketName } from './aws-service';
import type { PolicyCondition, PolicyStatement } from './policy-document';

/** Who may use an endpoint: everybody of the account or of the organisation, or some roles of them. */
export interface EndpointCallers {
  /** The account that callers must be of, unless an organisation is given. */
  readonly account: string;
  /** `o-…`: then callers may be of any account of the organisation. */
  readonly organizationId?: string;
  /** ARNs of IAM roles (not of their sessions): then nobody else. @default everybody of the account or organisation */
  readonly roleArns?: readonly string[];
}

/**
 * The statements of an endpoint policy that let these callers do this and no more.
 *
 * Callers are pinned by condition keys, since a gateway endpoint takes no `Principal` but `*` (AWS PrivateLink Guide,
 * "Principals for gateway endpoints"). An anonymous request has none of the keys and is refused: the operators are
 * plain, never `…IfExists`. So are the credentials of a stranger's account, by which data could leave to it.
 */
export function endpointStatements(access: readonly Access[], callers: EndpointCallers): PolicyStatement[] {
  return access.map(({ sid, actions, resources, condition }) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: '*',
    Action: actions,
    Resource: resources,
    Condition: both(callerCondition(callers), condition),
  }));
}

/**
 * The statement by which image layers come through the S3 endpoint. ECR hands out presigned URLs of an account of its
 * own, so that no condition on the caller or the bucket's account is possible (data-perimeter-policy-examples, S3
 * endpoint policy); the bucket is AWS's own.
 */
export function layerBucketStatement({
  partition,
  region,
}: Pick<AwsEnvironment, 'partition' | 'region'>): PolicyStatement {
  return {
    Sid: 'EcrLayers',
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: [`arn:${partition}:s3:::${layerBucketName(region)}/*`],
  };
}

function callerCondition({ account, organizationId, roleArns }: EndpointCallers): PolicyCondition {
  const owner: Record<string, string> =
    organizationId === undefined ? { 'aws:PrincipalAccount': account } : { 'aws:PrincipalOrgID': organizationId };
  return { StringEquals: owner, ...(roleArns && { ArnEquals: { 'aws:PrincipalArn': roleArns } }) };
}

/** Both conditions at once: AWS takes all operators and all keys together. No key stands in both. */
function both(first: PolicyCondition, second: PolicyCondition = {}): PolicyCondition {
  const operators = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(operators.map((operator) => [operator, { ...first[operator], ...second[operator] }]));
}
