import { createHash } from 'node:crypto';
import { addHostOf, arn, container, id, METADATA_OPTIONS, onInstances, USER_DATA } from '../support/base';
import { add, get, type Block } from '../support/sealed';
import type { Safe } from './safe';

const network = (): Block => ({
  subnets: [id('aws_subnet.isolated')],
  security_groups: [id('aws_security_group.search')],
  assign_public_ip: false,
});

export const TASKS: readonly Safe[] = [
  {
    name: 'a container with labels that differ by case, and rights that are written down as none',
    change: (stack) =>
      container(stack, 'search', (definition) =>
        Object.assign(definition, {
          Privileged: false,
          dockerLabels: { team: 'a', Team: 'b' },
          environment: [{ name: 'URL', value: '${aws_vpc.main.id}' }],
          linuxParameters: { capabilities: { add: ['SYS_PTRACE'], drop: null }, devices: [{ hostPath: '/dev/fuse' }] },
        }),
      ),
  },
  {
    name: 'a Docker volume of a share',
    change: (stack) => {
      get(stack, 'aws_ecs_task_definition', 'search').volume = [
        {
          name: 'share',
          docker_volume_configuration: {
            driver: 'local',
            driver_opts: { type: 'nfs', o: 'addr=10.1.2.20,rw', device: ':/share' },
          },
        },
      ];
    },
  },
  {
    name: 'a schedule that says that there is no ECS Exec, and takes Fargate by a strategy',
    change: (stack) =>
      add(stack, 'aws_scheduler_schedule', 'hourly', {
        schedule_expression: 'rate(1 hour)',
        flexible_time_window: [{ mode: 'OFF' }],
        target: [
          {
            arn: arn('aws_ecs_cluster.main'),
            ecs_parameters: [
              {
                task_definition_arn: arn('aws_ecs_task_definition.search'),
                capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }],
                enable_execute_command: false,
                network_configuration: [network()],
              },
            ],
          },
        ],
      }),
  },
  {
    name: 'hosts of several launch templates, each of which keeps tasks from IMDS',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'other', { ...get(stack, 'aws_launch_template', 'hosts') });
      const group = get(stack, 'aws_autoscaling_group', 'hosts');
      delete group.launch_template;
      const named = (name: string): Block => ({
        launch_template_specification: { launch_template_id: id(`aws_launch_template.${name}`), version: '$Latest' },
      });
      group.mixed_instances_policy = {
        launch_template: { ...named('hosts'), override: [{ instance_type: 'm7g.large', ...named('other') }] },
      };
    },
  },
  {
    name: 'a host whose own user data keep tasks from IMDS, and not those of its launch template',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'bare', { image_id: 'ami-1', metadata_options: METADATA_OPTIONS });
      addHostOf(stack, 'bare', { user_data: USER_DATA });
    },
  },
  {
    name: 'a host that takes the user data of its launch template',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'one', { ...get(stack, 'aws_launch_template', 'hosts') });
      addHostOf(stack, 'one');
    },
  },
  {
    name: 'a host of which a state has the hash of the user data of its launch template',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'one', { ...get(stack, 'aws_launch_template', 'hosts') });
      addHostOf(stack, 'one', { user_data: createHash('sha1').update(USER_DATA).digest('hex') });
    },
  },
  {
    name: 'a host whose launch template switches IMDS off',
    change: (stack) => {
      onInstances(stack);
      add(stack, 'aws_launch_template', 'one', { image_id: 'ami-1', metadata_options: { http_endpoint: 'disabled' } });
      addHostOf(stack, 'one');
    },
  },
  {
    name: 'aliases of the version of a function that is written, and what calls them',
    change: (stack) => {
      const function_name = '${aws_lambda_function.mailer.function_name}';
      add(stack, 'aws_lambda_alias', 'live', {
        function_name,
        name: 'live',
        function_version: '${aws_lambda_function.mailer.version}',
      });
      add(stack, 'aws_lambda_alias', 'next', { function_name, name: 'next', function_version: '$LATEST' });
      add(stack, 'aws_lambda_provisioned_concurrency_config', 'live', {
        function_name: '${aws_lambda_alias.live.function_name}',
        qualifier: '${aws_lambda_alias.live.name}',
        provisioned_concurrent_executions: 1,
      });
      add(stack, 'aws_lambda_event_source_mapping', 'next', {
        function_name: `${arn('aws_lambda_function.mailer')}:next`,
        event_source_arn: 'arn:aws:sqs:eu-west-1:111111111111:mail',
      });
      add(stack, 'aws_cloudwatch_event_target', 'live', { rule: 'hourly', arn: arn('aws_lambda_alias.live') });
    },
  },
  {
    name: 'an older version of a function that is no workload',
    change: (stack) => {
      add(stack, 'aws_lambda_function', 'webhook', { function_name: 'webhook' });
      add(stack, 'aws_lambda_alias', 'webhook', { function_name: 'webhook', name: 'live', function_version: '1' });
      add(stack, 'aws_lambda_alias', 'other', { function_name: 'elsewhere', name: 'live', function_version: '1' });
    },
  },
];
