import { McpServer, type McpServerProps } from '../../../constructs/aws/mcp-server';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { ecrImage, exampleGateway } from '../support/fixtures';
import { failure, synthesized, synthesizedApp, type Attributes, type Synthesized } from '../support/synth';

const IMAGE = ecrImage('mcp/search');
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-key-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-central-1:123456789012:parameter/mcp/token';

function server(props: Partial<McpServerProps> = {}, look: (made: McpServer) => void = () => undefined): Synthesized {
  return synthesized((scope) => {
    look(new McpServer(scope, 'web-search', { gateway: exampleGateway(scope), image: IMAGE, ...props }));
  });
}

function containerOf(stack: Synthesized): Attributes {
  const [container] = stack.containers('mcp-egress-web-search');
  if (!container) throw new Error('no container');
  return container;
}

function variablesOf(stack: Synthesized): Record<string, string> {
  const all = containerOf(stack).environment as { name: string; value: string }[];
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

const serviceOf = (stack: Synthesized) => stack.named('aws_ecs_service', 'mcp-egress-web-search');
const taskOf = (stack: Synthesized) =>
  stack.list('aws_ecs_task_definition').find(({ family }) => family === 'mcp-egress-web-search');

describe('with the least that it takes', () => {
  const stack = server({}, (made) => {
    expect(made.workload).toBe('web-search');
    expect(made.serverName).toBeUndefined();
  });

  test('one task on Fargate in the isolated subnets, without a public address and without a shell', () => {
    expect(serviceOf(stack)).toMatchObject({
      launch_type: 'FARGATE',
      desired_count: 1,
      enable_execute_command: false,
      deployment_circuit_breaker: { enable: true, rollback: true },
      network_configuration: { assign_public_ip: false },
    });
    expect(serviceOf(stack).service_registries).toBeUndefined();
    for (const subnet of serviceOf(stack).network_configuration.subnets)
      expect(subnet).toMatch(/aws_subnet\.network_Isolated_Subnet/);
  });

  test('a small task with one folder to write', () => {
    expect(taskOf(stack)).toMatchObject({
      cpu: '256',
      memory: '512',
      requires_compatibilities: ['FARGATE'],
      runtime_platform: { cpu_architecture: 'X86_64' },
      volume: [{ name: 'scratch-1' }],
    });
    expect(containerOf(stack).mountPoints).toEqual([
      { sourceVolume: 'scratch-1', containerPath: '/tmp', readOnly: false },
    ]);
  });

  test('its container has a read-only root, no capabilities, and nothing that was not asked for', () => {
    const container = containerOf(stack);
    expect(container).toMatchObject({
      name: 'server',
      image: IMAGE,
      essential: true,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true },
    });
    for (const key of [
      'command',
      'entryPoint',
      'secrets',
      'portMappings',
      'healthCheck',
      'user',
      'dockerSecurityOptions',
    ])
      expect(container).not.toHaveProperty(key);
    expect(container.logConfiguration.options).toMatchObject({
      'awslogs-group': '/mcp-egress/mcp-egress/web-search',
      'awslogs-stream-prefix': 'server',
      mode: 'non-blocking',
    });
  });

  test('every spelling of the proxy', () => {
    const proxy = 'http://gateway.mcp.internal:10000';
    expect(variablesOf(stack)).toMatchObject({
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      http_proxy: proxy,
      https_proxy: proxy,
      OPENCLAW_PROXY_URL: proxy,
      NODE_USE_ENV_PROXY: '1',
      JAVA_TOOL_OPTIONS: expect.stringContaining('-Dhttps.proxyHost=gateway.mcp.internal -Dhttps.proxyPort=10000'),
    });
    const noProxy = variablesOf(stack).NO_PROXY?.split(',');
    expect(noProxy).toEqual(expect.arrayContaining(['169.254.170.2', '169.254.169.254', '.mcp.internal', 'localhost']));
    expect(variablesOf(stack).no_proxy).toBe(variablesOf(stack).NO_PROXY);
  });

  test('out to its port on the gateway and to the endpoints that it starts with; in from nobody', () => {
    expect(stack.rules('mcp-egress-web-search', 'egress')).toEqual([
      'tcp 10000 mcp-egress-gateway: web-search to its port on the gateway',
      expect.stringMatching(
        /^tcp 443 \$\{aws_vpc_endpoint\..*\.prefix_list_id\}: web-search to s3 \(gateway endpoint\)$/,
      ),
      'tcp 443 mcp-egress-ecr.api-endpoint: web-search to ecr.api',
      'tcp 443 mcp-egress-ecr.dkr-endpoint: web-search to ecr.dkr',
      'tcp 443 mcp-egress-logs-endpoint: web-search to logs',
    ]);
    expect(stack.rules('mcp-egress-web-search', 'ingress')).toEqual([]);
    expect(stack.rules('mcp-egress-gateway', 'ingress')).toEqual([
      'tcp 10000 mcp-egress-web-search: web-search to its port on the gateway',
    ]);
  });

  test('its group is tagged as the workload', () => {
    expect(stack.named('aws_security_group', 'mcp-egress-web-search').tags).toEqual({
      Name: 'mcp-egress-web-search',
      'mcp-egress:role': 'workload',
      'mcp-egress:workload': 'web-search',
      'mcp-egress:port': '10000',
    });
  });

  test('it may do nothing in AWS; ECS may pull its image and write its logs', () => {
    expect(stack.granted('mcp-egress-web-search-task')).toEqual([]);
    const start = stack.granted('mcp-egress-web-search-exec');
    expect(start.map(({ Sid }) => Sid)).toEqual(['EcrLogin', 'EcrPull', 'LogsWrite']);
    expect(start[1]?.Resource).toEqual([expect.stringMatching(/:123456789012:repository\/mcp\/search$/)]);
  });

  test('it waits for the gateway', () => {
    expect(serviceOf(stack).depends_on).toContain(
      `aws_ecs_service.${stack.idOf('aws_ecs_service', 'mcp-egress-gateway')}`,
    );
  });

  test('nothing is worth a warning', () => expect(stack.warnings).toEqual([]));
});

test('every prop', () => {
  const stack = server({
    port: 8080,
    entryPoint: ['/bin/sh', '-c'],
    command: ['exec node "${APP:-server}.js" --format %{json}'],
    environment: { LEVEL: 'debug', HTTP_PROXY: '' },
    secrets: { TOKEN: PARAMETER, API_KEY: SECRET },
    secretKmsKeyArns: ['arn:key-of-secrets'],
    cpu: 1024,
    memoryLimitMiB: 2048,
    healthCheckCommand: ['CMD', 'node', 'healthy.js'],
    desiredCount: 3,
    user: '1000:1000',
    readonlyRootFilesystem: false,
    writablePaths: ['/tmp', '/var/cache'],
    platform: 'arm64',
    logRetentionDays: 30,
    kmsKeyArn: 'arn:key',
    permissionsBoundary: 'arn:boundary',
    tags: { team: 'x' },
  });
  expect(containerOf(stack)).toMatchObject({
    entryPoint: ['/bin/sh', '-c'],
    command: ['exec node "${APP:-server}.js" --format %{json}'],
    secrets: [
      { name: 'API_KEY', valueFrom: SECRET },
      { name: 'TOKEN', valueFrom: PARAMETER },
    ],
    portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
    healthCheck: { command: ['CMD', 'node', 'healthy.js'] },
    user: '1000:1000',
    readonlyRootFilesystem: false,
    mountPoints: [{ containerPath: '/tmp' }, { sourceVolume: 'scratch-2', containerPath: '/var/cache' }],
  });
  expect(variablesOf(stack)).toMatchObject({
    LEVEL: 'debug',
    HTTP_PROXY: '',
    https_proxy: expect.stringMatching(/10000$/),
  });
  expect(taskOf(stack)).toMatchObject({
    cpu: '1024',
    memory: '2048',
    runtime_platform: { cpu_architecture: 'ARM64' },
    tags: { team: 'x' },
  });
  expect(serviceOf(stack)).toMatchObject({ desired_count: 3, tags: { team: 'x' } });
  expect(serviceOf(stack).service_registries.registry_arn).toMatch(/aws_service_discovery_service/);
  expect(stack.named('aws_service_discovery_service', 'web-search')).toBeDefined();
  expect(stack.named('aws_cloudwatch_log_group', '/mcp-egress/mcp-egress/web-search')).toMatchObject({
    retention_in_days: 30,
    kms_key_id: 'arn:key',
  });
  expect(stack.named('aws_iam_role', 'mcp-egress-web-search-task').permissions_boundary).toBe('arn:boundary');
  expect(stack.named('aws_security_group', 'mcp-egress-web-search').tags.team).toBe('x');
  expect(stack.granted('mcp-egress-web-search-exec').slice(-3)).toEqual([
    { Sid: 'SecretsRead', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [SECRET] },
    {
      Sid: 'ParametersRead',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: [PARAMETER],
    },
    { Sid: 'KmsDecrypt', Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:key-of-secrets'] },
  ]);
});

test('its name in the policy may differ from its id, and its name in the zone is that one', () => {
  const stack = synthesized((scope) => {
    const made = new McpServer(scope, 'llm', {
      gateway: exampleGateway(scope),
      workload: 'local-llm',
      image: IMAGE,
      port: 80,
    });
    expect(made.serverName).toBe('local-llm.mcp.internal');
    expect(made.gateway.namespace.dnsNames).toEqual(['gateway.mcp.internal', 'local-llm.mcp.internal']);
  });
  expect(stack.named('aws_security_group', 'mcp-egress-local-llm').tags['mcp-egress:port']).toBe('10001');
});

test('secrets open the endpoints that ECS asks for this task, each for these secrets alone', () => {
  const keyed = `${SECRET}:user:AWSCURRENT:`;
  const stack = server({ secrets: { A: keyed, B: SECRET } });
  const statements = stack.statements(stack.named('aws_vpc_endpoint', 'mcp-egress-secretsmanager'));
  expect(statements.map(({ Resource }) => Resource)).toEqual([[SECRET]]);
  expect(containerOf(stack).secrets[0]).toEqual({ name: 'A', valueFrom: keyed });
  expect(stack.granted('mcp-egress-web-search-exec').at(-1)?.Resource).toEqual([SECRET]);
  expect(stack.rules('mcp-egress-web-search', 'egress')).toContain(
    'tcp 443 mcp-egress-secretsmanager-endpoint: web-search to secretsmanager',
  );
  expect(stack.list('aws_vpc_endpoint').map(({ tags }) => tags.Name)).not.toContain('mcp-egress-ssm');
});

test('names that are reached directly stand in NO_PROXY, also those that are added later', () => {
  const stack = server({}, (made) => made.addDirectNames(['b.example.com', 'a.example.com', 'b.example.com']));
  expect(variablesOf(stack).NO_PROXY).toMatch(/,\.mcp\.internal,a\.example\.com,b\.example\.com$/);
});

test('it stands in another stack than gateway and network, which do not come to need it', () => {
  const { base, app } = synthesizedApp(['base', 'app'], (stacks) => {
    const gateway = exampleGateway(stacks.base, { network: new McpNetwork(stacks.base, 'network') });
    new McpServer(stacks.app, 'web-search', { gateway, image: IMAGE, port: 80, secrets: { A: SECRET } });
  });
  expect(base.json.data.terraform_remote_state).toBeUndefined();
  for (const each of app.only('aws_ecs_service').depends_on) expect(each).not.toMatch(/^data\./);
  expect(app.rules('mcp-egress-web-search', 'egress')).toHaveLength(6);
  expect(base.list('aws_vpc_endpoint')).toHaveLength(5);
});

test('an image without a digest is worth a warning', () => {
  const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mcp/search:1';
  expect(server({ image }).warnings).toEqual([
    `image: "${image}" has no digest, so it may become another image; add @sha256:….`,
  ]);
});

test('a workload has one server: a second one would have the same names', () => {
  const message = failure((scope) => {
    const gateway = exampleGateway(scope);
    new McpServer(scope, 'one', { gateway, workload: 'web-search', image: ecrImage('mcp/web-search') });
    new McpServer(scope, 'two', { gateway, workload: 'web-search', image: ecrImage('mcp/web-search') });
  });
  expect(message).toContain('workload "web-search" has an MCP server already; raise its desiredCount');
});

test('writable folders in memory are open to every user, and take no volume', () => {
  const stack = server({ writablePaths: ['/tmp', '/data'], writableMemoryMiB: 64 });
  const container = containerOf(stack);
  expect(container.linuxParameters.tmpfs).toEqual([
    { containerPath: '/tmp', size: 64, mountOptions: ['mode=1777'] },
    { containerPath: '/data', size: 64, mountOptions: ['mode=1777'] },
  ]);
  expect(container.mountPoints).toEqual([]);
  expect(stack.named('aws_ecs_task_definition', 'mcp-egress-web-search').volume ?? []).toEqual([]);
});

test('a secret takes the name of a proxy variable, which ECS would not take twice', () => {
  const container = containerOf(server({ secrets: { JAVA_TOOL_OPTIONS: SECRET } }));
  const names = container.environment.map(({ name }: { name: string }) => name);
  expect(names).not.toContain('JAVA_TOOL_OPTIONS');
  expect(names).toContain('HTTPS_PROXY');
  expect(container.secrets).toEqual([{ name: 'JAVA_TOOL_OPTIONS', valueFrom: SECRET }]);
});
