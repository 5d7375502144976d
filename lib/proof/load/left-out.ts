import { jsonList, type Json } from './json';

/**
 * Blocks that can open a way and that the provider never fills in by itself: not known and not written, they are dynamic ones, which the
 * configuration of a plan leaves out (Terraform, "JSON Output Format", "Expression Representation").
 */
const BLOCKS = new Set([
  'aws_route53_resolver_endpoint.ip_address',
  'action',
  'auto_scaling_group_provider',
  'capacity_provider_strategy',
  'config',
  'default_action',
  'destination_configuration',
  'ecs_target',
  'endpoint_configuration',
  'entry',
  'file_system_config',
  'image_config',
  'launch_specification',
  'launch_template',
  'launch_template_config',
  'load_balancer',
  'managed_instances_provider',
  'mixed_instances_policy',
  'network_configuration',
  'network_interfaces',
  'proxy_configuration',
  'resource_configuration_definition',
  'run_command_targets',
  'service_connect_configuration',
  'service_registries',
  'statement',
  'target',
  'target_ip',
  'tls_config',
  'volume',
  'volume_configuration',
  'vpc_config',
  'vpc_lattice_configurations',
  'vpc_origin_endpoint_config',
]);

/** Blocks that the provider fills in where they are not written (`Computed`), so that the plan of a new resource shows nothing else. */
const FILLED_IN = new Set([
  'attachment',
  'egress',
  'ingress',
  'metadata_options',
  'network_interface',
  'primary_network_interface',
  'route',
  'subnet_configuration',
  'subnet_mapping',
  'traffic_source',
]);

/** Of these types `endpoint_configuration` says how an API is reached, and is filled in. */
const API = /^aws_api_gateway_/;

/** What stands in the place of an instance's `network_interface`: the provider refuses both. */
const BESIDE_INTERFACE = ['subnet_id', 'vpc_security_group_ids', 'security_groups'];

/** An attribute that is not known, and not among the expressions of the configuration. */
export interface Unwritten {
  readonly type: string;
  readonly key: string;
  readonly expressions: Json;
  readonly change: Json;
}

/** Whether what a plan does not know may have been written all the same. */
export function isLeftOut({ type, key, expressions, change }: Unwritten): boolean {
  if (Object.hasOwn(expressions, key)) return false;
  if ((BLOCKS.has(key) || BLOCKS.has(`${type}.${key}`)) && !API.test(type)) return true;
  if (!FILLED_IN.has(key)) return false;
  // Of what exists the provider knows what it has filled in.
  const actions = jsonList(change.actions);
  if (actions.length > 0 && !actions.includes('create')) return true;
  return key === 'network_interface' && !BESIDE_INTERFACE.some((each) => Object.hasOwn(expressions, each));
}
