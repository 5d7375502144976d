import { quote } from '../policy/quote';
import { bucketDnsName, layerBucketName, type AwsService, type AwsServiceId, type DnsEnvironment } from './aws-service';

/** Names of one host of a service, `prefix.R.amazonaws.com`. */
const host =
  (prefix: string) =>
  ({ region, dnsSuffix }: DnsEnvironment): string[] => [`${prefix}.${region}.${dnsSuffix}`];

function s3Names({ region, dnsSuffix }: DnsEnvironment): string[] {
  return [`s3.${region}.${dnsSuffix}`, bucketDnsName(layerBucketName(region), { region, dnsSuffix })];
}

/** How many of the agent's numbered hosts are named. The ECS Developer Guide says no more than "ecs-a-1, ecs-a-2, etc.". */
const NUMBERED_HOSTS = 20;

/** `ecs-a` and `ecs-a-1` to `ecs-a-20`: DNS Firewall takes a `*` only as a whole first label. */
function numbered(prefix: string): AwsService['dnsNames'] {
  const hosts = [prefix, ...Array.from({ length: NUMBERED_HOSTS }, (_, index) => `${prefix}-${index + 1}`)];
  return (environment) => hosts.flatMap((each) => host(each)(environment));
}

/** An interface endpoint with private DNS that takes an endpoint policy. */
function interfaceEndpoint(
  suffix: AwsServiceId,
  title: string,
  source: string,
  rest: Partial<AwsService> = {},
): AwsService {
  return {
    id: suffix,
    title,
    suffix,
    endpoint: 'Interface',
    policySupport: true,
    privateDns: true,
    dnsNames: host(suffix),
    source,
    ...rest,
  };
}

/** Container images, and the logs and secrets that starting a task takes. */
const TASK_START = [
  interfaceEndpoint('ecr.api', 'Amazon ECR API', 'ECR User Guide, "Amazon ECR interface VPC endpoints"', {
    dnsNames: host('api.ecr'),
    note: 'Images of ECR Public and the first pull through a pull-through cache need the Internet.',
  }),
  interfaceEndpoint('ecr.dkr', 'Amazon ECR Docker registry', 'ECR User Guide, "Amazon ECR interface VPC endpoints"', {
    // AWS answers for *.dkr.ecr: one registry for each account, so one name for each account that images come from.
    dnsNames: ({ account, region, dnsSuffix }) => [`${account}.dkr.ecr.${region}.${dnsSuffix}`],
    note: "Names the registry of this account alone; another account's registry is a name of its own.",
  }),
  interfaceEndpoint(
    'logs',
    'Amazon CloudWatch Logs',
    'CloudWatch Logs User Guide, "Using with interface VPC endpoints"',
  ),
  interfaceEndpoint('secretsmanager', 'AWS Secrets Manager', 'Secrets Manager User Guide, "Using a VPC endpoint"'),
  interfaceEndpoint(
    'ssm',
    'AWS Systems Manager',
    'Systems Manager User Guide, "Improve security by using VPC endpoints"',
  ),
  interfaceEndpoint(
    'kms',
    'AWS Key Management Service',
    'KMS Developer Guide, "Connect to KMS through a VPC endpoint"',
    {
      note: 'Not needed where a service decrypts for its caller: objects in S3, log groups, secrets.',
    },
  ),
  interfaceEndpoint('sts', 'AWS Security Token Service', 'IAM User Guide, "Using STS interface VPC endpoints"', {
    note: 'Regional name only; task roles do not need it. An SDK that asks sts.amazonaws.com must be set to regional endpoints.',
  }),
];

const S3_SOURCE = 'S3 User Guide, "Gateway endpoints" and "PrivateLink for S3"';

/** The endpoints of S3 and DynamoDB: routes by prefix list, or network interfaces. */
const STORAGE: AwsService[] = [
  {
    id: 's3',
    title: 'Amazon S3',
    suffix: 's3',
    endpoint: 'Gateway',
    policySupport: true,
    // The names stay public and lead to public addresses; a route through the endpoint takes them there.
    privateDns: false,
    dnsNames: s3Names,
    note: 'Image layers of ECR come through it. A bucket is a name of its own: bucketDnsName.',
    source: S3_SOURCE,
  },
  {
    id: 's3-interface',
    title: 'Amazon S3 (interface)',
    suffix: 's3',
    endpoint: 'Interface',
    policySupport: true,
    privateDns: true,
    dnsNames: s3Names,
    note: 'AWS says that image layers of ECR need the gateway endpoint. A bucket is a name of its own: bucketDnsName.',
    source: `${S3_SOURCE}; ECR User Guide, "Amazon ECR interface VPC endpoints"`,
  },
  {
    id: 'dynamodb',
    title: 'Amazon DynamoDB',
    suffix: 'dynamodb',
    endpoint: 'Gateway',
    policySupport: true,
    privateDns: false,
    // Newer SDKs put the account's number into the name where they know it.
    dnsNames: ({ account, region, dnsSuffix }) => [
      `dynamodb.${region}.${dnsSuffix}`,
      `${account}.ddb.${region}.${dnsSuffix}`,
    ],
    source: 'DynamoDB Developer Guide, "Using VPC endpoints"; botocore, endpoint rule set of dynamodb',
  },
];

const ECS_SOURCE = 'ECS Developer Guide, "Amazon ECS interface VPC endpoints"';
const NO_POLICY_DOCUMENTED =
  'AWS documents no endpoint policy for it; describe-vpc-endpoint-services (VpcEndpointPolicySupported) decides. Its default policy stays.';

/** What the agent of EC2 container instances talks to. */
const CONTAINER_AGENT = [
  interfaceEndpoint('ecs-agent', 'Amazon ECS agent', ECS_SOURCE, {
    policySupport: false,
    dnsNames: numbered('ecs-a'),
    note: NO_POLICY_DOCUMENTED,
  }),
  interfaceEndpoint('ecs-telemetry', 'Amazon ECS telemetry', ECS_SOURCE, {
    policySupport: false,
    dnsNames: numbered('ecs-t'),
    note: NO_POLICY_DOCUMENTED,
  }),
  interfaceEndpoint('ecs', 'Amazon ECS', ECS_SOURCE, {
    note: 'Where container instances run already, create it after ecs-agent and ecs-telemetry.',
  }),
];

const BEDROCK_SOURCE = 'Bedrock User Guide, "Use interface VPC endpoints"';

/** Where agents look things up. */
const KNOWLEDGE = [
  interfaceEndpoint('bedrock', 'Amazon Bedrock control plane', BEDROCK_SOURCE),
  interfaceEndpoint('bedrock-runtime', 'Amazon Bedrock models', BEDROCK_SOURCE),
  interfaceEndpoint('bedrock-agent', 'Amazon Bedrock Agents build time', BEDROCK_SOURCE),
  interfaceEndpoint('bedrock-agent-runtime', 'Amazon Bedrock knowledge bases and agents', BEDROCK_SOURCE),
  interfaceEndpoint('kendra', 'Amazon Kendra', 'Kendra Developer Guide, "Amazon Kendra and interface VPC endpoints"'),
  interfaceEndpoint(
    'aoss',
    'Amazon OpenSearch Serverless',
    'OpenSearch Service Developer Guide, "Data plane access through PrivateLink"',
    {
      endpoint: 'OpenSearchServerless',
      policySupport: false,
      // A collection's id is made by AWS.
      dnsNames: ({ region, dnsSuffix }) => [`*.${region}.aoss.${dnsSuffix}`],
      note: "No endpoint policy: the collection's network policy and data access policy say who may do what. One endpoint a VPC; it brings a private hosted zone.",
    },
  ),
];

/** ECS Exec and Session Manager: a shell is a way out, so nothing here creates them unasked. */
const SHELLS = [
  interfaceEndpoint(
    'ssmmessages',
    'Session Manager messages',
    'Systems Manager User Guide, "Improve security by using VPC endpoints"',
    {
      policySupport: false,
      note: `${NO_POLICY_DOCUMENTED} ECS Exec and Session Manager need it, and through it a session can carry data out.`,
    },
  ),
];

/** The whole catalogue. An Amazon OpenSearch domain stands in the VPC itself and has no endpoint here. */
export const AWS_SERVICES: readonly AwsService[] = [
  ...TASK_START,
  ...STORAGE,
  ...CONTAINER_AGENT,
  ...KNOWLEDGE,
  ...SHELLS,
];

/**
 * Ids of the services for which AWS documents no endpoint policy; each entry's `note` and `source` say why.
 */
export const NO_POLICY_SUPPORT: readonly AwsServiceId[] = AWS_SERVICES.flatMap(({ id, policySupport }) =>
  policySupport ? [] : [id],
);

/** The service with an id. */
export function awsService(id: AwsServiceId): AwsService {
  const service = AWS_SERVICES.find((each) => each.id === id);
  if (!service)
    throw new Error(`${quote(id)} is not in the catalogue; it has ${AWS_SERVICES.map((each) => each.id).join(', ')}`);
  return service;
}
