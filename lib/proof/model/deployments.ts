import type { Resource } from '../load/resource';
import { isKnown } from '../value/links';
import { blocks, list, text } from '../value/read';
import { isObject, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import { BALANCERS, balancerOf, byName, TARGET_GROUPS } from './balancers';
import type { Inventory } from './inventory';

/** What a deployment puts before a service or instances that name it nowhere themselves. */
export interface Deployment {
  readonly part: Resource;
  readonly target: Resource | Unknown;
}

/** By CodeDeploy, which leads listeners to another target group than the one that a service names, and by who deploys in its place. */
export function findDeployments(inventory: Inventory): readonly Deployment[] {
  const groups = inventory.of('aws_codedeploy_deployment_group');
  const found = groups.flatMap((group) => {
    const targets = targetsOf(inventory, group);
    return [...servicesOf(inventory, group), ...instancesOf(inventory, group)].flatMap((part) =>
      targets.map((target) => ({ part, target })),
    );
  });
  const unsure = groups.flatMap((group) => unsureOf(inventory, group));
  const deployed = new Set(groups.flatMap((group) => namedBy(inventory, group).flatMap((each) => each.known)));
  return [
    ...found,
    ...unsure,
    ...inventory.of('aws_ecs_service').flatMap((service): Deployment[] => {
      const who = deployed.has(service) ? undefined : deployerOf(inventory, service);
      return who === undefined ? [] : [{ part: service, target: who }];
    }),
  ];
}

/** Groups of instances that a deployment group may mean, where nobody knows which one it means. */
function unsureOf(inventory: Inventory, group: Resource): readonly Deployment[] {
  const [unknown] = list(group.get('autoscaling_groups')).flatMap((value) =>
    byName({ inventory, value }, 'aws_autoscaling_group').filter((each) => each instanceof Unknown),
  );
  if (unknown === undefined || targetsOf(inventory, group).length === 0) return [];
  return inventory
    .of('aws_autoscaling_group')
    .filter((each) => unknown.reason !== 'is not in the documents' || typeof (each.get('name') ?? '') !== 'string')
    .map((part) => ({ part, target: unknown }));
}

/** Who deploys a service, where that is not ECS and not in the documents. */
function deployerOf(inventory: Inventory, service: Resource): Unknown | undefined {
  for (const block of blocks(service.get('deployment_controller'))) {
    const type = block instanceof Unknown ? block : text(block.type);
    if (type instanceof Unknown) return type;
    if (type === undefined || type.toUpperCase() === 'ECS') continue;
    const isShown = inventory
      .of('aws_ecs_task_set')
      .some((each) => inventory.links.target(each.get('service'), 'aws_ecs_service') === service);
    if (isShown && type === 'EXTERNAL') continue;
    return new Unknown('deployment_controller', `is ${type}, and the documents do not show what it deploys`);
  }
  return undefined;
}

/** The services that a deployment group names, one block each. */
function namedBy(
  inventory: Inventory,
  group: Resource,
): readonly { readonly value: Value; readonly known: readonly Resource[] }[] {
  return blocks(group.get('ecs_service')).map((block) => {
    const value = block instanceof Unknown ? block : (block.service_name ?? null);
    return { value, known: byName({ inventory, value }, 'aws_ecs_service').filter(isKnown) };
  });
}

function servicesOf(inventory: Inventory, group: Resource): readonly Resource[] {
  return namedBy(inventory, group).flatMap(({ value, known }) => {
    if (known.length > 0) return known;
    // Nobody knows which one it is: each that CodeDeploy may deploy, and that is not known to have another name.
    return inventory.of('aws_ecs_service').filter((service) => {
      const isNamed = typeof value === 'string' && typeof service.get('name') === 'string';
      return (
        !isNamed && [...walk(service.get('deployment_controller') ?? null)].some((each) => isCodeDeploy(each.value))
      );
    });
  });
}

function isCodeDeploy(value: Value): boolean {
  return value === 'CODE_DEPLOY' || value instanceof Unknown;
}

/** Groups of instances by name, and instances by their tags; a filter that is not known takes each. */
function instancesOf(inventory: Inventory, group: Resource): readonly Resource[] {
  const scaled = list(group.get('autoscaling_groups')).flatMap((value) =>
    byName({ inventory, value }, 'aws_autoscaling_group').filter(
      (each): each is Resource => !(each instanceof Unknown),
    ),
  );
  const filters = [
    ...blocks(group.get('ec2_tag_filter')),
    ...blocks(group.get('ec2_tag_set')).flatMap((set) => (set instanceof Unknown ? [set] : blocks(set.ec2_tag_filter))),
  ];
  const tagged = inventory
    .of('aws_instance')
    .filter((instance) => filters.some((filter) => mayMatch(instance, filter)));
  return [...scaled, ...tagged];
}

function mayMatch(instance: Resource, filter: Readonly<Record<string, Value>> | Unknown): boolean {
  if (filter instanceof Unknown) return true;
  const tags = instance.get('tags') ?? {};
  if (!isObject(tags)) return true;
  return Object.entries(tags).some(([key, value]) => is(filter.key, key) && is(filter.value, value));
}

/** Whether what a filter asks for, if anything, may be a text. */
function is(wanted: Value | undefined, value: Value): boolean {
  if (wanted === undefined || wanted === null || wanted === '') return true;
  return typeof wanted !== 'string' || typeof value !== 'string' || wanted === value;
}

/** Target groups, classic load balancers, and the load balancers of the listeners that it leads from one to another. */
function targetsOf(inventory: Inventory, group: Resource): readonly (Resource | Unknown)[] {
  const info = [...walk(group.get('load_balancer_info') ?? null)];
  return info.flatMap(({ path, value }): readonly (Resource | Unknown)[] => {
    const key = path.at(-1);
    if (value instanceof Unknown && key !== 'name' && key !== 'listener_arns') return [value];
    if (key === 'listener_arns') return list(value).flatMap((each) => balancerOf(inventory, each) ?? []);
    return key === 'name' && value !== null ? byName({ inventory, value }, ...TARGET_GROUPS, ...BALANCERS) : [];
  });
}
