import type { Resource } from '../load/resource';
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
  readonly task: Resource | Unknown;
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
  return model.inventory.of(...types).flatMap((resource) =>
    taskValues(resource).flatMap((value): Runner[] => {
      const task = findTask(model, value);
      return task === undefined ? [] : [{ resource, task, device: model.deviceOf.get(resource) }];
    }),
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

/** By reference, ARN, `family` or `family:revision`. */
function findTask({ inventory }: Model, value: Value): Resource | Unknown | undefined {
  const found = inventory.links.target(value, ...TASKS);
  if (!(found instanceof Unknown) || typeof value !== 'string') return found;
  const family = /(?:task-definition\/)?([^/:]+)(?::\d+)?$/.exec(value)?.[1];
  return inventory.of(...TASKS).find((task) => text(task.get('family')) === family) ?? found;
}

/** Launch templates, launch configurations and instances on which tasks of a runner may be placed; unknown where nobody says. */
export function hostsOf(model: Model, { resource }: Runner): readonly (Resource | Unknown)[] {
  const strategies = blocks(resource.get('capacity_provider_strategy'));
  const providers = strategies.flatMap((each) => (each instanceof Unknown ? [each] : list(each.capacity_provider)));
  if (providers.length > 0) return providers.flatMap((value) => hostsOfProvider(model, value));
  // ECS places on EC2 where nothing is said (ECS API Reference, CreateService, launchType).
  if ((text(resource.get('launch_type')) ?? 'EC2') !== 'FARGATE') {
    const hosts = model.devices.filter((device) => hasRole(device, 'host')).flatMap(({ parts }) => parts);
    return hosts.length > 0
      ? hosts
      : [new Unknown(resource.address, 'runs on instances of its cluster that the documents do not show')];
  }
  return [];
}

function hostsOfProvider(model: Model, value: Value): readonly (Resource | Unknown)[] {
  if (value === 'FARGATE' || value === 'FARGATE_SPOT') return [];
  const { links } = model.inventory;
  const provider =
    links.target(value, 'aws_ecs_capacity_provider') ?? new Unknown('capacity_provider', 'is not written');
  const named =
    provider instanceof Unknown && typeof value === 'string'
      ? model.inventory.of('aws_ecs_capacity_provider').find((each) => each.get('name') === value)
      : undefined;
  const found = named ?? provider;
  if (found instanceof Unknown) return [found];
  return blocks(found.get('auto_scaling_group_provider')).flatMap((block): readonly (Resource | Unknown)[] => {
    const group =
      block instanceof Unknown ? block : links.target(block.auto_scaling_group_arn, 'aws_autoscaling_group');
    if (group === undefined || group instanceof Unknown)
      return [group ?? new Unknown(found.address, 'names no auto-scaling group')];
    return model.deviceOf.get(group)?.parts ?? [group];
  });
}
