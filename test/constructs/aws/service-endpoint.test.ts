import type { Construct } from 'constructs';
import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { ServiceEndpoint, type ServiceEndpointProps } from '../../../constructs/aws/service-endpoint';
import { readSecrets, writeLogs } from '../../../lib/network';
import { failure, synthesized } from '../support/synth';

const INTERFACE: ServiceEndpointProps = {
  service: 'logs',
  serviceName: 'com.amazonaws.eu-central-1.logs',
  environmentName: 'env',
  vpcId: 'vpc-1',
  type: 'Interface',
  subnetIds: ['subnet-1', 'subnet-2'],
  policySupport: true,
};
const GATEWAY: ServiceEndpointProps = {
  ...INTERFACE,
  service: 's3',
  serviceName: 'com.amazonaws.eu-central-1.s3',
  type: 'Gateway',
  routeTableIds: ['rtb-1'],
};

function workload(scope: Construct): RoleSecurityGroup {
  const common = { vpcId: 'vpc-1', role: 'workload', description: 'x' } as const;
  return new RoleSecurityGroup(scope, 'search', { ...common, groupName: 'search', peerName: 'search' });
}

test('an interface endpoint with a group of its own, private DNS and a policy', () => {
  const stack = synthesized((scope) => {
    const endpoint = new ServiceEndpoint(scope, 'logs', INTERFACE);
    endpoint.allow(() => writeLogs(['arn:group']));
    endpoint.admit(workload(scope));
    endpoint.admit(scope.node.findChild('search') as RoleSecurityGroup);
    expect(endpoint.prefixListId).toBeUndefined();
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint).toMatchObject({
    vpc_endpoint_type: 'Interface',
    service_name: 'com.amazonaws.eu-central-1.logs',
    subnet_ids: ['subnet-1', 'subnet-2'],
    private_dns_enabled: true,
    ip_address_type: 'ipv4',
    tags: { Name: 'env-logs' },
  });
  expect(endpoint.route_table_ids).toBeUndefined();
  expect(endpoint.security_group_ids).toEqual([
    `\${aws_security_group.${stack.idOf('aws_security_group', 'env-logs-endpoint')}.id}`,
  ]);
  expect(stack.named('aws_security_group', 'env-logs-endpoint').tags).toEqual({
    Name: 'env-logs-endpoint',
    'mcp-egress:role': 'endpoint',
  });
  expect(stack.rules('search', 'egress')).toEqual(['tcp 443 env-logs-endpoint: search to logs']);
  expect(stack.rules('env-logs-endpoint', 'ingress')).toEqual(['tcp 443 search: search to logs']);
  expect(stack.rules('env-logs-endpoint', 'egress')).toEqual([]);
});

test('a gateway endpoint with routes, and rules by its prefix list', () => {
  const stack = synthesized((scope) => {
    const endpoint = new ServiceEndpoint(scope, 's3', GATEWAY);
    endpoint.allow(() => readSecrets(['arn:x']));
    endpoint.admit(workload(scope));
    expect(endpoint.connections).toBeUndefined();
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint).toMatchObject({ vpc_endpoint_type: 'Gateway', route_table_ids: ['rtb-1'] });
  expect(endpoint.subnet_ids ?? endpoint.security_group_ids ?? endpoint.private_dns_enabled).toBeUndefined();
  expect(stack.rules('search', 'egress')).toEqual([
    expect.stringMatching(/^tcp 443 \$\{aws_vpc_endpoint\.s3\w*\.prefix_list_id\}: search to s3 \(gateway endpoint\)$/),
  ]);
  expect(stack.list('aws_security_group')).toHaveLength(1);
});

test('its policy has what was asked for until the stack is written, each resource once, for callers of the account', () => {
  const stack = synthesized((scope) => {
    const endpoint = new ServiceEndpoint(scope, 'logs', INTERFACE);
    for (const group of ['arn:a', 'arn:a', 'arn:b']) endpoint.allow(() => writeLogs([group]));
    endpoint.allow(() => readSecrets(['arn:c']), { roleArns: ['arn:role'] });
  });
  const statements = stack.statements(stack.only('aws_vpc_endpoint'));
  expect(statements.map(({ Sid }) => Sid)).toEqual(['LogsWrite', 'SecretsRead']);
  for (const { Effect, Condition } of statements) {
    expect(Effect).toBe('Allow');
    expect(Condition.StringEquals['aws:PrincipalAccount']).toMatch(/account_id/);
  }
  expect(statements[1]?.Condition.ArnEquals).toEqual({ 'aws:PrincipalArn': ['arn:role'] });
});

test('a service that takes no policy has none', () => {
  const stack = synthesized((scope) => {
    const endpoint = new ServiceEndpoint(scope, 'agent', { ...INTERFACE, policySupport: false, privateDns: false });
    endpoint.allow(() => writeLogs(['arn:group']));
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint.policy).toBeUndefined();
  expect(endpoint.private_dns_enabled).toBe(false);
});

test('another port stands in the rules and in a tag', () => {
  const stack = synthesized((scope) => {
    const endpoint = new ServiceEndpoint(scope, 'logs', { ...INTERFACE, policySupport: false, port: 8443 });
    endpoint.admit(workload(scope));
  });
  expect(stack.named('aws_security_group', 'env-logs-endpoint').tags['mcp-egress:port']).toBe('8443');
  expect(stack.rules('env-logs-endpoint', 'ingress')).toEqual(['tcp 8443 search: search to logs']);
});

test('fails when nobody said what it is for', () => {
  expect(failure((scope) => new ServiceEndpoint(scope, 'logs', INTERFACE))).toMatch(
    /endpoint logs: nobody said what it is for, so its policy would be empty, which AWS refuses; call allow\(…\) or remove it\./,
  );
});
