import { Fn, TerraformVariable, type TerraformStack } from 'cdktf';
import { Ec2Capacity, type Ec2CapacityProps } from '../../../constructs/aws/ec2-capacity';
import { EcsCluster } from '../../../constructs/aws/ecs-cluster';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { synthesized, type Attributes } from '../support/synth';

function build(stack: TerraformStack, props: Partial<Ec2CapacityProps> = {}): Ec2Capacity {
  const network = props.network ?? new McpNetwork(stack, 'network');
  const cluster = props.cluster ?? new EcsCluster(stack, 'cluster', { clusterName: 'agents' });
  return new Ec2Capacity(stack, 'capacity', { ...props, network, cluster });
}

function script(template: Attributes): string {
  return Buffer.from(template.user_data as string, 'base64').toString();
}

test('hosts without public addresses, with encrypted disks and session-bound metadata one hop away', () => {
  const stack = synthesized(build);
  const template = stack.only('aws_launch_template');
  expect(template).toMatchObject({
    name: 'mcp-egress-hosts',
    instance_type: 't3.medium',
    metadata_options: {
      http_endpoint: 'enabled',
      http_tokens: 'required',
      http_put_response_hop_limit: 1,
      instance_metadata_tags: 'disabled',
    },
    block_device_mappings: [
      {
        device_name: '/dev/xvda',
        ebs: { volume_type: 'gp3', volume_size: 30, encrypted: 'true', delete_on_termination: 'true' },
      },
    ],
  });
  const group = `\${aws_security_group.${stack.idOf('aws_security_group', 'mcp-egress-hosts')}.id}`;
  expect(template.network_interfaces).toEqual([
    { associate_public_ip_address: 'false', delete_on_termination: 'true', device_index: 0, security_groups: [group] },
  ]);
  expect(stack.data('aws_ssm_parameter').name).toBe(
    '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  );
  expect(template.image_id).toMatch(/^\$\{data\.aws_ssm_parameter\.\w+\.insecure_value\}$/);
});

test('user data sets the agent and does nothing else', () => {
  expect(script(synthesized(build).only('aws_launch_template'))).toBe(
    [
      '#!/bin/bash',
      "cat >> /etc/ecs/ecs.config <<'END'",
      'ECS_CLUSTER=agents',
      'ECS_AWSVPC_BLOCK_IMDS=true',
      'ECS_ENABLE_TASK_IAM_ROLE=true',
      'ECS_DISABLE_PRIVILEGED=true',
      'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]',
      'ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true',
      'END',
      '',
    ].join('\n'),
  );
});

test('a cluster name that comes at deployment is encoded by Terraform', () => {
  const stack = synthesized((scope) => {
    const { stringValue } = new TerraformVariable(scope, 'cluster_name', { type: 'string' });
    build(scope, { cluster: new EcsCluster(scope, 'cluster', { clusterName: Fn.lower(stringValue) }) });
  });
  expect(stack.only('aws_launch_template').user_data).toMatch(
    /^\$\{base64encode\(join\("", \["#!\/bin\/bash\\ncat.*\\nECS_CLUSTER=", lower\(var\.cluster_name\), "\\nECS_AWSVPC_BLOCK_IMDS=true\\n.*\\nEND\\n"\]\)\)\}$/,
  );
});

test('instances in isolated subnets, scaled and protected by ECS', () => {
  const stack = synthesized(build);
  const instances = stack.only('aws_autoscaling_group');
  expect(instances).toMatchObject({
    min_size: 0,
    max_size: 4,
    protect_from_scale_in: true,
    lifecycle: { ignore_changes: ['desired_capacity'] },
    tag: [
      { key: 'AmazonECSManaged', value: 'true', propagate_at_launch: true },
      { key: 'Name', value: 'mcp-egress-hosts', propagate_at_launch: true },
    ],
  });
  const isolated = ['mcp-egress-isolated-1', 'mcp-egress-isolated-2'];
  expect(instances.vpc_zone_identifier).toEqual(
    isolated.map((name) => `\${aws_subnet.${stack.idOf('aws_subnet', name)}.id}`),
  );
  expect(instances.launch_template.version).toMatch(/^\$\{aws_launch_template\.\w+\.latest_version\}$/);
  expect(stack.only('aws_ecs_capacity_provider')).toMatchObject({
    name: 'mcp-egress-hosts',
    auto_scaling_group_provider: {
      auto_scaling_group_arn: expect.stringMatching(/^\$\{aws_autoscaling_group\.\w+\.arn\}$/),
      managed_termination_protection: 'ENABLED',
      managed_scaling: { status: 'ENABLED', target_capacity: 100 },
    },
  });
  expect(stack.only('aws_ecs_cluster_capacity_providers').capacity_providers).toEqual([
    'FARGATE',
    expect.stringMatching(/^\$\{aws_ecs_capacity_provider\.\w+\.name\}$/),
  ]);
});

test('instances wait for the endpoints of the agent, the rules to them, and the role', () => {
  const stack = synthesized(build);
  const waits = stack.only('aws_autoscaling_group').depends_on as string[];
  const types = waits.map((each) => each.split('.')[0]);
  expect(types.filter((type) => type === 'aws_vpc_endpoint')).toHaveLength(3);
  expect(types.filter((type) => type === 'aws_vpc_security_group_egress_rule')).toHaveLength(3);
  expect(types).toEqual(expect.arrayContaining(['aws_iam_role_policy', 'aws_ecs_cluster']));
});

test('hosts reach the endpoints of ECS alone, and nobody reaches them', () => {
  const stack = synthesized(build);
  expect(stack.named('aws_security_group', 'mcp-egress-hosts').tags).toEqual({
    Name: 'mcp-egress-hosts',
    'mcp-egress:role': 'host',
  });
  expect(stack.rules('mcp-egress-hosts', 'egress')).toEqual([
    'tcp 443 mcp-egress-ecs-agent-endpoint: hosts to ecs-agent',
    'tcp 443 mcp-egress-ecs-endpoint: hosts to ecs',
    'tcp 443 mcp-egress-ecs-telemetry-endpoint: hosts to ecs-telemetry',
  ]);
  expect(stack.rules('mcp-egress-hosts', 'ingress')).toEqual([]);
});

test('role and endpoint let the agent work on its cluster and no other', () => {
  const stack = synthesized(build);
  const granted = stack.granted('mcp-egress-hosts-instance');
  expect(granted.map(({ Sid }) => Sid)).toEqual(['EcsDiscover', 'EcsRegister', 'EcsReport', 'EcsPoll']);
  expect(granted[1]?.Resource).toEqual([expect.stringMatching(/^arn:.*:ecs:.*:cluster\/agents$/)]);
  const endpoint = stack.statements(stack.named('aws_vpc_endpoint', 'mcp-egress-ecs'));
  expect(endpoint.map(({ Action }) => Action)).toEqual(granted.map(({ Action }) => Action));
  for (const statement of endpoint)
    expect(Object.keys(statement.Condition.StringEquals)).toEqual(['aws:PrincipalAccount']);
  for (const name of ['mcp-egress-ecs-agent', 'mcp-egress-ecs-telemetry'])
    expect(stack.named('aws_vpc_endpoint', name).policy).toBeUndefined();
  const [trust] = stack.statements(stack.named('aws_iam_role', 'mcp-egress-hosts-instance'), 'assume_role_policy');
  expect(trust?.Principal).toEqual({ Service: 'ec2.amazonaws.com' });
  expect(stack.only('aws_iam_instance_profile').role).toMatch(/^\$\{aws_iam_role\.\w+\.name\}$/);
});

test('all props', () => {
  const stack = synthesized((scope) =>
    build(scope, {
      capacityName: 'gpu',
      platform: 'arm64',
      instanceType: 'm7gd.large',
      minInstances: 1,
      maxInstances: 9,
      imageId: 'ami-0123456789abcdef0',
      volumeGiB: 100,
      kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k',
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/limit',
      tags: { team: 'agents' },
    }),
  );
  expect(stack.json.data.aws_ssm_parameter).toBeUndefined();
  expect(stack.only('aws_launch_template')).toMatchObject({
    name: 'mcp-egress-gpu',
    image_id: 'ami-0123456789abcdef0',
    instance_type: 'm7gd.large',
    block_device_mappings: [{ ebs: { volume_size: 100, kms_key_id: 'arn:aws:kms:eu-central-1:123456789012:key/k' } }],
    tag_specifications: [{ resource_type: 'volume', tags: { Name: 'mcp-egress-gpu', team: 'agents' } }],
  });
  expect(stack.only('aws_autoscaling_group')).toMatchObject({ min_size: 1, max_size: 9 });
  expect((stack.only('aws_autoscaling_group').tag as Attributes[]).map(({ key }) => key)).toEqual([
    'AmazonECSManaged',
    'Name',
    'team',
  ]);
  expect(stack.named('aws_iam_role', 'mcp-egress-gpu-instance').permissions_boundary).toBe(
    'arn:aws:iam::123456789012:policy/limit',
  );
});

test('arm64 has an image and a type of its own', () => {
  const stack = synthesized((scope) => build(scope, { platform: 'arm64' }));
  expect(stack.data('aws_ssm_parameter').name).toContain('/amazon-linux-2023/arm64/');
  expect(stack.only('aws_launch_template').instance_type).toBe('t4g.medium');
});

test('two capacities share one list of the cluster', () => {
  const stack = synthesized((scope) => {
    const first = build(scope);
    const { cluster } = first;
    const network = scope.node.findChild('network') as McpNetwork;
    new Ec2Capacity(scope, 'more', { cluster, network, capacityName: 'more' });
  });
  expect(stack.only('aws_ecs_cluster_capacity_providers').capacity_providers).toHaveLength(3);
});
