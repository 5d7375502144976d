import { bundleHash } from '../../../lib/delivery';
import { DockerPlanError, planPerimeter, type ContainerSpec, type DockerPerimeterOptions } from '../../../lib/docker';
import { listenAddresses } from '../../../lib/gateway/listen-addresses';
import { EgressPolicy } from '../../../lib/policy';

const DIGEST = `@sha256:${'0'.repeat(64)}`;
const IMAGE = `envoy${DIGEST}`;
const SERVER = { image: `server${DIGEST}` };

const policy = (...rules: object[]): EgressPolicy =>
  EgressPolicy.fromObject({
    version: 1,
    workloads: { search: { port: 10000, allow: rules }, llm: { port: 10001, allow: [] } },
  });
const ONE = policy({ host: 'one.example.com' });

const plan = (options: Partial<DockerPerimeterOptions> = {}) =>
  planPerimeter({ policy: ONE, image: IMAGE, ...options });

function container(name: string, options: Partial<DockerPerimeterOptions> = {}): ContainerSpec {
  const found = plan(options).containers.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function problems(options: Partial<DockerPerimeterOptions>): readonly string[] {
  try {
    plan(options);
  } catch (error) {
    if (error instanceof DockerPlanError) return error.problems;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('networks', () => {
  test('each workload has a closed one to itself; the gateway alone is in all of them and in the open one', () => {
    const { networks, containers } = plan({ servers: { search: SERVER, llm: SERVER } });
    expect(networks.map(({ name, internal }) => [name, internal])).toEqual([
      ['mcp-egress.egress', false],
      ['mcp-egress-llm', true],
      ['mcp-egress-search', true],
    ]);
    for (const network of networks.filter(({ internal }) => internal)) {
      expect(network.options).toEqual({
        'com.docker.network.bridge.gateway_mode_ipv4': 'isolated',
        'com.docker.network.bridge.inhibit_ipv4': 'true',
      });
    }
    const where = Object.fromEntries(
      containers.map((each) => [each.name, each.networks.map(({ network }) => network)]),
    );
    expect(where).toEqual({
      'mcp-egress.loader': [],
      'mcp-egress.gateway': ['mcp-egress.egress', 'mcp-egress-llm', 'mcp-egress-search'],
      'mcp-egress-llm': ['mcp-egress-llm'],
      'mcp-egress-search': ['mcp-egress-search'],
    });
  });

  test('Envoy listens for each workload at its own address there, and for health checks on loopback', () => {
    const { gateway } = plan();
    expect(listenAddresses(gateway.config).map(({ address, port }) => `${address}:${port}`)).toEqual([
      '10.213.113.98:10001',
      '10.213.113.82:10000',
      '127.0.0.1:9900',
    ]);
    expect(gateway.workloads.map(({ proxyUrl }) => proxyUrl)).toEqual([
      'http://10.213.113.98:10001',
      'http://10.213.113.82:10000',
    ]);
  });
});

describe('containers', () => {
  test('all have limits, and none is read-write but the loader, into which files are put', () => {
    const { containers } = plan({ servers: { search: { ...SERVER, port: 80 } } });
    expect(containers.filter(({ readOnly }) => !readOnly).map(({ name }) => name)).toEqual(['mcp-egress.loader']);
    for (const each of containers) {
      expect(each.memoryMiB).toBeGreaterThan(0);
      expect(each.pidsLimit).toBeGreaterThan(0);
      expect(each.logOptions).toEqual({ 'max-file': '3', 'max-size': '10m' });
    }
  });

  test('a rule changes the loader and nothing else', () => {
    const servers = { search: { ...SERVER, port: 8080 } };
    const [before, after] = [plan({ servers }), plan({ servers, policy: policy({ host: 'two.example.com' }) })];
    const changed = after.containers.filter(
      (each, index) => JSON.stringify(each) !== JSON.stringify(before.containers[index]),
    );
    expect(changed.map(({ name }) => name)).toEqual(['mcp-egress.loader']);
    expect([after.networks, after.volumes]).toEqual([before.networks, before.volumes]);
  });

  test('another static part of the configuration is another gateway and another volume', () => {
    const [before, after] = [plan(), plan({ memoryMiB: 1024 })];
    expect(after.volumes).not.toEqual(before.volumes);
    expect(after.gateway.gateway.environment.CONFIG_IDENTITY).not.toBe(
      before.gateway.gateway.environment.CONFIG_IDENTITY,
    );
  });

  test('the loader has the bundle by its hash, publishes once and ends; it has no network', () => {
    const { files, environment, ...loader } = container('mcp-egress.loader');
    const [current, text] = files;
    const hash = bundleHash(text?.content ?? '');
    expect([current, text?.path]).toEqual([{ path: '/delivery/current', content: `${hash}\n` }, `/delivery/${hash}`]);
    expect(environment).toMatchObject({
      ONCE: '1',
      CONFIG_SOURCE: '/delivery',
      CONFIG_VERSION: hash,
      SETTLE_SECONDS: '1',
    });
    expect(loader).toMatchObject({ networks: [], restart: 'on-failure', oneShot: true });
  });

  test('the loader stays where a rule ends some day, to end its tunnels', () => {
    const loader = container('mcp-egress.loader', {
      policy: policy({ host: 'one.example.com', expires: '2030-01-31' }),
    });
    expect(loader).toMatchObject({ restart: 'unless-stopped', oneShot: false });
    expect(loader.environment).not.toHaveProperty('ONCE');
  });

  test('the gateway knows the machine by name only where a rule does, and says where the rule cannot work', () => {
    const machine = { host: 'host.docker.internal', protocol: 'http', ports: [11434] };
    expect(container('mcp-egress.gateway').extraHosts).toEqual([]);
    const open = { policy: policy(machine) };
    expect(container('mcp-egress.gateway', open).extraHosts).toEqual([
      { host: 'host.docker.internal', ip: 'host-gateway' },
    ]);
    expect(plan(open).warnings).toEqual([
      expect.stringMatching(/^policy: rule host\.docker\.internal:11434 of search .*Add private: /),
    ]);
    expect(plan({ policy: policy({ ...machine, private: ['172.17.0.0/16'] }) }).warnings).toEqual([]);
  });

  test('a server gets the proxy by address, secrets as read-only files, and no resolver', () => {
    const server = container('mcp-egress-search', {
      servers: {
        search: { ...SERVER, secrets: { KEY: '/srv/key' }, volumes: { '/data': 'notes' }, environment: { A: 'b' } },
      },
    });
    expect(server.environment).toMatchObject({
      A: 'b',
      HTTPS_PROXY: 'http://10.213.113.82:10000',
      NODE_USE_ENV_PROXY: '1',
    });
    expect(server.mounts).toEqual([
      { type: 'volume', source: 'notes', target: '/data', readOnly: false },
      { type: 'bind', source: '/srv/key', target: '/run/secrets/KEY', readOnly: true },
    ]);
    expect(server).toMatchObject({ dns: ['127.0.0.1'], after: 'mcp-egress.gateway', ports: [] });
    expect(Object.keys(server.tmpfs)).toEqual(['/tmp']);
  });

  test('a port is published by a forwarder, which listens away from the server', () => {
    const forwarder = container('mcp-egress-search.port', {
      servers: { search: { ...SERVER, port: 80, hostPort: 8081 } },
    });
    expect(forwarder.ports).toEqual([{ address: '127.0.0.1', hostPort: 8081, containerPort: 10_000 }]);
    const [published, inside] = forwarder.networks;
    expect(published).toMatchObject({ network: 'mcp-egress.published', address: '10.213.167.18' });
    expect(inside).toMatchObject({ network: 'mcp-egress-search', address: '10.213.113.84' });
    const { static_resources: resources } = JSON.parse(forwarder.command?.[1] ?? '');
    expect(resources.listeners[0].address.socket_address).toEqual({ address: '10.213.167.18', port_value: 10_000 });
    const { endpoint } = resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0];
    expect(endpoint.address.socket_address).toEqual({ address: '10.213.113.83', port_value: 80 });
  });

  test('images without a digest are told', () => {
    expect(plan({ image: undefined, servers: { search: { image: 'a:1' } } }).warnings).toEqual([
      'image: "docker.io/envoyproxy/envoy:v1.40.0" has no digest, so it may become another image; add @sha256:…',
      'server search: image: "a:1" has no digest, so it may become another image; add @sha256:…',
    ]);
  });
});

describe('problems', () => {
  test('all are told at once', () => {
    const found = problems({
      namePrefix: 'my perimeter',
      healthPort: 10000,
      memoryMiB: 5,
      dns: ['resolver'],
      servers: {
        search: {
          image: 'a b',
          port: 70_000,
          user: '-1',
          secrets: { KEY: 'sk-123' },
          writablePaths: ['/tmp', 'tmp'],
          volumes: { '/tmp': '/srv' },
        },
        nobody: { ...SERVER, hostPort: 1 },
      },
    });
    expect(found).toEqual([
      'namePrefix: "my perimeter" is not up to 40 letters, digits, "-" and "_", the first one a letter or digit',
      'healthPort: 10000 is the port of workload search; choose another one',
      'memoryMiB: 5 is not a whole number from 128 to 1048576',
      'dns: "resolver" is not a resolver as ip:port, like "10.0.0.2:53"',
      'server nobody: hostPort: 1 publishes nothing without port; write the port on which the server listens',
      'server nobody: "nobody" is no workload of the policy (it has: llm, search); add it there with a port, or use one of these names',
      'server search: image: "a b" is not an image, like "ghcr.io/acme/search@sha256:…"',
      'server search: port: 70000 is not a whole number from 1 to 65535',
      'server search: user: "-1" is not "uid:gid" or names, like "1000:1000"',
      expect.stringMatching(/^server search: secrets: KEY: "sk-123" is not the absolute path of a file on the machine/),
      expect.stringMatching(/^server search: writablePaths and volumes: "tmp" is not an absolute path/),
      'server search: writablePaths and volumes: "/tmp" stands twice; leave it out of one of them',
      'server search: volumes: "/srv" is not a volume\'s name; folders of the machine are not mounted',
    ]);
  });

  test('one port of the machine for two servers', () => {
    const servers = { search: { ...SERVER, port: 8080 }, llm: { ...SERVER, port: 8080 } };
    expect(problems({ servers })).toEqual([
      'hostPort: 8080 is published for mcp-egress-llm and for mcp-egress-search; give one of them another hostPort',
    ]);
  });

  test('a rule that leads to the gateway itself', () => {
    const rule = { host: 'x.example.com', protocol: 'http', ports: [10001], private: ['10.213.113.96/28'] };
    expect(() => plan({ policy: policy(rule) })).toThrow(/10001/);
  });
});
