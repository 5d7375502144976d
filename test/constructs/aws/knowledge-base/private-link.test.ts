import { TerraformOutput, TerraformVariable, type TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../../constructs/aws/connections';
import { KnowledgeBase, type PrivateLinkKnowledgeProps } from '../../../../constructs/aws/knowledge-base';
import { McpNetwork } from '../../../../constructs/aws/mcp-network';
import type { IMcpNetwork } from '../../../../constructs/aws/network';
import { failure, synthesized } from '../../support/synth';

const SERVICE = 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0';
const ATTRIBUTES = { vpcId: 'vpc-1', isolatedSubnetIds: ['subnet-1'], egressSubnetIds: ['subnet-2'] };

interface Told {
  readonly url?: string;
  readonly names: string[];
  readonly all: string[];
}

function build(scope: TerraformStack, props: Partial<PrivateLinkKnowledgeProps> = {}): void {
  const network: IMcpNetwork = props.network ?? new McpNetwork(scope, 'network', { environmentName: 'env' });
  const vendor = KnowledgeBase.privateLink(scope, 'vendor', { serviceName: SERVICE, ...props, network });
  expect(vendor.identityPolicy).toBeUndefined();
  const connections = Connections.of(new SecurityGroup(scope, 'lambda', { name: 'lambda' }), 'lambda');
  const { url, directNames: names, access } = vendor.grantAccess({ connections });
  expect(access).toEqual([]);
  new TerraformOutput(scope, 'told', { value: { url, names, all: network.endpoints.dnsNames } });
}

test('an endpoint without a policy, by its own name', () => {
  const stack = synthesized((scope) => {
    build(scope);
  });
  const told = stack.json.output.told.value as Told;
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint).toMatchObject({ service_name: SERVICE, vpc_endpoint_type: 'Interface', private_dns_enabled: false });
  expect(endpoint.policy).toBeUndefined();
  expect(endpoint.subnet_ids).toHaveLength(2);
  expect(stack.list('aws_route53_zone')).toEqual([]);
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 443 env-vendor-endpoint: lambda to vendor']);
  expect(told.names).toEqual([expect.stringMatching(/^\$\{aws_vpc_endpoint\.\S+\.dns_entry\[0\]\.dns_name\}$/)]);
  expect(told.all).toEqual(told.names);
  expect(told.url).toBe(`https://${told.names[0]}`);
});

test('a private name is a zone of just this name, with an alias to the endpoint', () => {
  const stack = synthesized((scope) => {
    build(scope, { privateDnsName: 'search.vendor.example', port: 8443, tags: { team: 'agents' } });
  });
  expect(stack.only('aws_route53_zone')).toMatchObject({
    name: 'search.vendor.example',
    vpc: [{ vpc_id: expect.stringMatching(/^\$\{aws_vpc\.\w+\.id\}$/) }],
    tags: { team: 'agents' },
  });
  const entry = /^\$\{aws_vpc_endpoint\.\S+\.dns_entry\[0\]\./;
  expect(stack.only('aws_route53_record')).toMatchObject({
    name: 'search.vendor.example',
    type: 'A',
    alias: {
      name: expect.stringMatching(entry),
      zone_id: expect.stringMatching(/\.hosted_zone_id\}$/),
      evaluate_target_health: false,
    },
  });
  expect(stack.json.output.told.value).toEqual({
    url: 'https://search.vendor.example:8443',
    names: ['search.vendor.example'],
    all: ['search.vendor.example'],
  });
  expect(stack.named('aws_security_group', 'env-vendor-endpoint').tags).toMatchObject({
    'mcp-egress:role': 'endpoint',
    'mcp-egress:port': '8443',
  });
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 8443 env-vendor-endpoint: lambda to vendor']);
});

test("the provider's own private name needs no zone", () => {
  const stack = synthesized((scope) => {
    build(scope, {
      privateDnsName: 'api.vendor.example',
      privateDns: true,
      subnetIds: ['subnet-9'],
      endpointName: 'ven',
    });
  });
  expect(stack.named('aws_vpc_endpoint', 'env-ven')).toMatchObject({
    private_dns_enabled: true,
    subnet_ids: ['subnet-9'],
  });
  expect(stack.list('aws_route53_zone')).toEqual([]);
});

test('a service name that comes at deployment', () => {
  const stack = synthesized((scope) => {
    build(scope, { serviceName: new TerraformVariable(scope, 'service', { type: 'string' }).stringValue });
  });
  expect(stack.only('aws_vpc_endpoint').service_name).toBe('${var.service}');
});

test('in a VPC that is not owned, an endpoint by its own name alone', () => {
  const stack = synthesized((scope) => {
    build(scope, { network: McpNetwork.fromNetworkAttributes(scope, 'network', ATTRIBUTES) });
  });
  expect(stack.only('aws_vpc_endpoint')).toMatchObject({ vpc_id: 'vpc-1', private_dns_enabled: false });
  expect(
    failure((scope) => {
      const network = McpNetwork.fromNetworkAttributes(scope, 'network', ATTRIBUTES);
      build(scope, { network, privateDnsName: 'api.vendor.example' });
    }),
  ).toContain(
    'privateDnsName: "api.vendor.example" would change what the whole VPC resolves, and the VPC is not owned',
  );
});

test('fails when names and ports are of another form', () => {
  const message = failure((scope) => {
    build(scope, { serviceName: 'vendor', port: 0, privateDns: true, subnetIds: [], endpointName: 'a b' });
  });
  expect(message.split('\n').slice(1)).toEqual([
    '- serviceName: "vendor" is not the name of an endpoint service (com.amazonaws.vpce.R.vpce-svc-…).',
    '- port: 0 is not a whole number from 1 to 65535.',
    '- endpointName: "a b" is not 1 to 63 letters, digits, "-" and ".".',
    expect.stringMatching(/^- privateDns: the endpoint answers under a name of its provider; say in privateDnsName/),
    expect.stringMatching(/^- subnetIds: none given;/),
  ]);
});
