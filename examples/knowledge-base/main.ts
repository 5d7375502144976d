import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EgressPolicy } from 'cdktf-mcp-egress';
import { EgressPerimeter, KnowledgeBase } from 'cdktf-mcp-egress/aws';

const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';
const image = (name: string): string =>
  `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/mcp/${name}@sha256:${'0'.repeat(64)}`;

/** Two MCP servers with knowledge bases: a Bedrock one with its model, documents in S3, notes in DynamoDB, and a wiki behind the gateway. */
class KnowledgeStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: REGION });
    const { network, gateway, servers } = new EgressPerimeter(this, 'Perimeter', {
      policy: EgressPolicy.fromFile(join(__dirname, 'egress.yaml')),
      environmentName: 'knowledge',
      servers: { handbook: { image: image('handbook') }, research: { image: image('research') } },
    });
    const { handbook, research } = servers;
    if (!handbook || !research) throw new Error('the policy and this file name different workloads');

    const bedrock = KnowledgeBase.bedrock(this, 'Bedrock', {
      network,
      knowledgeBaseArns: [`arn:aws:bedrock:${REGION}:${ACCOUNT}:knowledge-base/HANDBOOK01`],
      modelArns: [`arn:aws:bedrock:${REGION}::foundation-model/amazon.titan-text-lite-v1`],
    });
    bedrock.grantAccess(handbook);

    const documents = KnowledgeBase.s3(this, 'Documents', { network, bucketArns: ['arn:aws:s3:::corp-handbook'] });
    documents.grantAccess(handbook);
    documents.grantAccess(research);

    const notes = KnowledgeBase.dynamodb(this, 'Notes', {
      network,
      tableArns: [`arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/research-notes`],
    });
    notes.grantAccess(research);

    const wiki = KnowledgeBase.behindGateway(this, 'Wiki', { policy: gateway.policy, host: 'wiki.corp.example.com' });
    wiki.grantAccess(research);
  }
}

const app = new App();
new KnowledgeStack(app, 'knowledge-base');
app.synth();
