import { TerraformOutput, TerraformVariable, Token, type TerraformStack } from 'cdktf';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Connections } from '../../../../constructs/aws/connections';
import { KnowledgeBase } from '../../../../constructs/aws/knowledge-base';
import { McpNetwork } from '../../../../constructs/aws/mcp-network';
import { ServiceRole } from '../../../../constructs/aws/service-role';
import { failure, synthesized, type Attributes, type Synthesized } from '../../support/synth';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234-abcd';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-AbCdEf';
const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table/notes';
const KNOWLEDGE = 'arn:aws:bedrock:eu-central-1:123456789012:knowledge-base/ABCDEFGHIJ';
const PROFILE = 'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0';
const ORGANIZATION = 'o-abcdefghij';

interface Result {
  readonly stack: Synthesized;
  readonly granted: readonly Attributes[];
  readonly names: readonly string[];
}

/** A knowledge base in a network of its own, granted to a group `lambda` and a role `role`. */
function granted(make: (stack: TerraformStack, network: McpNetwork) => KnowledgeBase): Result {
  const stack = synthesized((scope) => {
    const network = new McpNetwork(scope, 'network', { environmentName: 'env' });
    const knowledgeBase = make(scope, network);
    const connections = Connections.of(new SecurityGroup(scope, 'lambda', { name: 'lambda' }), 'lambda');
    const taskRole = new ServiceRole(scope, 'role', { roleName: 'role', service: 'lambda.amazonaws.com' });
    const { directNames } = knowledgeBase.grantAccess({ connections, taskRole });
    new TerraformOutput(scope, 'names', { value: [...directNames, ...network.endpoints.dnsNames] });
  });
  return { stack, granted: stack.granted('role'), names: stack.json.output.names.value as string[] };
}

function brief(statements: readonly Attributes[]): unknown[] {
  return statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]);
}

test('bedrock: questions, answers and models, each through its endpoint', () => {
  const { stack, ...rest } = granted((scope, network) =>
    KnowledgeBase.bedrock(scope, 'kb', {
      network,
      knowledgeBaseArns: [KNOWLEDGE],
      modelArns: [PROFILE],
      generate: true,
      organizationId: ORGANIZATION,
    }),
  );
  expect(brief(rest.granted)).toEqual([
    ['BedrockRetrieve', ['bedrock:Retrieve'], [KNOWLEDGE]],
    ['BedrockAnswer', ['bedrock:RetrieveAndGenerate'], ['*']],
    ['BedrockInvoke', ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'], [PROFILE]],
  ]);
  const agent = stack.statements(stack.named('aws_vpc_endpoint', 'env-bedrock-agent-runtime'));
  expect(agent.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    ['BedrockRetrieve', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
    ['BedrockAnswer', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
  ]);
  expect(stack.statements(stack.named('aws_vpc_endpoint', 'env-bedrock-runtime'))).toHaveLength(1);
  expect(stack.rules('lambda', 'egress')).toHaveLength(2);
  expect(rest.names.slice(0, 2)).toEqual([
    expect.stringMatching(/^bedrock-agent-runtime\./),
    expect.stringMatching(/^bedrock-runtime\./),
  ]);
});

test('bedrock fails when ARNs are of something else, or an answer has no model', () => {
  const message = failure((scope) => {
    const network = new McpNetwork(scope, 'network');
    KnowledgeBase.bedrock(scope, 'kb', {
      network,
      knowledgeBaseArns: [KNOWLEDGE.replace('knowledge-base', 'agent')],
      modelArns: ['amazon.nova-lite-v1:0', PROFILE],
      organizationId: '123',
    });
  });
  expect(message).toBe(
    [
      'KnowledgeBase "stack/kb":',
      '- knowledgeBaseArns: "arn:aws:bedrock:eu-central-1:123456789012:agent/ABCDEFGHIJ" is not of the form arn:aws:bedrock:R:ACCOUNT:knowledge-base/ID.',
      '- modelArns: "amazon.nova-lite-v1:0" is not of the form arn:aws:bedrock:R::foundation-model/ID or arn:aws:bedrock:R:ACCOUNT:inference-profile/ID.',
      '- organizationId: "123" is not the id of an organisation (o-…).',
    ].join('\n'),
  );
  const nothing = failure((scope) => {
    KnowledgeBase.bedrock(scope, 'kb', { network: new McpNetwork(scope, 'network'), generate: true });
  });
  expect(nothing).toContain('knowledgeBaseArns and modelArns: nothing named;');
  expect(nothing).toContain('generate: an answer takes a knowledge base and a model;');
});

test('kendra', () => {
  const index = 'arn:aws:kendra:eu-central-1:123456789012:index/abc-1';
  const { stack, ...rest } = granted((scope, network) =>
    KnowledgeBase.kendra(scope, 'kb', { network, indexArns: [index] }),
  );
  expect(brief(rest.granted)).toEqual([['KendraQuery', ['kendra:Query', 'kendra:Retrieve'], [index]]]);
  expect(brief(stack.statements(stack.only('aws_vpc_endpoint')))).toEqual(brief(rest.granted));
  expect(rest.names[0]).toMatch(/^kendra\./);
  expect(
    failure((scope) => {
      KnowledgeBase.kendra(scope, 'kb', { network: new McpNetwork(scope, 'n'), indexArns: [] });
    }),
  ).toContain('indexArns: nothing named; an endpoint for nothing would be refused by AWS');
});

test('dynamodb: by prefix list, with the key for the role alone', () => {
  const { stack, ...rest } = granted((scope, network) =>
    KnowledgeBase.dynamodb(scope, 'kb', { network, tableArns: [TABLE], kmsKeyArns: [KEY] }),
  );
  const [read, decrypt] = rest.granted;
  expect(read).toMatchObject({ Sid: 'DynamoDbRead', Resource: [TABLE, `${TABLE}/index/*`] });
  expect(decrypt).toMatchObject({ Action: ['kms:Decrypt'], Resource: [KEY] });
  expect(decrypt?.Condition.StringEquals['kms:ViaService']).toMatch(/^dynamodb\./);
  expect(stack.only('aws_vpc_endpoint').vpc_endpoint_type).toBe('Gateway');
  expect(stack.statements(stack.only('aws_vpc_endpoint')).map(({ Sid }) => Sid)).toEqual(['DynamoDbRead']);
  expect(stack.rules('lambda', 'egress')).toEqual([
    expect.stringMatching(/prefix_list_id\}: lambda to dynamodb \(gateway endpoint\)$/),
  ]);
  expect(rest.names).toEqual(expect.arrayContaining([expect.stringMatching(/\.ddb\./)]));
});

test('dynamodb: writes only where that was asked for', () => {
  const { granted: statements } = granted((scope, network) =>
    KnowledgeBase.dynamodb(scope, 'kb', { network, tableArns: [TABLE], access: 'readWrite' }),
  );
  expect(statements.map(({ Sid }) => Sid)).toEqual(['DynamoDbReadWrite']);
  expect(statements[0]?.Action).toContain('dynamodb:PutItem');
});

test('secretsManager', () => {
  const { stack, ...rest } = granted((scope, network) =>
    KnowledgeBase.secretsManager(scope, 'kb', { network, secretArns: [SECRET], kmsKeyArns: [KEY] }),
  );
  expect(brief(rest.granted)).toEqual([
    ['SecretsRead', ['secretsmanager:GetSecretValue'], [SECRET]],
    ['KmsDecrypt', ['kms:Decrypt'], [KEY]],
  ]);
  expect(rest.granted[1]?.Condition.StringEquals['kms:ViaService']).toMatch(/^secretsmanager\./);
  expect(brief(stack.statements(stack.only('aws_vpc_endpoint')))).toEqual(brief(rest.granted.slice(0, 1)));
  expect(
    failure((scope) => {
      const network = new McpNetwork(scope, 'n');
      KnowledgeBase.secretsManager(scope, 'kb', { network, secretArns: ['api'], kmsKeyArns: ['alias/x'] });
    }).split('\n').length,
  ).toBe(3);
});

test('ARNs that are tokens pass; a list that is a token fails', () => {
  const { granted: statements } = granted((scope, network) => {
    const { stringValue } = new TerraformVariable(scope, 'table', { type: 'string' });
    return KnowledgeBase.dynamodb(scope, 'kb', { network, tableArns: [stringValue] });
  });
  expect(statements[0]?.Resource).toEqual(['${var.table}', '${var.table}/index/*']);
  expect(
    failure((scope) => {
      const network = new McpNetwork(scope, 'n');
      KnowledgeBase.dynamodb(scope, 'kb', { network, tableArns: Token.asList('${var.tables}') });
    }),
  ).toContain('tableArns: the list is not known at synth; write it as a list of ARNs (each may be a token).');
});
