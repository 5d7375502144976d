import { TerraformOutput, TerraformVariable, type TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../../constructs/aws/connections';
import { KnowledgeBase, type KnowledgeGrant, type S3KnowledgeProps } from '../../../../constructs/aws/knowledge-base';
import { McpNetwork } from '../../../../constructs/aws/mcp-network';
import type { IMcpNetwork } from '../../../../constructs/aws/network';
import { ServiceRole } from '../../../../constructs/aws/service-role';
import { failure, synthesized, type Synthesized } from '../../support/synth';

const BUCKET = 'arn:aws:s3:::corp-docs';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234-abcd';

type Props = Partial<S3KnowledgeProps>;

function build(scope: TerraformStack, props: Props = {}, network?: IMcpNetwork): KnowledgeGrant {
  const knowledgeBase = KnowledgeBase.s3(scope, 'docs', {
    bucketArns: [BUCKET],
    network: network ?? new McpNetwork(scope, 'network', { environmentName: 'env' }),
    ...props,
  });
  const connections = Connections.of(new SecurityGroup(scope, 'lambda', { name: 'lambda' }), 'lambda');
  const taskRole = new ServiceRole(scope, 'role', { roleName: 'role', service: 'lambda.amazonaws.com' });
  return knowledgeBase.grantAccess({ connections, taskRole });
}

/** The stack, and what the grantee is told as Terraform writes it. */
function granted(props: Props = {}): { stack: Synthesized; names: string[]; url?: string; all: string[] } {
  const stack = synthesized((scope) => {
    const grant = build(scope, props);
    const network = scope.node.findChild('network') as McpNetwork;
    const value = { names: grant.directNames, url: grant.url, all: network.endpoints.dnsNames };
    new TerraformOutput(scope, 'told', { value });
  });
  return { stack, ...(stack.json.output.told.value as { names: string[]; url?: string; all: string[] }) };
}

test('objects of the account, through the gateway endpoint, under the names that SDKs use', () => {
  const { stack, names, all } = granted();
  const statement = {
    Sid: 'S3Objects',
    Effect: 'Allow',
    Action: ['s3:GetObject'],
    Resource: [`${BUCKET}/*`],
    Condition: { StringEquals: { 'aws:ResourceAccount': expect.stringContaining('aws_caller_identity') } },
  };
  expect(stack.granted('role')).toEqual([statement]);
  const [policy] = stack.statements(stack.only('aws_vpc_endpoint'));
  expect(Object.keys(policy?.Condition.StringEquals).sort()).toEqual(['aws:PrincipalAccount', 'aws:ResourceAccount']);
  expect(stack.only('aws_vpc_endpoint').vpc_endpoint_type).toBe('Gateway');
  expect(names).toEqual([
    expect.stringMatching(/^s3\./),
    expect.stringMatching(/^prod-.*-starport-layer-bucket\.s3\./),
    expect.stringMatching(/^corp-docs\.s3\.\$\{data\.aws_region\.\S+\.id\}\.\$\{data\.aws_partition\.\S+\}$/),
  ]);
  expect(all).toEqual(expect.arrayContaining(names));
});

test('keys, actions, an organisation and a customer key', () => {
  const { stack } = granted({
    actions: ['GetObject', 'PutObject', 'ListBucket'],
    keys: ['docs/*'],
    organizationId: 'o-abcdefghij',
    kmsKeyArns: [KEY],
  });
  const [objects, list, key] = stack.granted('role');
  expect(objects).toMatchObject({
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: [`${BUCKET}/docs/*`],
    Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-abcdefghij' } },
  });
  expect(list).toMatchObject({ Action: ['s3:ListBucket'], Resource: [BUCKET] });
  expect(key).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [KEY] });
  expect(key?.Condition.StringEquals['kms:ViaService']).toMatch(/^s3\./);
  const endpoint = stack.statements(stack.only('aws_vpc_endpoint'));
  expect(endpoint.map(({ Sid }) => Sid)).toEqual(['S3Objects', 'S3List']);
  expect(endpoint[0]?.Condition.StringEquals['aws:PrincipalOrgID']).toBe('o-abcdefghij');
});

test('a key for reading alone makes no new ones', () => {
  const { stack } = granted({ kmsKeyArns: [KEY] });
  expect(stack.granted('role')[1]?.Action).toEqual(['kms:Decrypt']);
});

test('an interface endpoint leaves the names of S3 to the gateway endpoint', () => {
  const { stack, names, url, all } = granted({ interfaceEndpoint: true });
  const endpoint = stack.only('aws_vpc_endpoint');
  expect(endpoint).toMatchObject({
    vpc_endpoint_type: 'Interface',
    private_dns_enabled: false,
    service_name: expect.stringMatching(/\.s3$/),
  });
  expect(stack.statements(endpoint).map(({ Sid }) => Sid)).toEqual(['S3Objects']);
  expect(stack.rules('lambda', 'egress')).toEqual(['tcp 443 env-s3-interface-endpoint: lambda to s3-interface']);
  const own = expect.stringMatching(/^\.\$\{trimprefix\(aws_vpc_endpoint\.\S+\.dns_entry\[0\]\.dns_name, "\*\."\)\}$/);
  expect(names).toEqual([own]);
  expect(all.filter((name) => name.startsWith('*'))).toEqual([`*${names[0]}`]);
  expect(url).toBe(`https://bucket${names[0]}`);
});

test('an interface endpoint that is there is called by the name that its owner says', () => {
  const attributes = { vpcId: 'vpc-1', isolatedSubnetIds: ['subnet-1'], egressSubnetIds: ['subnet-2'] };
  const use = (scope: TerraformStack, existingEndpoints: object): KnowledgeGrant => {
    const network = McpNetwork.fromNetworkAttributes(scope, 'network', {
      ...attributes,
      existingEndpoints: existingEndpoints as Record<string, object>,
    });
    return build(scope, { interfaceEndpoint: true }, network);
  };
  synthesized((scope) => {
    const dnsName = 'vpce-1.s3.eu-central-1.vpce.amazonaws.com';
    expect(use(scope, { 's3-interface': { securityGroupId: 'sg-1', dnsName } })).toMatchObject({
      url: `https://bucket.${dnsName}`,
      directNames: [`.${dnsName}`],
    });
  });
  expect(failure((scope) => void use(scope, {}))).toContain(
    's3-interface: an interface endpoint without private DNS (securityGroupId, dnsName)',
  );
});

test('a bucket whose name comes at deployment', () => {
  const stack = synthesized((scope) => {
    const { stringValue } = new TerraformVariable(scope, 'bucket', { type: 'string' });
    const value = build(scope, { bucketArns: [stringValue] }).directNames[2];
    new TerraformOutput(scope, 'told', { value });
  });
  expect(stack.json.output.told.value).toMatch(/^\$\{element\(split\(":::", var\.bucket\), 1\)\}\.s3\./);
  expect(stack.granted('role')[0]?.Resource).toEqual(['${var.bucket}/*']);
});

test('fails when a bucket has a key or a wildcard, or lists are empty', () => {
  const message = failure((scope) => {
    build(scope, { bucketArns: [`${BUCKET}/docs/*`, 'arn:aws:s3:::*'], actions: [], keys: ['/docs'] });
  });
  const form = 'is not of the form arn:aws:s3:::NAME (one bucket, no key; keys go into keys).';
  expect(message.split('\n').slice(1)).toEqual([
    `- bucketArns: "${BUCKET}/docs/*" ${form}`,
    `- bucketArns: "arn:aws:s3:::*" ${form}`,
    '- actions: none given; name one of GetObject, ListBucket, PutObject, or leave actions out.',
    expect.stringMatching(/^- keys: "\/docs" is not a key without "\/" in front/),
  ]);
});
