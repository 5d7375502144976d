import { rmSync } from 'node:fs';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { Container } from '@cdktf/provider-docker/lib/container';
import { TerraformStack, Testing } from 'cdktf';
import {
  DockerEgressGateway,
  DockerMcpServer,
  DockerPerimeter,
  DockerPropsError,
  type DockerPerimeterProps,
} from '../../../constructs/docker';
import { EgressPolicy } from '../../../lib/policy';

type Json = ReturnType<JSON['parse']>;

const DIGEST = `@sha256:${'0'.repeat(64)}`;
const IMAGE = `envoy${DIGEST}`;
const policy = (host: string): EgressPolicy =>
  EgressPolicy.fromObject({
    version: 1,
    workloads: { search: { port: 10000, allow: [{ host }] }, llm: { port: 10001, allow: [] } },
  });
const SERVERS = {
  search: {
    image: `search${DIGEST}`,
    port: 8080,
    secrets: { KEY: '/srv/key' },
    command: ['sh', '-c', 'echo ${HOME} %{x}'],
  },
  llm: { image: `llm${DIGEST}` },
};

function synth(build: (stack: TerraformStack) => void): { json: Json; warnings: string[] } {
  const app = Testing.app();
  try {
    const stack = new TerraformStack(app, 'stack');
    new DockerProvider(stack, 'docker', {});
    build(stack);
    const json = JSON.parse(Testing.synth(stack, true));
    const metadata = stack.node.findAll().flatMap(({ node }) => node.metadata);
    return { json, warnings: metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => data as string) };
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

const perimeter = (props: Partial<DockerPerimeterProps> = {}): Json =>
  synth((stack) => {
    new DockerPerimeter(stack, 'Perimeter', {
      policy: policy('a.example.com'),
      image: IMAGE,
      servers: SERVERS,
      ...props,
    });
  }).json.resource;

/** What is long and has tests of its own. */
function shortened(value: Json): Json {
  if (typeof value === 'string')
    return value.length > 200 ? `(${value.slice(0, 12)}…)` : value.replace(/(?<!:)\b[0-9a-f]{64}\b/, '(hash)');
  if (Array.isArray(value)) return value.map(shortened);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}

/** Construct ids are API, as for AWS: a change here replaces what people have deployed. */
test('the whole stack', () => {
  expect(shortened(perimeter())).toMatchSnapshot();
});

test('a changed policy changes the loader and nothing else', () => {
  const [before, after] = [perimeter(), perimeter({ policy: policy('b.example.com') })];
  const changed = Object.entries<Json>(after.docker_container).filter(
    ([id, each]) => JSON.stringify(each) !== JSON.stringify(before.docker_container[id]),
  );
  expect(changed.map(([, { name }]) => name)).toEqual(['mcp-egress.loader']);
  for (const type of ['docker_network', 'docker_volume', 'docker_image']) expect(after[type]).toEqual(before[type]);
});

test("texts that look like Terraform's templates reach the container as they are", () => {
  const search = Object.values<Json>(perimeter().docker_container).find(({ name }) => name === 'mcp-egress-search');
  expect(search.command).toEqual(['sh', '-c', 'echo $${HOME} %%{x}']);
});

test('everything is told at once, with the construct', () => {
  const servers = { search: { image: '' }, nobody: SERVERS.llm };
  const failing = () => perimeter({ servers, subnetPool: 'x' });
  expect(failing).toThrow(DockerPropsError);
  expect(failing).toThrow(
    /^DockerPerimeter "stack\/Perimeter":\n- subnetPool: .*\n- server nobody: .*\n- server search: image: "" is not an image/,
  );
});

test('parts by themselves: a gateway, a server, and a container of another kind in a workload', () => {
  const { json, warnings } = synth((stack) => {
    const gateway = new DockerEgressGateway(stack, 'Gateway', { policy: policy('a.example.com') });
    const server = new DockerMcpServer(stack, 'search', { ...SERVERS.search, gateway });
    expect(server.url).toBe('http://127.0.0.1:8080');
    const { network, environment, proxyUrl, port } = gateway.workload('llm');
    expect([proxyUrl, port]).toEqual(['http://10.213.113.98:10001', 10001]);
    const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    new Container(stack, 'own', { name: 'own', image: 'own', env, networksAdvanced: [{ name: network.name }] });
  });
  expect(json.resource.docker_container.own.networks_advanced).toEqual([
    { name: expect.stringMatching(/^\$\{docker_network\.Gateway_Workload-llm_\w+\.name\}$/) },
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^image: "docker\.io\/envoyproxy\/envoy:v1\.40\.0" has no digest/)]);
});

test('a workload has one server, and only the policy has workloads', () => {
  const build = (second: string) => () =>
    synth((stack) => {
      const gateway = new DockerEgressGateway(stack, 'Gateway', { policy: policy('a.example.com') });
      new DockerMcpServer(stack, 'search', { ...SERVERS.llm, gateway });
      new DockerMcpServer(stack, 'second', { ...SERVERS.llm, gateway, workload: second });
      gateway.workload('other');
    });
  expect(build('search')).toThrow(
    'workload "search" has an MCP server already; give the second one a workload of its own',
  );
  expect(build('llm')).toThrow('workload "other" is not in the policy (it has: llm, search)');
});
