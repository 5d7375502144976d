import type { TerraformStack } from 'cdktf';
import { Ec2Capacity, type Ec2CapacityProps } from '../../../constructs/aws/ec2-capacity';
import { EcsCluster } from '../../../constructs/aws/ecs-cluster';
import { McpServer, type McpServerProps } from '../../../constructs/aws/mcp-server';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { ecrImage, exampleGateway } from '../support/fixtures';
import { failure, synthesized, synthesizedApp } from '../support/synth';

function build(stack: TerraformStack, props: Partial<Ec2CapacityProps> = {}): Ec2Capacity {
  const network = props.network ?? new McpNetwork(stack, 'network');
  const cluster = props.cluster ?? new EcsCluster(stack, 'cluster', { clusterName: 'agents' });
  return new Ec2Capacity(stack, 'capacity', { ...props, network, cluster });
}

function withServer(stack: TerraformStack, props: Partial<McpServerProps> = {}): Ec2Capacity {
  const gateway = exampleGateway(stack);
  const capacity = build(stack, { network: gateway.network, cluster: gateway.cluster, platform: 'arm64' });
  new McpServer(stack, 'web-search', { gateway, image: ecrImage('search'), capacity, ...props });
  return capacity;
}

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';

test('the host pulls, logs and reads secrets; the task has the way to the gateway alone', () => {
  const stack = synthesized((scope) => void withServer(scope, { secrets: { API_KEY: SECRET } }));
  expect(stack.rules('mcp-egress-web-search', 'egress')).toEqual([
    'tcp 10000 mcp-egress-gateway: web-search to its port on the gateway',
  ]);
  expect(stack.rules('mcp-egress-hosts', 'egress').map((rule) => rule.replace(/^.*: /, ''))).toEqual(
    expect.arrayContaining([
      'hosts to ecr.api',
      'hosts to ecr.dkr',
      'hosts to logs',
      'hosts to s3 (gateway endpoint)',
      'hosts to secretsmanager',
    ]),
  );
  expect(stack.rules('mcp-egress-secretsmanager-endpoint', 'ingress')).toEqual([
    'tcp 443 mcp-egress-hosts: hosts to secretsmanager',
  ]);
});

test('runs by the capacity provider, on its platform, after its rules', () => {
  const stack = synthesized((scope) => void withServer(scope));
  const service = stack.named('aws_ecs_service', 'mcp-egress-web-search');
  expect(service.launch_type).toBeUndefined();
  expect(service.capacity_provider_strategy).toEqual([
    { capacity_provider: expect.stringMatching(/^\$\{aws_ecs_capacity_provider\.\w+\.name\}$/), weight: 1 },
  ]);
  const waits = service.depends_on as string[];
  expect(waits.some((each) => each.startsWith('aws_ecs_cluster_capacity_providers.'))).toBe(true);
  expect(waits.filter((each) => /security_group_egress_rule\.capacity_.*ecr/.test(each))).toHaveLength(2);
  const task = stack.list('aws_ecs_task_definition').find(({ family }) => family === 'mcp-egress-web-search');
  expect(task).toMatchObject({
    network_mode: 'awsvpc',
    requires_compatibilities: ['EC2'],
    runtime_platform: { cpu_architecture: 'ARM64' },
  });
  expect(stack.containers('mcp-egress-web-search')[0]?.dockerSecurityOptions).toEqual(['no-new-privileges']);
});

test('fails when its cluster or platform is another one', () => {
  const message = failure((scope) => {
    const gateway = exampleGateway(scope);
    const capacity = build(scope, { network: gateway.network });
    new McpServer(scope, 'web-search', { gateway, image: ecrImage('search'), capacity, platform: 'arm64' });
  });
  expect(message.split('\n').slice(1)).toEqual([
    "- capacity: its cluster is not the gateway's, where the server runs; make it with cluster: gateway.cluster.",
    '- platform: "arm64", but the instances of capacity are "x86"; leave it out, or use other instances.',
  ]);
});

test('a server of another stack opens pulls where the hosts are', () => {
  const stacks = synthesizedApp(['base', 'app'], ({ base, app }) => {
    const gateway = exampleGateway(base);
    const capacity = build(base, { network: gateway.network, cluster: gateway.cluster });
    new McpServer(app, 'web-search', { gateway, image: ecrImage('search'), capacity });
  });
  expect(stacks.base.json.data.terraform_remote_state).toBeUndefined();
  expect(stacks.base.rules('mcp-egress-hosts', 'egress')).toContain(
    'tcp 443 mcp-egress-ecr.api-endpoint: hosts to ecr.api',
  );
  expect(stacks.app.only('aws_ecs_service').capacity_provider_strategy).toHaveLength(1);
});
