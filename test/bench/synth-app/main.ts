import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { EgressPerimeter } from '../../../constructs/aws';
import { EgressPolicy } from '../../../lib/policy';

/** What `npm run bench:synth` times: a whole environment for five MCP servers, from its sources. */
const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mcp';

// As main.ts does.
process.setSourceMapsEnabled(false);
const app = new App();
const stack = new TerraformStack(app, 'bench');
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
const policy = EgressPolicy.fromFile(join(__dirname, 'egress.yaml'));
const servers = policy.workloads.map(({ name }) => [name, { image: `${REGISTRY}/${name}@sha256:${'0'.repeat(64)}` }]);
new EgressPerimeter(stack, 'Perimeter', { policy, servers: Object.fromEntries(servers) });
app.synth();
console.log(JSON.stringify({ workloads: policy.workloads.length, maxRssKilobytes: process.resourceUsage().maxRSS }));
