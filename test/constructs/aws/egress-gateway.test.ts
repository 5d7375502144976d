import { EcsCluster } from '../../../constructs/aws/ecs-cluster';
import type { EgressGateway, EgressGatewayProps } from '../../../constructs/aws/egress-gateway';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { PrivateNamespace } from '../../../constructs/aws/private-namespace';
import { exampleGateway } from '../support/fixtures';
import { examplePolicy, policyOf } from '../support/policies';
import { synthesized, synthesizedApp, type Synthesized } from '../support/synth';

function gateway(props: Partial<EgressGatewayProps> = {}, look: (made: EgressGateway) => void = () => undefined) {
  return synthesized((scope) => look(exampleGateway(scope, props)));
}

const taskOf = (stack: Synthesized) => stack.only('aws_ecs_task_definition');

describe('with the least that it takes', () => {
  const stack = gateway({}, (made) => {
    expect(made.gatewayName).toBe('gateway.mcp.internal');
    expect(made.namespace.dnsNames).toEqual(['gateway.mcp.internal']);
    expect(made.registryNames).toEqual([]);
  });

  test('two tasks on Fargate in the egress subnets, without public addresses and without a shell', () => {
    const service = stack.only('aws_ecs_service');
    expect(service).toMatchObject({
      name: 'mcp-egress-gateway',
      launch_type: 'FARGATE',
      desired_count: 2,
      deployment_circuit_breaker: { enable: true, rollback: true },
      deployment_minimum_healthy_percent: 100,
      enable_execute_command: false,
      lifecycle: { ignore_changes: ['desired_count'] },
      tags: { Name: 'mcp-egress-gateway' },
    });
    expect(service.network_configuration.assign_public_ip).toBe(false);
    const subnets = service.network_configuration.subnets as string[];
    expect(subnets).toHaveLength(2);
    for (const subnet of subnets) expect(subnet).toMatch(/aws_subnet\.network_Egress_Subnet/);
    expect(service.network_configuration.security_groups).toHaveLength(1);
  });

  test('between two and six tasks, by their load', () => {
    expect(stack.only('aws_appautoscaling_target')).toMatchObject({ min_capacity: 2, max_capacity: 6 });
    const policy = stack.only('aws_appautoscaling_policy').target_tracking_scaling_policy_configuration;
    expect(policy.predefined_metric_specification.predefined_metric_type).toBe('ECSServiceAverageCPUUtilization');
  });

  test('an x86 task of 512 units and 1,024 MiB with its three volumes', () => {
    expect(taskOf(stack)).toMatchObject({
      family: 'mcp-egress-gateway',
      cpu: '512',
      memory: '1024',
      network_mode: 'awsvpc',
      requires_compatibilities: ['FARGATE'],
      runtime_platform: { cpu_architecture: 'X86_64', operating_system_family: 'LINUX' },
      volume: [{ name: 'config' }, { name: 'run' }, { name: 'tmp' }],
    });
  });

  test('its group is tagged with role and mode', () => {
    expect(stack.named('aws_security_group', 'mcp-egress-gateway').tags).toEqual({
      Name: 'mcp-egress-gateway',
      'mcp-egress:role': 'gateway',
      'mcp-egress:mode': 'enforce',
    });
  });

  test('out on the ports of the policy and to endpoints, in from nobody yet', () => {
    expect(stack.rules('mcp-egress-gateway', 'egress')).toEqual([
      'tcp 11434 172.16.0.0/12: gateway to 172.16.0.0/12 on port 11434 (private rule)',
      expect.stringMatching(/^tcp 443 \$\{aws_vpc_endpoint\..*\.prefix_list_id\}: gateway to s3 \(gateway endpoint\)$/),
      'tcp 443 0.0.0.0/0: gateway to allowed hosts on port 443',
      'tcp 443 mcp-egress-ecr.api-endpoint: gateway to ecr.api',
      'tcp 443 mcp-egress-ecr.dkr-endpoint: gateway to ecr.dkr',
      'tcp 443 mcp-egress-logs-endpoint: gateway to logs',
    ]);
    expect(stack.rules('mcp-egress-gateway', 'ingress')).toEqual([]);
  });

  test('it may read its configuration, and nothing else in AWS', () => {
    expect(stack.granted('mcp-egress-gateway-task')).toEqual([
      {
        Sid: 'S3Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: [expect.stringMatching(/^arn:.*:s3:::mcp-egress-config-.*\/config\/\*$/)],
        Condition: { StringEquals: { 'aws:ResourceAccount': expect.stringMatching(/account_id/) } },
      },
    ]);
    const start = stack.granted('mcp-egress-gateway-exec');
    expect(start.map(({ Sid }) => Sid)).toEqual(['EcrLogin', 'EcrPull', 'LogsWrite']);
    expect(start[1]?.Resource).toEqual([
      expect.stringMatching(/:repository\/aws-cli$/),
      expect.stringMatching(/:repository\/envoy$/),
    ]);
  });

  test('through the S3 endpoint its role alone reads the configuration', () => {
    const statements = stack.statements(stack.named('aws_vpc_endpoint', 'mcp-egress-s3'));
    const read = statements.find(({ Sid }) => Sid === 'S3Objects');
    expect(read?.Condition.ArnEquals['aws:PrincipalArn']).toEqual([
      expect.stringMatching(/^arn:.*:iam::.*:role\/mcp-egress-gateway-task$/),
    ]);
    const through = stack.statements(stack.only('aws_s3_bucket_policy')).at(-1)?.Condition;
    expect(through.StringNotEquals['aws:SourceVpce']).toMatch(/aws_vpc_endpoint\.network_Endpoints_s3_\w+\.id/);
  });

  test('the service waits for all that its tasks need', () => {
    const types = (stack.only('aws_ecs_service').depends_on as string[]).map((each) => each.split('.')[0]);
    for (const type of [
      'aws_route',
      'aws_vpc_endpoint',
      'aws_iam_role_policy',
      'aws_cloudwatch_log_group',
      'aws_s3_object',
    ])
      expect(types).toContain(type);
  });

  test('nothing is worth a warning', () => expect(stack.warnings).toEqual([]));
});

test('every prop', () => {
  const stack = synthesized((scope) => {
    const cluster = new EcsCluster(scope, 'cluster', { clusterName: 'mine' });
    const namespace = new PrivateNamespace(scope, 'zone', { vpcId: 'vpc-1', domainName: 'agents.internal' });
    const made = exampleGateway(scope, {
      network: new McpNetwork(scope, 'network', { environmentName: 'prod' }),
      platform: 'arm64',
      cpu: 1024,
      memoryLimitMiB: 4096,
      minTasks: 3,
      maxTasks: 9,
      drainSeconds: 100,
      pollSeconds: 10,
      healthPort: 9999,
      cluster,
      namespace,
      logRetentionDays: 30,
      kmsKeyArn: 'arn:key',
      permissionsBoundary: 'arn:boundary',
      tags: { team: 'x' },
    });
    expect(made.gatewayName).toBe('gateway.agents.internal');
    expect(made.cluster).toBe(cluster);
  });
  expect(stack.only('aws_ecs_cluster').name).toBe('mine');
  expect(stack.only('aws_ecs_service')).toMatchObject({ name: 'prod-gateway', desired_count: 3, tags: { team: 'x' } });
  expect(stack.only('aws_appautoscaling_target')).toMatchObject({ min_capacity: 3, max_capacity: 9 });
  expect(taskOf(stack)).toMatchObject({
    family: 'prod-gateway',
    cpu: '1024',
    memory: '4096',
    runtime_platform: { cpu_architecture: 'ARM64' },
    tags: { team: 'x' },
  });
  const [sync, envoy] = stack.containers('prod-gateway');
  expect(sync?.environment).toContainEqual({ name: 'POLL_SECONDS', value: '10' });
  expect(envoy?.environment).toContainEqual({ name: 'DRAIN_SECONDS', value: '100' });
  expect(envoy?.environment).toContainEqual({ name: 'HEALTH_PORT', value: '9999' });
  expect(envoy?.stopTimeout).toBe(110);
  expect(stack.named('aws_cloudwatch_log_group', '/mcp-egress/prod/gateway')).toMatchObject({
    retention_in_days: 30,
    kms_key_id: 'arn:key',
    tags: { team: 'x' },
  });
  for (const name of ['prod-gateway-task', 'prod-gateway-exec'])
    expect(stack.named('aws_iam_role', name).permissions_boundary).toBe('arn:boundary');
  const decrypt = stack.granted('prod-gateway-task').find(({ Sid }) => Sid === 'KmsDecrypt');
  expect(decrypt).toMatchObject({ Action: ['kms:Decrypt'], Resource: ['arn:key'] });
  expect(decrypt?.Condition.StringEquals['kms:ViaService']).toMatch(/^s3\./);
  expect(stack.only('aws_s3_bucket_server_side_encryption_configuration').rule[0].bucket_key_enabled).toBe(true);
});

test('without NAT its tasks have public addresses', () => {
  const stack = synthesized((scope) => {
    exampleGateway(scope, { network: new McpNetwork(scope, 'network', { natStrategy: 'none' }) });
  });
  const { network_configuration: network } = stack.only('aws_ecs_service');
  expect(network.assign_public_ip).toBe(true);
  for (const subnet of network.subnets) expect(subnet).toMatch(/network_Public_Subnet/);
});

describe('images of public registries', () => {
  const stack = gateway({ image: undefined, syncImage: undefined }, ({ registryNames }) => {
    expect(registryNames).toContain('registry-1.docker.io');
    expect(registryNames).toContain('public.ecr.aws');
    expect([...registryNames].sort()).toEqual(registryNames);
  });

  test('are pulled through NAT, without endpoints of ECR and without rights there', () => {
    expect(stack.list('aws_vpc_endpoint').map(({ tags }) => tags.Name)).toEqual(['mcp-egress-logs', 'mcp-egress-s3']);
    expect(stack.granted('mcp-egress-gateway-exec').map(({ Sid }) => Sid)).toEqual(['LogsWrite']);
  });

  test('have no digest, which is worth a warning', () => {
    expect(stack.warnings).toEqual([
      'image: "docker.io/envoyproxy/envoy:v1.40.0" has no digest, so it may become another image; add @sha256:….',
      'syncImage: "public.ecr.aws/aws-cli/aws-cli:2.31.0" has no digest, so it may become another image; add @sha256:….',
    ]);
  });

  test('open 443 even where the policy does not', () => {
    const quiet = gateway({ image: undefined, policy: policyOf([]) });
    expect(quiet.rules('mcp-egress-gateway', 'egress')).toContainEqual(
      'tcp 443 0.0.0.0/0: gateway to allowed hosts on port 443',
    );
    expect(
      gateway({ policy: policyOf([]) })
        .rules('mcp-egress-gateway', 'egress')
        .join(),
    ).not.toContain('0.0.0.0/0');
  });

  test('of one’s own are named by registryNames', () => {
    gateway({ image: 'registry.example.com/envoy', registryNames: ['registry.example.com'] }, ({ registryNames }) =>
      expect(registryNames).toEqual(['registry.example.com']),
    );
  });
});

test('in mode observe its group says so, lets out 80 and 443, and synth warns', () => {
  const stack = gateway({ policy: examplePolicy('observe') });
  expect(stack.named('aws_security_group', 'mcp-egress-gateway').tags['mcp-egress:mode']).toBe('observe');
  expect(stack.rules('mcp-egress-gateway', 'egress')).toContain(
    'tcp 80 0.0.0.0/0: gateway to allowed hosts on port 80',
  );
  expect(stack.warnings).toEqual([
    'the policy is in mode observe: what it does not allow passes and is only logged; set mode: enforce.',
  ]);
});

test('it stands in another stack than its network, which does not come to need it', () => {
  const { net, gw } = synthesizedApp(['net', 'gw'], (stacks) => {
    exampleGateway(stacks.gw, { network: new McpNetwork(stacks.net, 'network') });
  });
  expect(net.json.data.terraform_remote_state).toBeUndefined();
  expect(net.list('aws_vpc_endpoint')).toHaveLength(4);
  for (const each of gw.only('aws_ecs_service').depends_on) expect(each).not.toMatch(/^data\./);
  expect(JSON.stringify(gw.json.data.terraform_remote_state)).toContain('net');
});
