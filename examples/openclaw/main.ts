import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { EgressPolicy } from 'cdktf-mcp-egress';
import { EgressPerimeter } from 'cdktf-mcp-egress/aws';

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mcp';
const SECRETS = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret';
const image = (name: string): string => `${REGISTRY}/${name}@sha256:${'0'.repeat(64)}`;

/** OpenClaw as a workload of its own: it calls two MCP servers inside, and reaches its model provider through the gateway. */
class AgentStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: 'eu-central-1' });
    const perimeter = new EgressPerimeter(this, 'Perimeter', {
      policy: EgressPolicy.fromFile(join(__dirname, 'egress.yaml')),
      environmentName: 'agent',
      platform: 'arm64',
      monitoring: {
        emailAddresses: ['agent-team@example.com'],
        canary: {
          workload: 'canary',
          image: image('aws-cli'),
          allowedUrl: 'https://api.anthropic.com/',
          platform: 'arm64',
        },
      },
      servers: {
        openclaw: {
          image: image('openclaw'),
          cpu: 1024,
          memoryLimitMiB: 2048,
          // Its own configuration, sessions and memory. They are gone with the task: keep what must stay in a knowledge base.
          writablePaths: ['/tmp', '/home/node/.openclaw'],
          // With a proxy URL of its own OpenClaw sends the calls to MCP servers inside to the gateway as well, whatever NO_PROXY says;
          // without one it takes HTTPS_PROXY and NO_PROXY.
          environment: { OPENCLAW_PROXY_URL: '' },
          secrets: { ANTHROPIC_API_KEY: `${SECRETS}:agent/anthropic-AbCdEf` },
        },
        'web-search': {
          image: image('web-search'),
          port: 8080,
          secrets: { SEARCH_KEY: `${SECRETS}:agent/search-AbCdEf` },
        },
        'code-host': { image: image('code-host'), port: 8080 },
      },
    });
    const { openclaw, 'web-search': search, 'code-host': code } = perimeter.servers;
    if (!openclaw || !search || !code) throw new Error('the policy and this file name different workloads');
    openclaw.call(search);
    openclaw.call(code);
    new TerraformOutput(this, 'tools', { value: [search.url, code.url] });
  }
}

const app = new App();
new AgentStack(app, 'openclaw');
app.synth();
