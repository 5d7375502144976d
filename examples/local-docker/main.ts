import { join } from 'node:path';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { EgressPolicy } from 'cdktf-mcp-egress';
import { DockerPerimeter } from 'cdktf-mcp-egress/docker';

const image = (name: string): string => `ghcr.io/acme/${name}@sha256:${'0'.repeat(64)}`;

const app = new App();
const stack = new TerraformStack(app, 'local-docker');
new DockerProvider(stack, 'docker', {});
const { servers } = new DockerPerimeter(stack, 'Perimeter', {
  policy: EgressPolicy.fromFile(join(__dirname, 'egress.yaml')),
  image: `docker.io/envoyproxy/envoy@sha256:${'0'.repeat(64)}`,
  servers: {
    agent: { image: image('agent'), port: 8080, user: '1000:1000', secrets: { API_TOKEN: '/srv/secrets/api-token' } },
    'web-search': { image: image('web-search'), port: 8081 },
    ollama: {
      image: `docker.io/ollama/ollama@sha256:${'0'.repeat(64)}`,
      volumes: { '/root/.ollama': 'ollama-models' },
      memoryMiB: 8192,
      pidsLimit: 1024,
    },
  },
});
new TerraformOutput(stack, 'urls', { value: [servers.agent?.url, servers['web-search']?.url] });
app.synth();
