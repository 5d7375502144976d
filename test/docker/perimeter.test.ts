import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EgressPolicy } from '../../lib/policy';
import type { DockerPerimeterOptions } from '../../lib/docker';
import { get } from 'node:http';
import { eventually } from '../traffic/support/eventually';
import { DEPLOYMENTS, type Deployment } from './support/deployments';
import { describeDocker } from './support/describe-docker';
import { IMAGE } from './support/image';
import { FORBIDDEN_ADDRESS, METADATA_ADDRESS, Scene, UDP_PORT } from './support/scene';

const SEARCH = 'mcp-egress-web-search';
const LLM = 'mcp-egress-local-llm';
const GATEWAY = 'mcp-egress.gateway';
const LOADER = 'mcp-egress.loader';
/** Addresses that follow from the pool and the workloads' ports (lib/docker/subnets.ts). */
const SEARCH_PROXY = '10.213.113.82:10000';
const OURS = ['10.213.0.2', '10.213.113.82', '10.213.113.98', '10.213.113.99', '10.213.113.84', '10.213.138.18'];
const PORTS = [53, 80, 443, 8080, 9900, 10_000, 10_001, 11_434];

const policy = (...search: string[]): EgressPolicy =>
  EgressPolicy.fromYaml(`version: 1
workloads:
  web-search:
    port: 10000
    allow:
${search.map((rule) => `      - ${rule}\n`).join('')}  local-llm:
    port: 10001
    allow:
      - { host: host.docker.internal, protocol: http, ports: [11434], private: [172.16.0.0/12] }
`);

const SEED = '{ host: api.your-approved-service.com }';
const STAYS = '{ host: stays.example.com, protocol: tcp, ports: [5432], reason: a test }';
const GOES = '{ host: goes.example.com, protocol: tcp, ports: [5432], reason: a test }';
const INSIDE = '{ host: local-llm, protocol: http, ports: [8080], private: [10.213.0.0/16] }';
const COMES = '{ host: comes.example.com, protocol: http }';
const CURL = "curl -sk -m 10 -o /dev/null -w '%{http_code}/%{http_connect}'";

jest.setTimeout(180_000);

describeDocker('a perimeter on a Docker engine', () => {
  const scene = new Scene();

  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  function options(rules: readonly string[]): DockerPerimeterOptions {
    const secret = join(scene.engine.folder, 'secret');
    mkdirSync(scene.engine.folder, { recursive: true });
    writeFileSync(secret, 'a secret\n');
    chownSync(secret, 1000, 1000);
    chmodSync(secret, 0o400);
    const httpd = ['httpd', '-f', '-p', '8080', '-h', '/srv'];
    return {
      policy: policy(...rules),
      image: IMAGE,
      servers: {
        'web-search': {
          image: IMAGE,
          command: httpd,
          port: 8080,
          hostPort: 18_080,
          user: '1000:1000',
          secrets: { TOKEN: secret },
        },
        'local-llm': { image: IMAGE, command: httpd, port: 8080, hostPort: 18_081 },
      },
    };
  }

  describe.each(DEPLOYMENTS)('from %s', (_, make) => {
    let deployment: Deployment;

    beforeAll(async () => {
      deployment = make(scene.engine);
      await deployment.up(options([SEED, INSIDE, STAYS, GOES]));
      await healthy();
    });
    afterAll(() => scene.engine.clear());
    beforeEach(() => scene.forget());

    async function healthy(): Promise<void> {
      await eventually(
        async () => (await scene.engine.inspect(GATEWAY)).State.Health.Status as string,
        (status) => status === 'healthy',
        60_000,
      );
    }

    async function status(container: string, url: string): Promise<string> {
      return (await scene.engine.inside(container, `${CURL} ${url}`)).stdout;
    }

    /** Lines `HOST PORT` of all that can be connected to. */
    async function open(container: string, addresses: readonly string[]): Promise<string[]> {
      const found: string[] = [];
      // Few at a time: a container that may not start another process would seem to be refused.
      for (let at = 0; at < addresses.length; at += 4) {
        const script = `for a in ${addresses.slice(at, at + 4).join(' ')}; do for p in ${PORTS.join(' ')}; do
          (timeout 4 bash -c "exec 3<>/dev/tcp/$a/$p" 2>/dev/null && echo "$a:$p") &
        done; done; wait`;
        const { stdout, stderr } = await scene.engine.inside(container, script);
        expect(stderr).toBe('');
        found.push(...stdout.split('\n').filter(Boolean));
      }
      return found.sort();
    }

    test('answers the two requests of the README from inside a workload, 200 and 403', async () => {
      expect(await status(SEARCH, 'https://api.your-approved-service.com/')).toBe('200/200');
      expect(await status(SEARCH, 'https://evil-exfil-server.net/')).toBe('000/403');
      expect(scene.upstreams.arrivals).toHaveLength(1);
      expect(scene.dns.names).toEqual(['api.your-approved-service.com']);
    });

    test('reaches a model server of the machine under a rule with private, and only from its workload', async () => {
      expect(await status(LLM, 'http://host.docker.internal:11434/api/tags')).toBe('200/000');
      expect(await status(SEARCH, 'http://host.docker.internal:11434/api/tags')).toBe('403/000');
      expect(scene.upstreams.dialled).toEqual(['172.31.255.1']);
    });

    test('reaches a server of another workload by its name, under a rule with private alone', async () => {
      expect(await status(SEARCH, 'http://local-llm:8080/')).toBe('200/000');
      expect(await status(LLM, 'http://web-search:8080/')).toBe('403/000');
      expect(scene.dns.names).toEqual([]);
    });

    test('lets no workload connect to anything but its own port of the gateway', async () => {
      const addresses = [
        ...scene.machineAddresses,
        ...OURS,
        FORBIDDEN_ADDRESS,
        METADATA_ADDRESS,
        '10.213.113.81',
        '172.17.0.1',
      ];
      expect(addresses.filter((each) => each.startsWith('10.213.0.'))).toContain('10.213.0.1');
      expect(await open(SEARCH, addresses)).toEqual([SEARCH_PROXY]);
      expect(await open(LLM, addresses)).toEqual(['10.213.113.98:10001', '10.213.113.99:8080']);
      expect(scene.upstreams.arrivals).toEqual([]);
    });

    test('lets no datagram, echo request or IPv6 packet out', async () => {
      const send = (address: string): string => `echo x >/dev/udp/${address}/${UDP_PORT}`;
      const targets = [FORBIDDEN_ADDRESS, METADATA_ADDRESS, '10.213.0.1', '10.213.113.81', '2606:2800:21f::14'];
      const ping = (address: string): string => `ping -c 1 -W 1 ${address} >/dev/null 2>&1 && echo ${address}`;
      // That the tool can send at all is told by its neighbour, which answers.
      const pings = ['10.213.113.82', ...targets].map(ping).join('; ');
      expect((await scene.engine.inside(SEARCH, `${targets.map(send).join('; ')}; ${pings}`)).stdout).toBe(
        '10.213.113.82\n',
      );
      await scene.engine.inside(LLM, targets.map(send).join('; '));
      expect((await scene.engine.inside(LLM, 'ip -6 address')).stdout).toBe('');
      expect((await scene.engine.inside(LLM, 'ip route add 0.0.0.0/1 via 10.213.113.98')).code).not.toBe(0);
      expect((await scene.engine.inside(LLM, 'arping -c 1 -I eth0 10.213.113.98')).code).not.toBe(0);
      expect(scene.datagrams).toEqual([]);
    });

    test('answers no workload about names, through no resolver', async () => {
      const resolvers = ['', '127.0.0.11', '10.213.113.81', '10.213.0.2', '127.0.0.53'];
      const asked = resolvers.flatMap((resolver) =>
        [SEARCH, LLM].map((container) =>
          scene.engine.inside(container, `timeout 5 nslookup leak.evil.example.com ${resolver}`),
        ),
      );
      for (const { code } of await Promise.all(asked)) expect(code).not.toBe(0);
      expect(scene.dns.names).toEqual([]);
    });

    test('publishes the port of a server on loopback, through nothing that the server could use', async () => {
      expect(await page(18_080)).toBe('the server\n');
      expect(await page(18_081)).toBe('the server\n');
      const ports = JSON.stringify((await scene.engine.inspect(`${SEARCH}.port`)).NetworkSettings.Ports);
      expect(ports).toBe('{"10000/tcp":[{"HostIp":"127.0.0.1","HostPort":"18080"}]}');
    });

    test('gives a server its secret as a file of its own, and no privilege', async () => {
      const shown =
        'cat /run/secrets/TOKEN; stat -c %a:%u /run/secrets/TOKEN; touch /x 2>&1; touch /tmp/x && echo written';
      const { stdout } = await scene.engine.inside(SEARCH, shown);
      expect(stdout).toBe("a secret\n400:1000\ntouch: cannot touch '/x': Read-only file system\nwritten\n");
      for (const name of [SEARCH, `${SEARCH}.port`, LLM, GATEWAY, LOADER]) {
        const { HostConfig: host, Config: config } = await scene.engine.inspect(name);
        expect(host).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'], Privileged: false });
        expect([name, host.ReadonlyRootfs]).toEqual([
          name,
          name !== LOADER || host.Binds?.length > 1 ? host.ReadonlyRootfs : false,
        ]);
        expect(host.Memory).toBeGreaterThan(0);
        expect(JSON.stringify(config.Env)).not.toContain('a secret');
      }
    });

    test('puts a changed policy in force without the gateway, and keeps the tunnels of unchanged rules', async () => {
      const before = await scene.engine.inspect(GATEWAY);
      for (const host of ['stays', 'goes']) await startTunnel(host);
      const changed = await deployment.change(options([SEED, INSIDE, STAYS, COMES]));
      expect(changed).toContain(LOADER);
      expect(changed).not.toMatch(/gateway|web-search|local-llm/);
      expect((await scene.engine.docker('wait', LOADER)).trim()).toBe('0');
      const ended = performance.now();
      expect(await status(SEARCH, 'http://comes.example.com/')).toBe('200/000');
      const inForce = performance.now() - ended;
      const refused = `exec 3<>/dev/tcp/10.213.113.82/10000; printf 'CONNECT goes.example.com:5432 HTTP/1.1\\r\\nHost: goes.example.com:5432\\r\\n\\r\\n' >&3; read -r line <&3; echo "$line"`;
      expect((await scene.engine.inside(SEARCH, refused)).stdout).toContain(' 403 ');
      await eventually(
        () => tunnel('goes'),
        (text) => text.endsWith('closed\n'),
        30_000,
      );
      const closed = performance.now() - ended;
      const beats = (await tunnel('stays')).length;
      await eventually(
        () => tunnel('stays'),
        (text) => text.length > beats,
      );
      expect(await tunnel('stays')).toMatch(/^(beat\n)+$/);
      const after = await scene.engine.inspect(GATEWAY);
      expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
      process.stderr.write(
        `a changed policy: answered by the new rules ${Math.round(inForce)} ms after the loader's end, withdrawn tunnels closed after ${Math.round(closed)} ms\n`,
      );
    });

    test('brings the gateway back with its configuration after a restart', async () => {
      await scene.engine.docker('restart', GATEWAY);
      await healthy();
      expect(await status(SEARCH, 'https://api.your-approved-service.com/')).toBe('200/200');
    });

    /** A tunnel to an echo server that says something all the time, inside the workload; what comes back is in a file. */
    async function startTunnel(host: string): Promise<void> {
      const script = `exec 3<>/dev/tcp/10.213.113.82/10000
        printf 'CONNECT ${host}.example.com:5432 HTTP/1.1\\r\\nHost: ${host}.example.com:5432\\r\\n\\r\\n' >&3
        while read -r line <&3; do [ "$line" = $'\\r' ] && break; done
        while echo beat >&3 && read -r line <&3; do echo "$line"; sleep 0.1; done >/tmp/${host} 2>/dev/null
        echo closed >>/tmp/${host}`;
      await scene.engine.docker('exec', '--detach', SEARCH, 'bash', '-c', `trap '' PIPE; ${script}`);
      await eventually(
        () => tunnel(host),
        (text) => text.includes('beat'),
      );
    }

    async function tunnel(host: string): Promise<string> {
      return (await scene.engine.inside(SEARCH, `cat /tmp/${host}`)).stdout;
    }
  });
});

function page(port: number): Promise<string> {
  return eventually(
    () =>
      new Promise<string>((resolve) => {
        get({ host: '127.0.0.1', port, agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => resolve(text));
          response.on('error', () => resolve(''));
        }).on('error', () => resolve(''));
      }),
    (text) => text !== '',
  );
}
