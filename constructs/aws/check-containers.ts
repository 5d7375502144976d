import type { ContainerDefinition } from './container-definition';

/** What the containers of a task may refer to. */
export interface TaskFacts {
  readonly launchType: 'FARGATE' | 'EC2';
  readonly volumes: readonly string[];
}

/** What ECS takes as a whole request (`RegisterTaskDefinition`), with room for the rest of the task definition. */
const MAX_BYTES = 60 * 1024;
const MAX_CONTAINERS = 10;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const PATH = /^\/[^:]*$/;

/**
 * The rules of ECS that Terraform cannot see, since container definitions are a text to it: names, dependencies, volumes, ports, time
 * limits, size (Amazon ECS developer guide, "Task definition parameters").
 *
 * @returns the problems, all at once
 */
export function checkContainers(containers: readonly ContainerDefinition[], facts: TaskFacts, json: string): string[] {
  const names = containers.map(({ name }) => name);
  return [
    ...unless(
      containers.length <= MAX_CONTAINERS,
      `a task takes ${MAX_CONTAINERS} containers at most, not ${containers.length}.`,
    ),
    ...unless(new Set(names).size === names.length, `container names stand twice: ${names.join(', ')}.`),
    ...unless(
      containers.some(({ essential }) => essential),
      'no container is essential, so the task would never end when its work does; make one essential.',
    ),
    ...unless(
      Buffer.byteLength(json) <= MAX_BYTES,
      `the container definitions have ${Buffer.byteLength(json)} bytes; ECS takes ${MAX_BYTES}: shorten commands and environment.`,
    ),
    ...containers.flatMap((container) =>
      checkOne(container, containers, facts).map((text) => `container ${container.name}: ${text}`),
    ),
    ...checkPorts(containers),
    ...circle(containers),
  ];
}

function checkOne(container: ContainerDefinition, all: readonly ContainerDefinition[], facts: TaskFacts): string[] {
  const { name, dependsOn = [], mountPoints = [], healthCheck, stopTimeout, startTimeout } = container;
  const fargate = facts.launchType === 'FARGATE';
  return [
    ...unless(NAME.test(name), 'its name may have letters, digits, "-" and "_" only.'),
    ...dependsOn.flatMap((dependency) => checkDependency(name, dependency, all)),
    ...mountPoints.flatMap(({ sourceVolume, containerPath }) => [
      ...unless(
        facts.volumes.includes(sourceVolume),
        `mounts the volume "${sourceVolume}", which the task does not have.`,
      ),
      ...unless(PATH.test(containerPath), `mounts at ${JSON.stringify(containerPath)}, which is not an absolute path.`),
    ]),
    ...unless(
      new Set(mountPoints.map(({ containerPath }) => containerPath)).size === mountPoints.length,
      'mounts two volumes at one path.',
    ),
    ...between('stopTimeout', stopTimeout, 2, fargate ? 120 : 3600),
    ...between('startTimeout', startTimeout, 2, fargate ? 120 : 3600),
    ...between('healthCheck.interval', healthCheck?.interval, 5, 300),
    ...between('healthCheck.timeout', healthCheck?.timeout, 2, 60),
    ...between('healthCheck.retries', healthCheck?.retries, 1, 10),
    ...between('healthCheck.startPeriod', healthCheck?.startPeriod, 0, 300),
    ...unless(
      healthCheck === undefined || ['CMD', 'CMD-SHELL'].includes(healthCheck.command[0] ?? ''),
      'its health check begins with neither CMD nor CMD-SHELL.',
    ),
    ...unless(
      !fargate || (container.dockerSecurityOptions ?? []).length === 0,
      'dockerSecurityOptions are not there on Fargate.',
    ),
  ];
}

function checkDependency(
  name: string,
  { containerName, condition }: { containerName: string; condition: string },
  all: readonly ContainerDefinition[],
): string[] {
  const other = all.find((each) => each.name === containerName);
  if (!other) return [`waits for "${containerName}", which is not in the task.`];
  return [
    ...unless(containerName !== name, 'waits for itself.'),
    ...unless(
      condition !== 'HEALTHY' || other.healthCheck !== undefined,
      `waits until ${containerName} is healthy, which has no health check.`,
    ),
    ...unless(
      !['COMPLETE', 'SUCCESS'].includes(condition) || !other.essential,
      `waits for the end of ${containerName}, which is essential: the task would end with it.`,
    ),
  ];
}

/** In awsvpc mode all containers share one address. */
function checkPorts(containers: readonly ContainerDefinition[]): string[] {
  const ports = containers.flatMap(({ portMappings = [] }) => portMappings.map(({ containerPort }) => containerPort));
  const twice = ports.filter((port, index) => ports.indexOf(port) !== index);
  return twice.map((port) => `port ${port} is opened by two containers of one task.`);
}

function circle(containers: readonly ContainerDefinition[]): string[] {
  const after = new Map(
    containers.map(({ name, dependsOn = [] }) => [name, dependsOn.map((each) => each.containerName)]),
  );
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (after.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  const inCircle = containers.map(({ name }) => name).filter((name) => reaches(name, name));
  return inCircle.length > 1 ? [`containers wait for each other in a circle: ${inCircle.join(', ')}.`] : [];
}

function between(name: string, value: number | undefined, min: number, max: number): string[] {
  return unless(
    value === undefined || (Number.isInteger(value) && value >= min && value <= max),
    `${name}: ${value} is not a whole number of seconds or tries from ${min} to ${max}.`,
  );
}

function unless(ok: boolean, problem: string): string[] {
  return ok ? [] : [problem];
}
