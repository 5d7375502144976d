export type { Access } from './access';
export { invokeModels, retrieveKnowledge, type RetrieveOptions } from './access/bedrock';
export { containerAgent } from './access/container-agent';
export { dynamodbItems } from './access/dynamodb';
export { pullImages } from './access/ecr';
export { queryKendra } from './access/kendra';
export { decryptWithKeys, type DecryptOptions } from './access/kms';
export { writeLogs } from './access/logs';
export { searchDomains, useCollections } from './access/opensearch';
export { s3Objects, type S3Action, type S3ObjectsProps } from './access/s3';
export { readParameters, readSecrets } from './access/secrets';
export type { AwsEnvironment } from './aws-environment';
export {
  bucketDnsName,
  layerBucketName,
  serviceName,
  type AwsService,
  type AwsServiceId,
  type DnsEnvironment,
} from './aws-service';
export { AWS_SERVICES, awsService, NO_POLICY_SUPPORT } from './aws-services';
export {
  chunkDomains,
  DOMAINS_PER_ACCOUNT,
  DOMAINS_PER_LIST,
  EVERY_DOMAIN,
  firewallDomains,
  RULES_PER_GROUP,
} from './dns-names';
export { endpointStatements, layerBucketStatement, type EndpointCallers } from './endpoint-policies';
export { DnsNamesError, NetworkPlanError, PolicyDocumentError } from './errors';
export { identityStatements } from './iam-statements';
export {
  endpointsForLaunchType,
  type LaunchType,
  type LaunchTypeEndpointsOptions,
  type SecretService,
} from './launch-type-endpoints';
export { mergeStatements } from './merge-statements';
export { policyDomains, type PolicyDomains, type WildcardZone } from './policy-domains';
export {
  MAX_ENDPOINT_POLICY_LENGTH,
  policyDocument,
  type OneOrMore,
  type PolicyCondition,
  type PolicyDocumentOptions,
  type PolicyStatement,
} from './policy-document';
export {
  checkRuleCount,
  GROUPS_PER_AWSVPC,
  GROUPS_PER_INTERFACE,
  RULES_PER_DIRECTION,
  SUBNETS_PER_AWSVPC,
} from './security-group-limits';
export { planSubnets, type SubnetPlan, type SubnetPlanProps } from './subnet-plan';
export { proxyEnvironment, type ProxyFacts } from './proxy-environment';
