import { add, get, type Block, type Stack } from '../support/sealed';
import { addStranger, arn, container, id, METADATA_OPTIONS, onInstances, USER_DATA } from '../support/base';
import type { Leak } from './leak';

/** A change of the task definition of the search workload. */
function task(name: string, change: (task: Block) => void): Leak {
  return {
    name,
    breaks: ['C7'],
    names: 'aws_ecs_task_definition.search',
    change: (stack) => change(get(stack, 'aws_ecs_task_definition', 'search')),
  };
}

/** A change of its container. */
function inContainer(name: string, more: Block): Leak {
  return {
    ...task(name, () => undefined),
    change: (stack) => container(stack, 'search', (definition) => Object.assign(definition, more)),
  };
}

/** A change of the launch template of its hosts. */
function host(name: string, names: string, change: (template: Block, stack: Stack) => void): Leak {
  return {
    name,
    breaks: ['C7'],
    names,
    change: (stack) => {
      onInstances(stack);
      change(get(stack, 'aws_launch_template', 'hosts'), stack);
    },
  };
}

const TEMPLATE = 'aws_launch_template.hosts';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const TASKS: readonly Leak[] = [
  task('tasks in the network of their host', (block) => {
    block.network_mode = 'host';
  }),
  task('tasks in bridge mode', (block) => {
    block.network_mode = 'bridge';
  }),
  task('tasks without a network mode, which is bridge', (block) => {
    delete block.network_mode;
  }),
  task('tasks that see the processes of their host', (block) => {
    block.pid_mode = 'host';
  }),
  task("a volume that is the host's root", (block) => {
    block.volume = [{ name: 'root', host_path: '/' }];
  }),
  task("a volume that is the host's Docker socket", (block) => {
    block.volume = [{ name: 'docker', host_path: '/var/run/docker.sock' }];
  }),
  inContainer('a privileged container', { privileged: true }),
  inContainer('a container that may administer the system', {
    linuxParameters: { capabilities: { add: ['SYS_ADMIN'] } },
  }),
  {
    name: 'ECS Exec on a service',
    breaks: ['C7'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').enable_execute_command = true;
    },
  },
  {
    name: 'ECS Exec, written as text',
    breaks: ['C7'],
    names: 'aws_ecs_service.notes',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'notes').enable_execute_command = 'true';
    },
  },
  {
    name: 'a service of a revision that is not in the documents',
    unproven: ['C7'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').task_definition = 'search:3';
    },
  },
  {
    name: 'a second service of the same task definition under another group',
    breaks: ['C7'],
    names: 'aws_ecs_service.copy',
    change: (stack) => {
      addStranger(stack, 'copy');
      add(stack, 'aws_ecs_service', 'copy', {
        ...get(stack, 'aws_ecs_service', 'search'),
        name: 'copy',
        network_configuration: {
          subnets: [id('aws_subnet.egress')],
          security_groups: [id('aws_security_group.copy')],
        },
      });
    },
  },
  {
    name: 'a schedule that runs the task definition under another group',
    breaks: ['C7'],
    names: 'aws_cloudwatch_event_target.nightly',
    change: (stack) => {
      addStranger(stack, 'copy');
      add(stack, 'aws_cloudwatch_event_target', 'nightly', {
        rule: 'nightly',
        arn: arn('aws_ecs_cluster.main'),
        ecs_target: {
          task_definition_arn: arn('aws_ecs_task_definition.search'),
          launch_type: 'FARGATE',
          network_configuration: {
            subnets: [id('aws_subnet.egress')],
            security_groups: [id('aws_security_group.copy')],
          },
        },
      });
    },
  },
  {
    name: 'ECS Exec in a scheduled task',
    breaks: ['C7'],
    names: 'aws_cloudwatch_event_target.nightly',
    change: (stack) =>
      add(stack, 'aws_cloudwatch_event_target', 'nightly', {
        rule: 'nightly',
        arn: arn('aws_ecs_cluster.main'),
        ecs_target: {
          task_definition_arn: arn('aws_ecs_task_definition.search'),
          launch_type: 'FARGATE',
          enable_execute_command: true,
          network_configuration: {
            subnets: [id('aws_subnet.isolated')],
            security_groups: [id('aws_security_group.search')],
          },
        },
      }),
  },
  host('hosts that answer IMDSv1', TEMPLATE, (block) => {
    block.metadata_options = { ...METADATA_OPTIONS, http_tokens: 'optional' };
  }),
  host('hosts whose IMDS answers cross a network', TEMPLATE, (block) => {
    block.metadata_options = { ...METADATA_OPTIONS, http_put_response_hop_limit: 2 };
  }),
  host('hosts that say nothing of IMDS', TEMPLATE, (block) => {
    delete block.metadata_options;
  }),
  host('hosts whose agent does not keep tasks from IMDS', 'tasks from IMDS', (block) => {
    delete block.user_data;
  }),
  host('hosts whose agent is told the contrary later', 'tasks from IMDS', (block) => {
    block.user_data = base64(`${USER_DATA}echo ECS_AWSVPC_BLOCK_IMDS=false >> /etc/ecs/ecs.config\n`);
  }),
  host('hosts where the switch stands in a comment', 'tasks from IMDS', (block) => {
    block.user_data = base64('#!/bin/bash\n# ECS_AWSVPC_BLOCK_IMDS=true\n');
  }),
  host('hosts without a role whose agent does not keep tasks from IMDS', 'tasks from IMDS', (block, stack) => {
    delete get(stack, 'aws_security_group', 'hosts').tags;
    delete block.user_data;
  }),
  {
    name: 'an instance of a workload that answers IMDSv1',
    breaks: ['C7'],
    names: 'aws_instance.crawler',
    change: (stack) => {
      delete get(stack, 'aws_instance', 'crawler').metadata_options;
    },
  },
  {
    name: 'tasks on machines outside of AWS',
    breaks: ['C7'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').launch_type = 'EXTERNAL';
    },
    unproven: ['C7'],
  },
];
