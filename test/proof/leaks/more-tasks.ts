import { add, get, type Block, type Stack } from '../support/sealed';
import { addHostOf, arn, container, id, onInstances, USER_DATA } from '../support/base';
import type { Leak } from './leak';

const TASK = 'aws_ecs_task_definition.search';

function task(name: string, more: Block, found: Partial<Leak> = { breaks: ['C7'] }): Leak {
  return {
    name,
    names: TASK,
    change: (stack) => Object.assign(get(stack, 'aws_ecs_task_definition', 'search'), more),
    ...found,
  };
}

function inContainer(name: string, more: Block, found?: Partial<Leak>): Leak {
  return {
    ...task(name, {}, found),
    change: (stack) => container(stack, 'search', (definition) => Object.assign(definition, more)),
  };
}

function volume(name: string, driver_opts: Block): Leak {
  return task(name, { volume: [{ name: 'all', docker_volume_configuration: { driver: 'local', driver_opts } }] });
}

const UNPROVEN: Partial<Leak> = { unproven: ['C7'] };
const written = (text: string): Block => ({ container_definitions: text });

const CONTAINERS: readonly Leak[] = [
  inContainer(
    'a capability that is a variable',
    { linuxParameters: { capabilities: { add: ['${var.capability}'] } } },
    { ...UNPROVEN, names: 'var.capability' },
  ),
  inContainer(
    'a capability of which a part is a variable',
    {
      linuxParameters: { capabilities: { add: ['SYS_${var.capability}'] } },
    },
    UNPROVEN,
  ),
  task(
    'capabilities that are a variable',
    written('${jsonencode([{name = "search", image = "x", linuxParameters = { capabilities = var.some }}])}'),
    UNPROVEN,
  ),
  task(
    'parameters of Linux that are a variable',
    written('${jsonencode([{name = "search", image = "x", linuxParameters = var.some}])}'),
    UNPROVEN,
  ),
  inContainer('parameters of Linux that are no object', { linuxParameters: '${var.some}' }, UNPROVEN),
  inContainer('the right to be privileged under two names that differ by case', {
    privileged: false,
    Privileged: true,
  }),
  inContainer('capabilities under a second name that differs by case', {
    linuxParameters: { capabilities: { add: [] } },
    LinuxParameters: { Capabilities: { Add: ['sys_admin'] } },
  }),
  inContainer('a name that Go takes for another one', { 'linuxParameter\u017f': { capabilities: { add: ['ALL'] } } }),
  inContainer('a device under a second name that differs by case', {
    linuxParameters: { devices: [{ hostPath: '/dev/fuse', HostPath: '/dev/mem' }] },
  }),
  task(
    'a name that stands twice in the text of a container',
    {
      ...written('[{"name":"search","image":"x","privileged":true,"privileged":null}]'),
    },
    { ...UNPROVEN, names: 'privileged' },
  ),
  task(
    'a name in the text of a container that is a variable',
    {
      ...written('[{"name":"search","image":"x","${var.name}":true}]'),
    },
    UNPROVEN,
  ),
];

const VOLUMES: readonly Leak[] = [
  volume("a Docker volume of the host's root, its option in another case", { type: 'none', o: 'bind', Device: '/' }),
  volume("a Docker volume of the host's root, under the second of two names", {
    o: 'bind',
    device: '/data',
    DEVICE: '/',
  }),
  volume('a Docker volume that lays the root of the host over another folder', {
    type: 'overlay',
    device: 'overlay',
    o: 'lowerdir=/,upperdir=/data/a,workdir=/data/b',
  }),
  volume('a Docker volume of the processes of the host', { type: 'proc', device: 'processes' }),
  task('tasks that see the processes of their host, in capitals', { pid_mode: 'HOST' }),
];

/** A schedule, an event or a pipe that starts the search task as it should be, but for some parameters. */
function starter(name: string, type: string, more: Block, found: Partial<Leak>): Leak {
  const network = { subnets: [id('aws_subnet.isolated')], security_groups: [id('aws_security_group.search')] };
  const parameters = { task_definition_arn: arn('aws_ecs_task_definition.search'), launch_type: 'FARGATE', ...more };
  const cluster = arn('aws_ecs_cluster.main');
  const blocks: Readonly<Record<string, Block>> = {
    aws_scheduler_schedule: {
      schedule_expression: 'rate(1 hour)',
      flexible_time_window: { mode: 'OFF' },
      target: { arn: cluster, ecs_parameters: { network_configuration: network, ...parameters } },
    },
    aws_cloudwatch_event_target: {
      rule: 'hourly',
      arn: cluster,
      ecs_target: { network_configuration: network, ...parameters },
    },
  };
  return { name, names: `${type}.hourly`, change: (stack) => add(stack, type, 'hourly', blocks[type] ?? {}), ...found };
}

const STARTED: readonly Leak[] = [
  starter(
    'ECS Exec in a task of a schedule',
    'aws_scheduler_schedule',
    { enable_execute_command: true },
    { breaks: ['C7'] },
  ),
  starter(
    'ECS Exec in a task of a schedule that is a variable',
    'aws_scheduler_schedule',
    { enable_execute_command: '${var.exec}' },
    UNPROVEN,
  ),
  starter(
    'a schedule that runs the task on machines outside of AWS',
    'aws_scheduler_schedule',
    { launch_type: 'external' },
    { breaks: ['C7'], unproven: ['C7'] },
  ),
  starter(
    'a schedule that runs the task in another subnet',
    'aws_scheduler_schedule',
    {
      network_configuration: { subnets: [id('aws_subnet.egress')], security_groups: [id('aws_security_group.search')] },
    },
    { breaks: ['C1'], names: 'aws_route.egress' },
  ),
  starter(
    'a schedule that runs the task with a public address',
    'aws_scheduler_schedule',
    {
      network_configuration: {
        subnets: [id('aws_subnet.isolated')],
        security_groups: [id('aws_security_group.search')],
        assign_public_ip: true,
      },
    },
    { breaks: ['C3'] },
  ),
  ...['aws_scheduler_schedule', 'aws_cloudwatch_event_target'].map((type): Leak => {
    const strategy = { capacity_provider: '${aws_ecs_capacity_provider.hosts.name}', weight: 1 };
    const run = starter('', type, { launch_type: undefined, capacity_provider_strategy: [strategy] }, {});
    return {
      name: `tasks of ${type} on hosts of a capacity provider that answer IMDSv1`,
      breaks: ['C7'],
      unproven: ['C7'],
      names: 'aws_launch_template.hosts',
      change: (stack) => {
        const service = structuredClone(get(stack, 'aws_ecs_service', 'search'));
        onInstances(stack);
        add(stack, 'aws_ecs_service', 'search', service);
        delete get(stack, 'aws_security_group', 'hosts').tags;
        delete get(stack, 'aws_launch_template', 'hosts').metadata_options;
        run.change(stack);
      },
    };
  }),
];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function mixed(stack: Stack, change: (template: Block) => void): void {
  onInstances(stack);
  const other = { ...get(stack, 'aws_launch_template', 'hosts') };
  change(other);
  add(stack, 'aws_launch_template', 'other', other);
  const group = get(stack, 'aws_autoscaling_group', 'hosts');
  delete group.launch_template;
  const named = (name: string): Block => ({
    launch_template_specification: { launch_template_id: id(`aws_launch_template.${name}`), version: '$Latest' },
  });
  group.mixed_instances_policy = {
    launch_template: {
      ...named('hosts'),
      override: [{ instance_type: 'm5.large' }, { instance_type: 'm7g.large', ...named('other') }],
    },
  };
}

function fleet(specification: unknown, group = 'hosts'): (stack: Stack) => void {
  return (stack) => {
    onInstances(stack);
    add(stack, 'aws_spot_fleet_request', 'hosts', {
      iam_fleet_role: 'arn:aws:iam::111111111111:role/fleet',
      target_capacity: 1,
      launch_specification: specification ?? [
        {
          ami: 'ami-1',
          instance_type: 'm5.large',
          subnet_id: id('aws_subnet.isolated'),
          vpc_security_group_ids: [id(`aws_security_group.${group}`)],
          user_data: USER_DATA,
        },
      ],
    });
  };
}

const HOSTS: readonly Leak[] = [
  {
    name: 'a second launch template of a mixed group whose agent does not keep tasks from IMDS',
    breaks: ['C7'],
    names: 'aws_launch_template.other does not keep',
    change: (stack) =>
      mixed(stack, (template) => {
        template.user_data = base64('#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n');
      }),
  },
  {
    name: 'a second launch template of a mixed group without user data',
    breaks: ['C7'],
    names: 'aws_launch_template.other does not keep',
    change: (stack) =>
      mixed(stack, (template) => {
        delete template.user_data;
      }),
  },
  {
    name: 'an instance whose user data takes the place of those of its launch template',
    breaks: ['C7'],
    names: 'aws_instance.host does not keep',
    change: (stack) => {
      onInstances(stack);
      addHostOf(stack, 'hosts', { user_data: '#!/bin/bash\n' });
    },
  },
  {
    name: 'a host whose launch template names no group and answers IMDSv1',
    breaks: ['C7'],
    names: 'aws_launch_template.bare',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'bare', { image_id: 'ami-1' });
      addHostOf(stack, 'bare', { user_data: USER_DATA });
    },
  },
  {
    name: 'an instance of which a state has the hash of its user data alone',
    unproven: ['C7'],
    names: 'aws_instance.host',
    change: (stack) => {
      onInstances(stack);
      addHostOf(stack, 'hosts', { user_data: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' });
    },
  },
  {
    name: 'hosts of a spot fleet, whose own specifications cannot ask for IMDSv2',
    breaks: ['C7'],
    names: 'aws_spot_fleet_request.hosts',
    change: fleet(undefined),
  },
  {
    name: 'workloads of a spot fleet, whose own specifications cannot ask for IMDSv2',
    breaks: ['C7'],
    names: 'aws_spot_fleet_request.hosts',
    change: fleet(undefined, 'crawler'),
  },
];

export const MORE_TASKS: readonly Leak[] = [...CONTAINERS, ...VOLUMES, ...STARTED, ...HOSTS];
