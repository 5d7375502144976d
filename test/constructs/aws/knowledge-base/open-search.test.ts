import { TerraformOutput, TerraformVariable, type TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../../constructs/aws/connections';
import { KnowledgeBase, type OpenSearchDomainKnowledgeProps } from '../../../../constructs/aws/knowledge-base';
import { McpNetwork } from '../../../../constructs/aws/mcp-network';
import { ServiceRole } from '../../../../constructs/aws/service-role';
import { failure, synthesized } from '../../support/synth';

const COLLECTION = 'arn:aws:aoss:eu-central-1:123456789012:collection/abc123';
const DOMAIN = 'arn:aws:es:eu-central-1:123456789012:domain/docs';
const HOST = 'vpc-docs-abc.eu-central-1.es.amazonaws.com';

function grantee(scope: TerraformStack) {
  const connections = Connections.of(new SecurityGroup(scope, 'lambda', { name: 'lambda' }), 'lambda');
  const taskRole = new ServiceRole(scope, 'role', { roleName: 'role', service: 'lambda.amazonaws.com' });
  return { connections, taskRole };
}

function infos(scope: TerraformStack): unknown[] {
  const all = scope.node.findAll().flatMap(({ node }) => node.metadata);
  return all.filter(({ type }) => type === '@cdktf/info').map(({ data }) => data as unknown);
}

test('serverless: one endpoint of its own kind, and the owner is told what to do', () => {
  let told: unknown[] = [];
  const stack = synthesized((scope) => {
    const network = new McpNetwork(scope, 'network', { environmentName: 'env', tags: { team: 'agents' } });
    const search = KnowledgeBase.openSearchServerless(scope, 'search', { network, collectionArns: [COLLECTION] });
    KnowledgeBase.openSearchServerless(scope, 'more', { network, collectionArns: [`${COLLECTION}4`] });
    const { directNames } = search.grantAccess(grantee(scope));
    expect(directNames).toEqual([expect.stringMatching(/^\..*\.aoss\./)]);
    expect(network.endpoints.dnsNames).toContain(`*${directNames[0]}`);
    new TerraformOutput(scope, 'told', { value: search.vpcEndpointId });
    expect(network.endpoints.dependables).toHaveLength(1);
    told = infos(scope);
  });
  const endpoint = stack.only('aws_opensearchserverless_vpc_endpoint');
  expect(stack.json.output.told.value).toMatch(/^\$\{aws_opensearchserverless_vpc_endpoint\.\S+\.id\}$/);
  expect(endpoint).toMatchObject({ name: 'env-aoss', subnet_ids: [expect.any(String), expect.any(String)] });
  expect(stack.list('aws_vpc_endpoint')).toEqual([]);
  expect(stack.named('aws_security_group', 'env-aoss-endpoint').tags).toEqual({
    Name: 'env-aoss-endpoint',
    team: 'agents',
    'mcp-egress:role': 'endpoint',
  });
  expect(endpoint.security_group_ids).toEqual([
    `\${aws_security_group.${stack.idOf('aws_security_group', 'env-aoss-endpoint')}.id}`,
  ]);
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 443 env-aoss-endpoint: lambda to aoss']);
  expect(stack.granted('role')).toEqual([
    { Sid: 'CollectionsUse', Effect: 'Allow', Action: ['aoss:APIAccessAll'], Resource: [COLLECTION] },
  ]);
  expect(told).toEqual([
    expect.stringMatching(/^lambda: the owner of the collection has to name the endpoint .*SourceVPCEs/),
  ]);
});

test('serverless fails without a collection, or with a name for one', () => {
  const build = (collectionArns: string[]) => (scope: TerraformStack) => {
    KnowledgeBase.openSearchServerless(scope, 'kb', { network: new McpNetwork(scope, 'n'), collectionArns });
  };
  expect(failure(build([]))).toContain('collectionArns: nothing named;');
  expect(failure(build(['docs']))).toContain(
    'collectionArns: "docs" is not of the form arn:aws:aoss:R:ACCOUNT:collection/ID.',
  );
});

function domain(scope: TerraformStack, props: Partial<OpenSearchDomainKnowledgeProps> = {}) {
  const network = new McpNetwork(scope, 'network', { environmentName: 'env' });
  const group = new SecurityGroup(scope, 'domain', { name: 'domain' });
  const knowledgeBase = KnowledgeBase.openSearchDomain(scope, 'docs', {
    network,
    domainArn: DOMAIN,
    host: HOST,
    securityGroup: Connections.of(group, 'docs-domain'),
    ...props,
  });
  return { network, knowledgeBase };
}

test('domain: a rule to its group, which is tagged, and searches alone', () => {
  const stack = synthesized((scope) => {
    const { network, knowledgeBase } = domain(scope);
    expect(knowledgeBase.grantAccess(grantee(scope))).toMatchObject({ url: `https://${HOST}`, directNames: [HOST] });
    expect(network.endpoints.dnsNames).toEqual([HOST]);
  });
  expect(stack.named('aws_security_group', 'domain').tags).toEqual({ 'mcp-egress:role': 'endpoint' });
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 443 domain: lambda to docs-domain']);
  expect(stack.rules('domain', 'ingress')).toEqual(['tcp 443 lambda: lambda to docs-domain']);
  expect(stack.granted('role')).toMatchObject([
    { Action: ['es:ESHttpGet', 'es:ESHttpHead'], Resource: [`${DOMAIN}/*`] },
    // Every other POST writes.
    {
      Action: ['es:ESHttpPost'],
      Resource: ['_search', '*/_search', '_msearch', '*/_msearch', '_count', '*/_count'].map(
        (path) => `${DOMAIN}/${path}`,
      ),
    },
  ]);
  expect(stack.warnings).toEqual([]);
  expect(stack.list('aws_vpc_endpoint')).toEqual([]);
});

test('domain: a group that is known by id is to be tagged by its owner', () => {
  const stack = synthesized((scope) => {
    domain(scope, { securityGroup: 'sg-0123' }).knowledgeBase.grantAccess(grantee(scope));
  });
  expect(stack.warnings).toEqual([expect.stringContaining('has to set {"mcp-egress:role":"endpoint"}')]);
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 443 sg-0123: lambda to docs']);
});

test('domain: host and ARN may come at deployment', () => {
  const stack = synthesized((scope) => {
    const { stringValue } = new TerraformVariable(scope, 'text', { type: 'string' });
    domain(scope, { host: stringValue, domainArn: stringValue }).knowledgeBase.grantAccess(grantee(scope));
  });
  expect(stack.granted('role')[0]?.Resource).toEqual(['${var.text}/*']);
});

test('domain fails when host, ARN and group are of another form', () => {
  const message = failure((scope) => {
    domain(scope, { host: `https://${HOST}/`, domainArn: COLLECTION, securityGroup: 'docs' });
  });
  expect(message.split('\n').slice(1)).toEqual([
    `- domainArn: "${COLLECTION}" is not of the form arn:aws:es:R:ACCOUNT:domain/NAME.`,
    `- host: "https://${HOST}/" is not a host in lower case, without https:// and without a path.`,
    '- securityGroup: "docs" is not the id of a security group (sg-…).',
  ]);
});
