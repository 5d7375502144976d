import type { Resource } from '../load/resource';
import { MadeByAws } from './made-by-aws';
import { list, unknownOf } from './read';
import { Ref, show, Unknown, type Value } from './value';

/** What a value names: a resource of the documents, or nothing that they hold. */
export type Target = Resource | Unknown;

/** Whether what a value names is in the documents. */
export function isKnown(target: Target): target is Resource {
  return !(target instanceof Unknown);
}

/** Attributes by which AWS names a resource; others, such as `tags_all`, may hold the name of another one. */
const NAMING = /^(\w+_)?(id|ids|arn|name|family|dns_name)(\[(\d+|\*)\])?$|^arn_without_revision$/;

/** Attributes by whose value a resource is known, beside `id` and `arn`. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  aws_vpc: ['default_route_table_id', 'main_route_table_id', 'default_security_group_id', 'default_network_acl_id'],
  aws_vpc_endpoint: ['prefix_list_id'],
  aws_launch_template: ['name'],
  aws_ecs_task_definition: ['family', 'arn_without_revision'],
  aws_ecs_capacity_provider: ['name'],
  aws_ecs_cluster: ['name'],
  aws_autoscaling_group: ['name'],
  aws_lb: ['name'],
  aws_elb: ['name'],
  aws_lambda_function: ['function_name', 'invoke_arn', 'qualified_arn'],
  aws_lambda_alias: ['invoke_arn'],
  aws_vpc_endpoint_service: ['service_name'],
  aws_instance: ['primary_network_interface_id'],
  aws_eip: ['allocation_id'],
};

function namesOf(type: string): readonly string[] {
  return (Object.hasOwn(NAMES, type) ? NAMES[type] : undefined) ?? [];
}

/** Finds the resources that values name: by reference, or by an id that a plan or a state holds. */
export class Links {
  /** Several where documents use a name twice. */
  private readonly byLiteral = new Map<string, Resource[]>();
  /** Types of which some resource has no id yet, so that any literal could be it. */
  private readonly unborn = new Set<string>();
  private readonly made: MadeByAws;

  constructor(resources: readonly Resource[]) {
    this.made = new MadeByAws(resources);
    for (const resource of resources) {
      for (const key of ['id', 'arn', ...namesOf(resource.type)]) {
        const literal = resource.keys.includes(key) ? resource.get(key) : undefined;
        if (typeof literal === 'string') this.remember(`${resource.kind} ${literal}`, resource);
      }
      const hasId = resource.keys.includes('id') && typeof resource.get('id') === 'string';
      if (resource.mode === 'managed' && !hasId) this.unborn.add(resource.type);
    }
  }

  /**
   * What a value names; undefined for nothing.
   * @param types what it can be, with `data.` in front for what is looked up; anything else is unknown
   */
  target(value: Value | undefined, ...types: readonly string[]): Target | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    if (value instanceof Ref) {
      const { resource, attribute } = value;
      if (!NAMING.test(attribute)) return new Unknown(show(value), 'is no id, ARN or name');
      if (types.includes(resource.kind)) return resource;
      const reason = resource.mode === 'data' ? 'is looked up when Terraform runs' : `is no ${types[0]}`;
      return new Unknown(show(value), reason);
    }
    if (typeof value !== 'string') return unknownOf(value);
    const [found, ...others] = this.candidates(value, ...types);
    if (others.length > 0) return new Unknown(value, 'is what several resources of the documents are called');
    return found ?? new Unknown(value, 'is not in the documents');
  }

  /** All resources that a text may name. */
  candidates(text: string, ...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byLiteral.get(`${type} ${text}`) ?? []);
  }

  private remember(key: string, resource: Resource): void {
    const known = this.byLiteral.get(key);
    if (!known) this.byLiteral.set(key, [resource]);
    else if (!known.includes(resource)) known.push(resource);
  }

  /** What the values of a list name. */
  targets(value: Value | undefined, ...types: readonly string[]): readonly Target[] {
    return list(value).flatMap((each) => this.target(each, ...types) ?? []);
  }

  /**
   * Whether what a value names, which was not found, could be one of the resources of a type: not where all their ids are known, and AWS makes none
   * by itself.
   */
  couldBe(target: Unknown, type: string): boolean {
    if (target.reason !== 'is not in the documents') return true;
    return this.unborn.has(type) || this.made.couldBe(target.text, type);
  }
}
