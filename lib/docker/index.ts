export { DockerPlanError } from './errors';
export { GATEWAY_ALIAS, MACHINE, planGateway, type GatewayPlan, type WorkloadPlan } from './gateway-plan';
export { type DockerGatewayOptions, type DockerServerOptions } from './options';
export { planPerimeter, type DockerPerimeterOptions } from './perimeter-plan';
export { planServer, type ServerPlan } from './server-plan';
export {
  DROPPED_CAPABILITIES,
  SECURITY_OPTIONS,
  type ContainerSpec,
  type DockerPlan,
  type HealthCheckSpec,
  type MountSpec,
  type NetworkSpec,
  type VolumeSpec,
} from './specs';
export { renderCompose, type ComposeFiles } from './compose';
export { DEFAULT_SUBNET_POOL } from './subnets';
export { shortHash } from './networks';
