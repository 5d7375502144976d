import type { Resource } from '../load/resource';
import { isObject, Unknown, type Value } from '../value/value';
import { kindOf } from '../catalogue/types';
import { list } from '../value/read';

/** What one resource puts into a network: the groups and subnets that it names, at any depth. */
export interface Attachment {
  readonly resource: Resource;
  /** Values of attributes about security groups: references, ids, or unknown. */
  readonly groups: readonly Value[];
  /** Values of attributes about subnets. */
  readonly subnets: readonly Value[];
  /** Values of attributes about network interfaces. */
  readonly interfaces: readonly Value[];
  /** Values of attributes about launch templates and configurations. */
  readonly templates: readonly Value[];
}

/** Types that name groups or subnets without being in them. */
const NO_INTERFACE =
  /^aws_(default_)?(security_group|route_table|subnet|vpc)$|^aws_(security_group_rule|vpc_security_group_(in|e)gress_rule|network_interface_sg_attachment|vpc_endpoint_(security_group|subnet|route_table)_association|route_table_association|main_route_table_association|route|nat_gateway|eip|eip_association|ecs_cluster|ecs_capacity_provider|ecs_task_definition|\w+_subnet_group|route53_resolver_firewall\w*|lambda_permission)$/;

/** The values of a resource about security groups, whatever its type; none where it is a rule or an attachment. */
export function groupsNamedBy(resource: Resource): readonly Value[] {
  if (NO_INTERFACE.test(resource.type) || resource.type === 'aws_vpc_security_group_rules_exclusive') return [];
  const found = { groups: [], subnets: [], interfaces: [], templates: [] } satisfies Found;
  for (const key of resource.keys) if (!SKIPPED.has(key)) collect(resource.get(key), [key], found);
  return found.groups;
}

/** Reads what a resource attaches; undefined where it attaches nothing. */
export function attachmentOf(resource: Resource): Attachment | undefined {
  if (resource.mode === 'data' || kindOf(resource.type) === 'harmless' || NO_INTERFACE.test(resource.type))
    return undefined;
  const found = { groups: [], subnets: [], interfaces: [], templates: [] } satisfies Record<string, Value[]>;
  // The names of an instance's groups stand beside their ids in a state.
  const named = resource.type === 'aws_instance' && list(resource.get('vpc_security_group_ids')).length > 0;
  // What AWS answered about interfaces that it made itself.
  const isMade = typeof resource.get('id') === 'string';
  const own = (key: string): boolean =>
    (named && key === 'security_groups') ||
    (isMade && /^(primary_network_interface(_id)?|network_interface_ids)$/.test(key));
  for (const key of resource.keys) if (!SKIPPED.has(key) && !own(key)) collect(resource.get(key), [key], found);
  const { groups, subnets, interfaces, templates } = found;
  // An endpoint stands in the VPC even where its subnets and groups are written elsewhere, or nowhere.
  const isEndpoint = resource.type === 'aws_vpc_endpoint' && resource.get('vpc_endpoint_type') === 'Interface';
  // What a launch template leaves out its instances say, and it is a part of them all the same.
  const isTemplate = resource.type === 'aws_launch_template' || resource.type === 'aws_launch_configuration';
  return !isEndpoint && !isTemplate && groups.length + subnets.length + interfaces.length + templates.length === 0
    ? undefined
    : { resource, groups, subnets, interfaces, templates };
}

/** Attributes with much text, or with names of groups that mean something else. */
const SKIPPED = new Set([
  'tags',
  'tags_all',
  'container_definitions',
  'user_data',
  'policy',
  'environment',
  'id',
  'arn',
]);

/** Blocks in which groups and subnets are named; not known as a whole where they are dynamic. */
const NETWORK_BLOCKS =
  /(^|_)(network_configuration|vpc_configuration|vpc_config|vpc_options|vpc_settings|networking|awsvpc_configuration|ecs_target|ecs_parameters|ecs_task_parameters|target_parameters|compute_resources|subnet_mapping)$/;

type Found = Record<'groups' | 'subnets' | 'interfaces' | 'templates', Value[]>;

function collect(value: Value | undefined, path: readonly string[], found: Found): void {
  if (value === undefined || value === null || value === '') return;
  if (Array.isArray(value)) {
    for (const each of value as Value[]) collect(each, path, found);
  } else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) collect(each, [...path, key], found);
  } else {
    const list = listFor(path);
    if (list && isName(value)) found[list].push(value);
    else if (value instanceof Unknown && NETWORK_BLOCKS.test(path.at(-1) ?? '')) {
      found.groups.push(value);
      found.subnets.push(value);
    }
  }
}

/** By the name of the attribute; `launch_template { id }` by the names of both. */
function listFor(path: readonly string[]): keyof Found | undefined {
  const [parent = '', key = ''] = path.length > 1 ? path.slice(-2) : ['', ...path];
  if (key.startsWith('source_') || /^cluster_security_group/.test(key)) return undefined;
  if (/security_?group(_?(id|arn|name))?s?$/i.test(key)) return 'groups';
  if (/subnet(_?(id|arn))?s?$|^vpc_zone_identifier$/i.test(key)) return 'subnets';
  if (/network_interface(_id)?s?$/i.test(key)) return 'interfaces';
  if (/^launch_(configuration|template_id|template_name)$/.test(key)) return 'templates';
  return /^launch_template/.test(parent) && /^(id|name)$/.test(key) ? 'templates' : undefined;
}

/** A reference, an id, a name, or something unknown: no number and no switch. */
function isName(value: Value): boolean {
  return typeof value !== 'number' && typeof value !== 'boolean';
}
