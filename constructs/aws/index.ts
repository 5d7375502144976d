/** Constructs for AWS: a network whose only way out is the gateway, and what lives in it. */
export { Connections, type ConnectionsProps, type IConnectable, type Range } from './connections';
export { DnsFirewall, type DnsFirewallProps } from './dns-firewall';
export { EcsCluster, type EcsClusterProps } from './ecs-cluster';
export { EgressGateway, type EgressGatewayProps } from './egress-gateway';
export { EgressMonitoring, type EgressMonitoringProps } from './egress-monitoring';
export {
  EgressPerimeter,
  type EgressPerimeterProps,
  type PerimeterMonitoring,
  type PerimeterServer,
} from './egress-perimeter';
export { Ec2Capacity, type Ec2CapacityProps } from './ec2-capacity';
export type { IEc2Capacity } from './ec2-capacity-interface';
export {
  KnowledgeBase,
  type BedrockKnowledgeProps,
  type DynamoDbKnowledgeProps,
  type GatewayKnowledgeProps,
  type IAccessRole,
  type IGrantee,
  type KendraKnowledgeProps,
  type KnowledgeGrant,
  type OpenSearchDomainKnowledgeProps,
  type OpenSearchServerlessKnowledgeProps,
  type PrivateLinkKnowledgeProps,
  type S3KnowledgeProps,
  type SecretsManagerKnowledgeProps,
} from './knowledge-base';
export type { CanaryProps, EgressCanary } from './monitoring/egress-canary';
export { McpNetwork, type McpNetworkProps } from './mcp-network';
export type { NetworkAttributes } from './existing-network';
export { McpServer, type McpServerProps } from './mcp-server';
export type { NatStrategy } from './nat-gateways';
export type { IMcpNetwork } from './network';
export { PrivateNamespace, type PrivateNamespaceProps } from './private-namespace';
export { PropsError } from './problems';
export { RoleSecurityGroup, type RoleSecurityGroupProps } from './role-security-group';
export { TAG, type Role, type Tags } from './tags';
export type { Platform } from './task-definition';
export type { ExistingEndpoint, VpcEndpoints } from './vpc-endpoints';
export type { WorkloadProxy } from './workload-proxy';
