import { add, egress, get, ingress, sealed, type Block, type Stack } from './sealed';

/** A reference to a resource's id. */
export function id(address: string): string {
  return `\${${address}.id}`;
}

/** A reference to a resource's ARN. */
export function arn(address: string): string {
  return `\${${address}.arn}`;
}

export const VPC = id('aws_vpc.main');

/** IMDSv2 whose answers cross no container's network. */
export const METADATA_OPTIONS: Block = {
  http_endpoint: 'enabled',
  http_tokens: 'required',
  http_put_response_hop_limit: 1,
};

/** Adds a workload's security group and its way to the gateway, and nothing that carries it. */
export function addWorkload(stack: Stack, name: string, port: number): void {
  const tags = { 'mcp-egress:role': 'workload', 'mcp-egress:workload': name, 'mcp-egress:port': `${port}` };
  add(stack, 'aws_security_group', name, { vpc_id: VPC, tags });
  add(stack, 'aws_vpc_security_group_egress_rule', `${name}_gateway`, egress(name, 'gateway', port));
  add(stack, 'aws_vpc_security_group_ingress_rule', `gateway_${name}`, ingress('gateway', name, port));
}

/** A security group that is no part of the perimeter. */
export function addStranger(stack: Stack, name: string): void {
  add(stack, 'aws_security_group', name, { vpc_id: VPC });
}

/** A rule of the search workload to addresses, on TCP 443. */
export function out(more: Block): Block {
  return {
    security_group_id: id('aws_security_group.search'),
    ip_protocol: 'tcp',
    from_port: 443,
    to_port: 443,
    ...more,
  };
}

/** An interface endpoint in the isolated subnet. */
export function interfaceEndpoint(service_name: string, policy?: string, group = 'logs'): Block {
  return {
    vpc_id: VPC,
    service_name,
    vpc_endpoint_type: 'Interface',
    subnet_ids: [id('aws_subnet.isolated')],
    security_group_ids: [id(`aws_security_group.${group}`)],
    ...(policy !== undefined && { policy }),
  };
}

/** The sealed stack with every kind of workload: two services, a function `mailer` and an instance `crawler`. */
export function base(): Stack {
  const stack = sealed();
  addWorkload(stack, 'mailer', 10002);
  add(stack, 'aws_lambda_function', 'mailer', {
    function_name: 'mailer',
    role: 'arn:aws:iam::111111111111:role/mailer',
    package_type: 'Image',
    image_uri: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/mailer:1',
    vpc_config: {
      subnet_ids: [id('aws_subnet.isolated')],
      security_group_ids: [id('aws_security_group.mailer')],
    },
  });
  addWorkload(stack, 'crawler', 10003);
  add(stack, 'aws_instance', 'crawler', {
    ami: 'ami-0123456789abcdef0',
    instance_type: 't4g.small',
    subnet_id: id('aws_subnet.isolated'),
    vpc_security_group_ids: [id('aws_security_group.crawler')],
    metadata_options: METADATA_OPTIONS,
  });
  return stack;
}

/** User data of a container host that keeps tasks from IMDS. */
export const USER_DATA =
  '#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\necho ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config\n';

/** Moves the search service from Fargate to instances of an auto-scaling group, whose group has the role `host`. */
export function onInstances(stack: Stack): void {
  add(stack, 'aws_security_group', 'hosts', { vpc_id: VPC, tags: { 'mcp-egress:role': 'host' } });
  add(stack, 'aws_vpc_security_group_egress_rule', 'hosts_logs', egress('hosts', 'logs', 443));
  add(stack, 'aws_launch_template', 'hosts', {
    image_id: 'ami-0123456789abcdef0',
    vpc_security_group_ids: [id('aws_security_group.hosts')],
    metadata_options: METADATA_OPTIONS,
    user_data: Buffer.from(USER_DATA).toString('base64'),
  });
  add(stack, 'aws_autoscaling_group', 'hosts', {
    min_size: 1,
    max_size: 1,
    vpc_zone_identifier: [id('aws_subnet.isolated')],
    launch_template: { id: id('aws_launch_template.hosts'), version: '$Latest' },
  });
  add(stack, 'aws_ecs_capacity_provider', 'hosts', {
    name: 'hosts',
    auto_scaling_group_provider: { auto_scaling_group_arn: arn('aws_autoscaling_group.hosts') },
  });
  const search = get(stack, 'aws_ecs_service', 'search');
  delete search.launch_type;
  search.capacity_provider_strategy = { capacity_provider: '${aws_ecs_capacity_provider.hosts.name}', weight: 1 };
}

/** The one container of a task definition. */
export function container(stack: Stack, task: string, change: (definition: Block) => void): void {
  const block = get(stack, 'aws_ecs_task_definition', task);
  const definitions = JSON.parse(String(block.container_definitions)) as Block[];
  for (const definition of definitions) change(definition);
  block.container_definitions = JSON.stringify(definitions);
}

/** Adds a container host by itself, which starts from a launch template. */
export function addHostOf(stack: Stack, template: string, more: Block = {}): void {
  add(stack, 'aws_instance', 'host', {
    subnet_id: id('aws_subnet.isolated'),
    vpc_security_group_ids: [id('aws_security_group.hosts')],
    launch_template: { id: id(`aws_launch_template.${template}`), version: '$Latest' },
    ...more,
  });
}
