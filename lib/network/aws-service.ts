import type { AwsEnvironment } from './aws-environment';

/** What DNS names are made of. */
export type DnsEnvironment = Pick<AwsEnvironment, 'account' | 'region' | 'dnsSuffix'>;

/** Keys of the catalogue. */
export type AwsServiceId =
  | 'ecr.api'
  | 'ecr.dkr'
  | 'logs'
  | 'secretsmanager'
  | 'ssm'
  | 'kms'
  | 'sts'
  | 's3'
  | 's3-interface'
  | 'dynamodb'
  | 'ecs-agent'
  | 'ecs-telemetry'
  | 'ecs'
  | 'bedrock'
  | 'bedrock-runtime'
  | 'bedrock-agent'
  | 'bedrock-agent-runtime'
  | 'kendra'
  | 'aoss'
  | 'ssmmessages';

/** An AWS service that is reached without the Internet. */
export interface AwsService {
  /** Its key in the catalogue: the suffix of its endpoint service, `-interface` behind it where it is the second one of that suffix. */
  readonly id: AwsServiceId;
  /** What AWS calls it. */
  readonly title: string;
  /** The end of the endpoint service's name: `com.amazonaws.R.<suffix>`. */
  readonly suffix: string;
  /** `OpenSearchServerless` is a resource of its own (`aws_opensearchserverless_vpc_endpoint`), not a VPC endpoint of EC2's API. */
  readonly endpoint: 'Interface' | 'Gateway' | 'OpenSearchServerless';
  /** Whether AWS documents endpoint policies for it. Without one, whoever reaches the endpoint may do what their credentials allow. */
  readonly policySupport: boolean;
  /** Whether the endpoint can answer under the service's public names in the whole VPC (`private_dns_enabled`). */
  readonly privateDns: boolean;
  /**
   * The names that a resolver must answer so that SDKs and agents work: exact ones, or `*.` before one where names are
   * made at run time. IPv4 endpoints without FIPS (botocore, endpoint rule sets).
   */
  dnsNames(environment: DnsEnvironment): readonly string[];
  /** What one must know. */
  readonly note?: string;
  /** Where the facts come from. */
  readonly source: string;
}

/**
 * The name of an endpoint service in a region.
 * @param suffix `AwsService.suffix`; `s3` -> `com.amazonaws.R.s3`
 */
export function serviceName(suffix: string, region: string): string {
  return `com.amazonaws.${region}.${suffix}`;
}

/** The host of a bucket; SDKs put the bucket into the name (S3 User Guide, "Virtual hosting of buckets"). */
export function bucketDnsName(bucket: string, { region, dnsSuffix }: Omit<DnsEnvironment, 'account'>): string {
  return `${bucket}.s3.${region}.${dnsSuffix}`;
}

/** The bucket of a region from which ECR hands out image layers (ECR User Guide, "Amazon ECR interface VPC endpoints"). */
export function layerBucketName(region: string): string {
  return `prod-${region}-starport-layer-bucket`;
}
