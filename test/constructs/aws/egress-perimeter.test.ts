import { EgressPerimeter, type EgressPerimeterProps } from '../../../constructs/aws/egress-perimeter';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { ecrImage, GATEWAY_IMAGES } from '../support/fixtures';
import { examplePolicy } from '../support/policies';
import { failure, synthesized, type Synthesized } from '../support/synth';

const IMAGES = { gatewayImage: GATEWAY_IMAGES.image, syncImage: GATEWAY_IMAGES.syncImage };

function perimeter(props: Partial<EgressPerimeterProps> = {}, look: (made: EgressPerimeter) => void = () => undefined) {
  return synthesized((scope) =>
    look(new EgressPerimeter(scope, 'perimeter', { policy: examplePolicy(), ...IMAGES, ...props })),
  );
}

const answered = (stack: Synthesized): string[] =>
  stack.named('aws_route53_resolver_firewall_domain_list', 'mcp-egress-aws').domains;

test('a policy alone makes network, gateway and DNS Firewall, and every part is there to be added to', () => {
  const stack = perimeter({}, (made) => {
    expect(made.gatewayName).toBe('gateway.mcp.internal');
    expect(made.proxyUrls).toEqual({
      'local-llm': 'http://gateway.mcp.internal:10001',
      'web-search': 'http://gateway.mcp.internal:10000',
    });
    expect(made.egressAddresses).toHaveLength(2);
    expect(made.servers).toEqual({});
    expect(made.dnsFirewall).toBeDefined();
  });
  expect(stack.list('aws_ecs_service')).toHaveLength(1);
  expect(stack.only('aws_vpc').tags.Name).toBe('mcp-egress');
});

test('the resolver answers the names of gateway, servers and endpoints, also of those that come later', () => {
  const stack = perimeter({ servers: { 'web-search': { image: ecrImage('a'), port: 80 } } }, ({ network, gateway }) => {
    network.endpoints.grant('sts', gateway, () => [{ sid: 'X', actions: ['sts:GetCallerIdentity'], resources: ['*'] }]);
  });
  expect(answered(stack)).toEqual(expect.arrayContaining(['gateway.mcp.internal.', 'web-search.mcp.internal.']));
  for (const name of ['logs', 's3', 'api.ecr', 'sts'])
    expect(answered(stack).some((each) => each.startsWith(`${name}.\${data.aws_region`))).toBe(true);
});

test('and those of registries, where images are pulled through NAT', () => {
  const stack = perimeter({ gatewayImage: undefined, syncImage: undefined });
  expect(answered(stack)).toEqual(expect.arrayContaining(['registry-1.docker.io.', 'public.ecr.aws.']));
});

test('props reach network, gateway and servers; a server’s own win', () => {
  const stack = perimeter({
    environmentName: 'prod',
    cidr: '10.9.0.0/16',
    zoneCount: 3,
    natStrategy: 'single',
    eipAllocationIds: ['eipalloc-1'],
    platform: 'arm64',
    minTasks: 3,
    maxTasks: 4,
    logRetentionDays: 30,
    kmsKeyArn: 'arn:key',
    permissionsBoundary: 'arn:boundary',
    tags: { team: 'x' },
    servers: {
      'web-search': { image: ecrImage('a') },
      'local-llm': { image: ecrImage('b'), platform: 'x86', logRetentionDays: 7 },
    },
  });
  expect(stack.only('aws_vpc')).toMatchObject({ cidr_block: '10.9.0.0/16', tags: { Name: 'prod', team: 'x' } });
  expect(stack.only('aws_nat_gateway').allocation_id).toBe('eipalloc-1');
  expect(stack.list('aws_subnet')).toHaveLength(9);
  expect(stack.only('aws_appautoscaling_target')).toMatchObject({ min_capacity: 3, max_capacity: 4 });
  const platforms = stack
    .list('aws_ecs_task_definition')
    .map(({ family, runtime_platform: { cpu_architecture } }) => [family, cpu_architecture]);
  expect(platforms.sort()).toEqual([
    ['prod-gateway', 'ARM64'],
    ['prod-local-llm', 'X86_64'],
    ['prod-web-search', 'ARM64'],
  ]);
  for (const { permissions_boundary } of stack.list('aws_iam_role')) expect(permissions_boundary).toBe('arn:boundary');
  const logs = stack.list('aws_cloudwatch_log_group');
  for (const { name, retention_in_days, kms_key_id, tags } of logs) {
    expect([name, retention_in_days]).toEqual([name, (name as string).endsWith('/local-llm') ? 7 : 30]);
    expect([kms_key_id, tags.team]).toEqual(['arn:key', 'x']);
  }
  expect(logs).toHaveLength(5);
});

test('nothing has a way to anywhere but the gateway', () => {
  const stack = perimeter({ servers: { 'web-search': { image: ecrImage('a') } } });
  const open = stack.list('aws_vpc_security_group_egress_rule').filter(({ cidr_ipv4: cidr }) => cidr === '0.0.0.0/0');
  const gateway = `\${aws_security_group.${stack.idOf('aws_security_group', 'mcp-egress-gateway')}.id}`;
  expect(open.map(({ security_group_id: group }) => group)).toEqual([gateway]);
  for (const direction of ['ingress', 'egress'])
    for (const rule of stack.list(`aws_vpc_security_group_${direction}_rule`)) expect(rule.description).toMatch(/\w/);
});

describe('in a VPC of somebody else', () => {
  const attributes = {
    vpcId: 'vpc-1',
    isolatedSubnetIds: ['subnet-1'],
    egressSubnetIds: ['subnet-2'],
    existingEndpoints: Object.fromEntries([
      ...['logs', 'ecr.api', 'ecr.dkr'].map((id) => [id, { securityGroupId: `sg-${id}` }]),
      ['s3', { prefixListId: 'pl-1', vpcEndpointId: 'vpce-1' }],
    ]),
  };
  const inOther = (props: Partial<EgressPerimeterProps> = {}): Synthesized =>
    synthesized((scope) => {
      const network = McpNetwork.fromNetworkAttributes(scope, 'network', attributes);
      new EgressPerimeter(scope, 'perimeter', { policy: examplePolicy(), ...IMAGES, network, ...props });
    });

  test('nothing is made that binds all of it, and synth says what is missing', () => {
    const stack = inOther();
    for (const type of [
      'aws_vpc',
      'aws_vpc_endpoint',
      'aws_default_security_group',
      'aws_route53_resolver_firewall_config',
    ])
      expect(stack.list(type)).toEqual([]);
    expect(stack.warnings).toEqual([
      expect.stringMatching(/^the VPC is not owned \(ownsVpc\), so DNS Firewall is not made/),
    ]);
    expect(inOther({ dnsFirewall: false }).warnings).toEqual([]);
  });

  test('fails when props say how to make a network', () => {
    const message = failure((scope) => {
      const network = McpNetwork.fromNetworkAttributes(scope, 'network', attributes);
      new EgressPerimeter(scope, 'perimeter', { policy: examplePolicy(), network, cidr: '10.0.0.0/16', zoneCount: 2 });
    });
    expect(message.split('\n')).toEqual([
      'EgressPerimeter "stack/perimeter":',
      '- cidr: says how to make a network, but network gives one; leave one of them out.',
      '- zoneCount: says how to make a network, but network gives one; leave one of them out.',
    ]);
  });
});

test('fails when the policy does not name a server, before anything is made', () => {
  const servers = { search: { image: 'nginx' }, 'web-search': { image: ecrImage('a') } };
  expect(failure((scope) => new EgressPerimeter(scope, 'perimeter', { policy: examplePolicy(), servers }))).toBe(
    'EgressPerimeter "stack/perimeter":\n- servers: "search" is not in the policy (it has: local-llm, web-search); add it there with a port, or use one of these names.',
  );
});

test('the same props give the same bytes', () => {
  const bytes = (): string => JSON.stringify(perimeter({ servers: { 'web-search': { image: ecrImage('a') } } }).json);
  expect(bytes()).toBe(bytes());
});
