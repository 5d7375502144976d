import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { EgressPolicy } from 'cdktf-mcp-egress';
import { EgressPerimeter } from 'cdktf-mcp-egress/aws';

const app = new App();
const stack = new TerraformStack(app, 'minimal');
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
new EgressPerimeter(stack, 'Perimeter', {
  policy: EgressPolicy.fromFile(join(__dirname, 'egress.yaml')),
  servers: {
    'web-search': { image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/mcp/web-search@sha256:${'0'.repeat(64)}` },
  },
});
app.synth();
