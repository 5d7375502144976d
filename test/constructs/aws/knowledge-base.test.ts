import type { TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../constructs/aws/connections';
import { KnowledgeBase } from '../../../constructs/aws/knowledge-base';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { McpServer } from '../../../constructs/aws/mcp-server';
import { DnsFirewall } from '../../../constructs/aws/dns-firewall';
import type { Access } from '../../../lib/network';
import { ecrImage, exampleGateway } from '../support/fixtures';
import { examplePolicy } from '../support/policies';
import { failure, synthesized, synthesizedApp, type Attributes, type Synthesized } from '../support/synth';

const ROLE = 'mcp-egress-web-search-task';
const MODEL = 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0';
const KNOWLEDGE = 'arn:aws:bedrock:eu-central-1:123456789012:knowledge-base/ABCDEFGHIJ';

function server(stack: TerraformStack, id = 'web-search'): McpServer {
  const gateway = exampleGateway(stack);
  return new McpServer(stack, id, { gateway, image: ecrImage('search') });
}

function lambda(stack: TerraformStack): Connections {
  return Connections.of(new SecurityGroup(stack, 'lambda', { name: 'lambda', vpcId: 'vpc-1' }), 'lambda');
}

function noProxy(stack: Synthesized): string {
  const [container] = stack.containers('mcp-egress-web-search');
  return (container?.environment as Attributes[]).find(({ name }) => name === 'NO_PROXY')?.value as string;
}

test('opens the path, the endpoint, the role and the names for a server', () => {
  const stack = synthesized((scope) => {
    const search = server(scope);
    const { network } = search.gateway;
    const models = KnowledgeBase.bedrock(scope, 'models', { network, modelArns: [MODEL] });
    models.grantAccess(search);
    models.grantAccess(search);
    new DnsFirewall(scope, 'dns', { network, policy: examplePolicy() });
  });
  expect(stack.rules('mcp-egress-web-search', 'egress')).toContain(
    'tcp 443 mcp-egress-bedrock-runtime-endpoint: web-search to bedrock-runtime',
  );
  expect(stack.rules('mcp-egress-bedrock-runtime-endpoint', 'ingress')).toEqual([
    'tcp 443 mcp-egress-web-search: web-search to bedrock-runtime',
  ]);
  const statement = {
    Effect: 'Allow',
    Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    Resource: [MODEL],
    Sid: 'BedrockInvoke',
  };
  expect(stack.granted(ROLE)).toEqual([statement]);
  expect(stack.statements(stack.named('aws_vpc_endpoint', 'mcp-egress-bedrock-runtime'))).toEqual([
    {
      ...statement,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': expect.stringContaining('aws_caller_identity') } },
    },
  ]);
  expect(noProxy(stack)).toMatch(
    /,bedrock-runtime\.\$\{data\.aws_region\.[\w-]+\.id\}\.\$\{data\.aws_partition\.[\w-]+\.dns_suffix\}$/,
  );
  const names = stack.named('aws_route53_resolver_firewall_domain_list', 'mcp-egress-aws').domains as string[];
  expect(names.filter((name) => name.startsWith('bedrock-runtime.'))).toHaveLength(1);
});

test('nobody reaches it before they are granted access', () => {
  const stack = synthesized((scope) => {
    const search = server(scope);
    KnowledgeBase.bedrock(scope, 'models', { network: search.gateway.network, modelArns: [MODEL] });
  });
  expect(stack.rules('mcp-egress-bedrock-runtime-endpoint', 'ingress')).toEqual([]);
  expect(stack.granted(ROLE)).toEqual([]);
  expect(noProxy(stack)).not.toContain('bedrock');
});

test('two knowledge bases of one service share its endpoint', () => {
  const stack = synthesized((scope) => {
    const network = new McpNetwork(scope, 'network');
    KnowledgeBase.bedrock(scope, 'a', { network, modelArns: [MODEL] });
    KnowledgeBase.bedrock(scope, 'b', { network, modelArns: [`${MODEL}-x`] });
  });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(stack.statements(endpoint).map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
    ['BedrockInvoke', [MODEL, `${MODEL}-x`]],
  ]);
});

test('something of your own is let in by its group, and told the rest', () => {
  const added: Access[] = [];
  const stack = synthesized((scope) => {
    const network = new McpNetwork(scope, 'network');
    const docs = KnowledgeBase.bedrock(scope, 'docs', { network, knowledgeBaseArns: [KNOWLEDGE] });
    const connections = lambda(scope);
    const grant = docs.grantAccess({ connections, taskRole: { grant: (access) => added.push(...access) } });
    expect(grant.directNames).toEqual([expect.stringMatching(/^bedrock-agent-runtime\./)]);
    expect(grant.access).toEqual(added);
    expect(grant.url).toBeUndefined();
    expect(docs.grantAccess(connections)).toEqual(grant);
    expect(JSON.parse(docs.identityPolicy ?? '').Statement).toEqual([
      { Sid: 'BedrockRetrieve', Effect: 'Allow', Action: ['bedrock:Retrieve'], Resource: [KNOWLEDGE] },
    ]);
  });
  expect(added).toEqual([{ sid: 'BedrockRetrieve', actions: ['bedrock:Retrieve'], resources: [KNOWLEDGE] }]);
  expect(stack.rules('lambda', 'egress')).toEqual([
    'tcp 443 mcp-egress-bedrock-agent-runtime-endpoint: lambda to bedrock-agent-runtime',
  ]);
});

test('a server of another stack depends on the network, and the network on nothing', () => {
  const stacks = synthesizedApp(['net', 'app'], ({ net, app }) => {
    const network = new McpNetwork(net, 'network');
    const gateway = exampleGateway(app, { network });
    const search = new McpServer(app, 'web-search', { gateway, image: ecrImage('search') });
    KnowledgeBase.s3(app, 'docs', { network, bucketArns: ['arn:aws:s3:::corp-docs'] }).grantAccess(search);
    KnowledgeBase.kendra(app, 'kendra', {
      network,
      indexArns: ['arn:aws:kendra:eu-central-1:123456789012:index/abc-1'],
    }).grantAccess(search);
  });
  expect(stacks.net.json.data.terraform_remote_state).toBeUndefined();
  expect(stacks.net.named('aws_vpc_endpoint', 'mcp-egress-kendra')).toBeDefined();
  expect(stacks.app.granted(ROLE).map(({ Sid }) => Sid)).toEqual(['S3Objects', 'KendraQuery']);
  expect(noProxy(stacks.app)).toMatch(/corp-docs\.s3\.\$\{data\.aws_region/);
});

test('a VPC that is not owned: its owner has to provide the endpoints', () => {
  const attributes = { vpcId: 'vpc-1', isolatedSubnetIds: ['subnet-1'], egressSubnetIds: ['subnet-2'] };
  const build = (scope: TerraformStack, existing: Record<string, { securityGroupId: string }>): void => {
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', { ...attributes, existingEndpoints: existing });
    const bases = [
      KnowledgeBase.bedrock(scope, 'docs', { network, knowledgeBaseArns: [KNOWLEDGE] }),
      KnowledgeBase.openSearchServerless(scope, 'search', {
        network,
        collectionArns: ['arn:aws:aoss:eu-central-1:123456789012:collection/abc'],
      }),
    ];
    const connections = lambda(scope);
    for (const base of bases) base.grantAccess(connections);
  };
  expect(failure((scope) => build(scope, {}))).toContain(
    'bedrock-agent-runtime: an interface endpoint with private DNS (securityGroupId); aoss: an endpoint of OpenSearch Serverless (securityGroupId, vpcEndpointId).',
  );
  const stack = synthesized((scope) =>
    build(scope, { 'bedrock-agent-runtime': { securityGroupId: 'sg-b' }, aoss: { securityGroupId: 'sg-o' } }),
  );
  expect(stack.rules('lambda', 'egress')).toEqual([
    'tcp 443 sg-b: lambda to bedrock-agent-runtime',
    'tcp 443 sg-o: lambda to aoss',
  ]);
  expect(stack.list('aws_vpc_endpoint')).toEqual([]);
});
