import type { Resource } from '../load/resource';
import { isKnown } from '../value/links';
import { blocks, list, text } from '../value/read';
import { Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import type { Device } from './devices';
import { hasRole } from './devices';
import type { Model } from './model';

const TASKS = ['aws_ecs_task_definition'] as const;

/** What runs a task definition: a service, a task set, a schedule, as part of a device or without one. */
export interface Runner {
  readonly resource: Resource;
  /** Undefined for a service whose task sets name theirs (deployment controller EXTERNAL). */
  readonly task: Resource | Unknown | undefined;
  /** Undefined where it has no groups and subnets of its own: host or bridge mode. */
  readonly device?: Device;
}

/** All that run tasks. */
export function findRunners(model: Model): readonly Runner[] {
  const types = [
    'aws_ecs_service',
    'aws_ecs_task_set',
    'aws_cloudwatch_event_target',
    'aws_scheduler_schedule',
    'aws_pipes_pipe',
  ];
  return model.inventory.of(...types).flatMap((resource): Runner[] => {
    const device = model.deviceOf.get(resource);
    const values = taskValues(resource);
    // A target of a schedule need not be a task; a service is one, whatever it says.
    if (values.length === 0 && /^aws_ecs_/.test(resource.type))
      return [
        {
          resource,
          device,
          task: isExternal(resource) ? undefined : new Unknown(resource.address, 'names no task definition'),
        },
      ];
    return values.flatMap((value): Runner[] => {
      const task = findTask(model, value);
      return task === undefined ? [] : [{ resource, task, device }];
    });
  });
}

function isExternal(service: Resource): boolean {
  return blocks(service.get('deployment_controller')).some(
    (each) => !(each instanceof Unknown) && each.type === 'EXTERNAL',
  );
}

/** Whether a runner's device is a workload's. */
export function isWorkload({ device }: Runner): boolean {
  return device !== undefined && hasRole(device, 'workload');
}

function taskValues(resource: Resource): readonly Value[] {
  return resource.keys.flatMap((key) => {
    if (key === 'tags' || key === 'depends_on') return [];
    const value = resource.get(key) ?? null;
    return [...walk(value, [key])].flatMap(({ path, value: each }) =>
      /^task_definition(_arn)?$/.test(path.at(-1) ?? '') ? list(each) : [],
    );
  });
}

/** By reference, ARN or `family`; what an older revision held, the documents do not say. */
function findTask({ inventory }: Model, value: Value): Resource | Unknown | undefined {
  const found = inventory.links.target(value, ...TASKS);
  if (!(found instanceof Unknown) || typeof value !== 'string') return found;
  const family = /^(?:arn:.*:task-definition\/)?([^/:]+)$/.exec(value)?.[1];
  const [task, ...others] = inventory.of(...TASKS).filter((each) => text(each.get('family')) === family);
  return task && others.length === 0 ? task : found;
}

/** Launch templates, launch configurations and instances on which tasks of a runner may be placed; unknown where nobody says. */
export function hostsOf(model: Model, { resource }: Runner): readonly (Resource | Unknown)[] {
  const providers = named(resource, 'capacity_provider_strategy').flatMap(strategyOf);
  if (providers.length > 0) return providers.flatMap((value) => hostsOfProvider(model, value));
  const defaults = launchTypeOf(resource) === undefined ? defaultProviders(model, resource) : [];
  if (defaults.length > 0) return defaults.flatMap((value) => hostsOfProvider(model, value));
  // ECS places on EC2 where nothing is said (ECS API Reference, CreateService, launchType).
  if ((launchTypeOf(resource) ?? 'EC2') !== 'FARGATE') {
    const hosts = model.devices.filter((device) => hasRole(device, 'host')).flatMap(({ parts }) => parts);
    return hosts.length > 0
      ? hosts
      : [new Unknown(resource.address, 'runs on instances of its cluster that the documents do not show')];
  }
  return [];
}

/** The default strategy of the cluster (ECS API Reference, CreateService and RunTask, capacityProviderStrategy). */
function defaultProviders({ inventory }: Model, runner: Resource): readonly Value[] {
  const [cluster] = [...list(runner.get('cluster')), ...named(runner, 'arn'), ...list(runner.get('target'))].flatMap(
    (value) => inventory.links.targets(value, 'aws_ecs_cluster').filter(isKnown),
  );
  if (cluster === undefined) return [];
  return inventory
    .of('aws_ecs_cluster_capacity_providers')
    .filter((each) => inventory.links.target(each.get('cluster_name'), 'aws_ecs_cluster') === cluster)
    .flatMap((each) => list(each.get('default_capacity_provider_strategy')))
    .flatMap(strategyOf);
}

function strategyOf(strategy: Value): readonly Value[] {
  return blocks(strategy).flatMap((each) => (each instanceof Unknown ? [each] : list(each.capacity_provider)));
}

/** What stands under a name in a service, or at any depth in the target of a schedule, an event or a pipe. */
function named(resource: Resource, name: string): readonly Value[] {
  return [name, 'ecs_target', 'target', 'target_parameters'].flatMap((key) =>
    [...walk(resource.get(key) ?? null, [key])].flatMap(({ path, value }) =>
      path.at(-1) === name && value !== null ? [value] : [],
    ),
  );
}

/** Of a service, or of the task that a schedule starts. */
export function launchTypeOf(resource: Resource): string | Unknown | undefined {
  return text(named(resource, 'launch_type')[0]);
}

function hostsOfProvider(model: Model, value: Value): readonly (Resource | Unknown)[] {
  if (value === 'FARGATE' || value === 'FARGATE_SPOT') return [];
  const { links } = model.inventory;
  const found = links.target(value, 'aws_ecs_capacity_provider') ?? new Unknown('capacity_provider', 'is not written');
  if (found instanceof Unknown) return [found];
  const groups = blocks(found.get('auto_scaling_group_provider'));
  if (groups.length === 0) return [new Unknown(found.address, 'is of instances that ECS manages, which are not read')];
  return groups.flatMap((block): readonly (Resource | Unknown)[] => {
    const group =
      block instanceof Unknown ? block : links.target(block.auto_scaling_group_arn, 'aws_autoscaling_group');
    if (group === undefined || group instanceof Unknown)
      return [group ?? new Unknown(found.address, 'names no auto-scaling group')];
    return model.deviceOf.get(group)?.parts ?? [group];
  });
}
