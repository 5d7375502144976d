import { add, claimOf, findings, get, proveChanged, type Block, type Stack } from '../../../proof/support/sealed';

const containers = (stack: Stack, rest: Block): void => {
  get(stack, 'aws_ecs_task_definition', 'search').container_definitions = JSON.stringify([
    { name: 'search', image: 'x', ...rest },
  ]);
};
/** A container host with its group, in the isolated subnet, on which `search` runs. */
const host = (stack: Stack, template: Block): void => {
  add(stack, 'aws_security_group', 'host', { vpc_id: '${aws_vpc.main.id}', tags: { 'mcp-egress:role': 'host' } });
  add(stack, 'aws_launch_template', 'host', {
    vpc_security_group_ids: ['${aws_security_group.host.id}'],
    user_data: Buffer.from('#!/bin/sh\necho ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config\n').toString('base64'),
    metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
    ...template,
  });
  add(stack, 'aws_autoscaling_group', 'host', {
    vpc_zone_identifier: ['${aws_subnet.isolated.id}'],
    launch_template: { id: '${aws_launch_template.host.id}', version: '$Latest' },
  });
  add(stack, 'aws_ecs_capacity_provider', 'host', {
    name: 'host',
    auto_scaling_group_provider: { auto_scaling_group_arn: '${aws_autoscaling_group.host.arn}' },
  });
  const service = get(stack, 'aws_ecs_service', 'search');
  delete service.launch_type;
  service.capacity_provider_strategy = [{ capacity_provider: '${aws_ecs_capacity_provider.host.name}', weight: 1 }];
};

describe('C7: tasks and hosts', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'host mode',
      (stack) => (get(stack, 'aws_ecs_task_definition', 'search').network_mode = 'host'),
      /network mode host/,
    ],
    [
      'bridge mode, which is the default',
      (stack) => delete get(stack, 'aws_ecs_task_definition', 'search').network_mode,
      /network mode bridge/,
    ],
    [
      'a privileged container',
      (stack) => containers(stack, { privileged: true }),
      /container "search" of .* is privileged/,
    ],
    [
      'a capability as good as that',
      (stack) => containers(stack, { linuxParameters: { capabilities: { add: ['SYS_ADMIN'] } } }),
      /SYS_ADMIN/,
    ],
    ['ECS Exec', (stack) => (get(stack, 'aws_ecs_service', 'search').enable_execute_command = true), /ECS Exec/],
    [
      'the processes of the host',
      (stack) => (get(stack, 'aws_ecs_task_definition', 'search').pid_mode = 'host'),
      /pid_mode/,
    ],
    [
      'the socket of Docker',
      (stack) =>
        (get(stack, 'aws_ecs_task_definition', 'search').volume = [{ name: 'd', host_path: '/var/run/docker.sock' }]),
      /docker\.sock/,
    ],
    [
      'the same task under no group',
      (stack) =>
        add(stack, 'aws_ecs_service', 'twin', {
          launch_type: 'EC2',
          task_definition: '${aws_ecs_task_definition.search.arn}',
        }),
      /without the workload's security group/,
    ],
    [
      'a host without metadata_options',
      (stack) => host(stack, { metadata_options: undefined }),
      /http_tokens is not set/,
    ],
    [
      'a host with IMDSv1',
      (stack) => host(stack, { metadata_options: { http_tokens: 'optional', http_put_response_hop_limit: 1 } }),
      /http_tokens is "optional"/,
    ],
    [
      'ECS Exec on a service without a task definition',
      (stack) => {
        const service = get(stack, 'aws_ecs_service', 'search');
        delete service.task_definition;
        service.enable_execute_command = true;
      },
      /ECS Exec/,
    ],
    [
      'a hop limit of 2',
      (stack) => host(stack, { metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 2 } }),
      /hop_limit is 2/,
    ],
    [
      'a host that answers tasks',
      (stack) => host(stack, { user_data: Buffer.from('#!/bin/sh\n').toString('base64') }),
      /does not keep tasks from IMDS/,
    ],
    [
      'an instance without metadata_options',
      (stack) =>
        add(stack, 'aws_instance', 'box', {
          subnet_id: '${aws_subnet.isolated.id}',
          vpc_security_group_ids: ['${aws_security_group.search.id}'],
        }),
      /aws_instance\.box/,
    ],
  ])('%s breaks it', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C7').status).toBe('broken');
    expect(findings(proof, 'C7').join('\n')).toMatch(message);
    expect(proof.verdict).toBe('leak');
  });

  it.each<[string, (stack: Stack) => void]>([
    [
      'containers by variable',
      (stack) => (get(stack, 'aws_ecs_task_definition', 'search').container_definitions = '${var.containers}'),
    ],
    [
      'ECS Exec by variable',
      (stack) => (get(stack, 'aws_ecs_service', 'search').enable_execute_command = '${var.exec}'),
    ],
    [
      'a task definition by variable',
      (stack) => (get(stack, 'aws_ecs_service', 'search').task_definition = '${var.task}'),
    ],
    ['hosts that are not shown', (stack) => (get(stack, 'aws_ecs_service', 'search').launch_type = 'EC2')],
  ])('%s leaves it unproven', (_, change) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C7').status).toBe('unproven');
    expect(proof.verdict).toBe('unproven');
  });

  it('keeps it with a host that does all of it', () => {
    const proof = proveChanged((stack) => host(stack, {}));
    expect(
      proof.claims.filter(({ status }) => status !== 'holds').map(({ claim, findings: found }) => [claim, found]),
    ).toEqual([]);
  });
});
