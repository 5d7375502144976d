import { PrivateNamespace } from '../../../constructs/aws/private-namespace';
import { failure, synthesized } from '../support/synth';

test('a private zone with a name for each service', () => {
  const stack = synthesized((scope) => {
    const namespace = new PrivateNamespace(scope, 'zone', { vpcId: 'vpc-1', domainName: 'mcp.internal' });
    expect(namespace.dnsNames).toEqual([]);
    namespace.addService(scope, 'service', 'search');
    expect(namespace.dnsNames).toEqual(['search.mcp.internal']);
    expect(namespace.nameOf('x')).toBe('x.mcp.internal');
  });
  expect(stack.only('aws_service_discovery_private_dns_namespace')).toMatchObject({
    name: 'mcp.internal',
    vpc: 'vpc-1',
    tags: { Name: 'mcp.internal' },
  });
  expect(stack.only('aws_service_discovery_service')).toMatchObject({
    name: 'search',
    dns_config: { routing_policy: 'MULTIVALUE', dns_records: [{ type: 'A', ttl: 10 }] },
    health_check_custom_config: { failure_threshold: 1 },
    tags: { Name: 'search.mcp.internal' },
  });
});

test.each(['internal', 'MCP.internal', 'mcp.internal.', '-a.internal', 'mcp..internal', 'mcp.1'])(
  'fails when the zone is called %s',
  (domainName) => {
    expect(failure((scope) => new PrivateNamespace(scope, 'zone', { vpcId: 'vpc-1', domainName }))).toBe(
      `PrivateNamespace "stack/zone":\n- domainName: "${domainName}" is not a lower-case domain name with two labels or more, such as mcp.internal.`,
    );
  },
);
