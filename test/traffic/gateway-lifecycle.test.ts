import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { compile } from '../../lib/envoy/compile';
import type { CompiledConfig, NamedResource } from '../../lib/envoy/resources';
import { EnvoyConfigError, EnvoyStartError, PortTakenError, PublishError } from '../../lib/gateway/errors';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import { type Gateway, startGateway, type StartOptions } from '../../lib/gateway/start';
import { validate } from '../../lib/gateway/validate';
import { EgressPolicy } from '../../lib/policy/policy';
import { absolute, connect } from './support/clients';
import { eventually } from './support/eventually';
import { freePort } from './support/free-port';
import type { Wire } from './support/wire';

/*
 * The life of a real Envoy: nothing here leaves loopback, so it also runs without a namespace. The only server is an echo; rules reach
 * it by `address`.
 */
let envoy: string;
let echo: net.Server;
let echoPort: number;
let health: number;
const running: Gateway[] = [];

beforeAll(async () => {
  envoy = (await findEnvoy()).path;
  echo = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoPort = (echo.address() as AddressInfo).port;
  health = await freePort();
}, 120_000);

afterEach(() => Promise.all(running.splice(0).map((gateway) => gateway.stop())));
afterAll(() => new Promise((resolve) => echo.close(resolve)));

/** A policy in which each workload may open tunnels to the echo server under some names. */
function policy(workloads: Readonly<Record<string, { port: number; hosts: readonly string[] }>>): EgressPolicy {
  const rule = (host: string) => ({
    host,
    protocol: 'tcp',
    ports: [5432],
    reason: 'echo',
    private: ['127.0.0.1/32'],
    address: `127.0.0.1:${echoPort}`,
  });
  const entries = Object.entries(workloads).map(([name, { port, hosts }]) => [name, { port, allow: hosts.map(rule) }]);
  return EgressPolicy.fromObject({ version: 1, workloads: Object.fromEntries(entries) });
}

function compiled(source: EgressPolicy, directory: string, admin = true): CompiledConfig {
  const options = { directory, bind: '127.0.0.1', healthPort: health };
  return compile(source, admin ? { ...options, adminSocket: join(directory, 'admin.sock') } : options);
}

async function start(source: EgressPolicy, options: Partial<StartOptions> = {}): Promise<Gateway> {
  const config = (directory: string): CompiledConfig => compiled(source, directory);
  const gateway = await startGateway({ envoy, config, drainSeconds: 1, concurrency: 1, ...options });
  running.push(gateway);
  return gateway;
}

const publish = (gateway: Gateway, next: EgressPolicy): Promise<void> =>
  gateway.publish(compiled(next, gateway.directory));

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('fulfilled'),
    (error: Error) => error,
  );
}

async function tunnel(port: number, host: string): Promise<Wire> {
  const { reply, wire } = await connect(port, `${host}:5432`);
  expect(reply.status).toBe(200);
  return wire;
}

async function echoes(wire: Wire): Promise<boolean> {
  wire.write('ping\n');
  return (await wire.line()) === 'ping\n';
}

const status = async (port: number, host: string): Promise<number> =>
  (await connect(port, `${host}:5432`)).reply.status;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The same resources, one of them changed. */
function change(list: readonly NamedResource[], pick: RegExp, fields: object): NamedResource[] {
  return list.map((each) => (pick.test(each.name) ? { ...each, ...fields } : each));
}

describe('validate', () => {
  const config = (): CompiledConfig => compiled(policy({ web: { port: 10000, hosts: ['a.test'] } }), '/run/x');
  const words = async (config: CompiledConfig): Promise<string> => {
    const error = await failure(validate(config, { envoy }));
    expect(error).toBeInstanceOf(EnvoyConfigError);
    return error.message;
  };

  it('takes what the compiler makes', async () => {
    await validate(config(), { envoy });
  });

  it("finds an unknown field, in Envoy's words", async () => {
    const { clusters, ...rest } = config();
    expect(await words({ ...rest, clusters: change(clusters, /^refuse$/, { bogus: 1 }) })).toMatch(
      /^Envoy refuses the compiled configuration:\n {2}error initializing configuration: .*no such field: 'bogus'/,
    );
  });

  it('finds a route to a cluster that is not there', async () => {
    const { routes, ...rest } = config();
    const host = { name: 'x', domains: ['x.test'], routes: [{ match: { prefix: '/' }, route: { cluster: 'nope' } }] };
    expect(await words({ ...rest, routes: change(routes, /^web/, { virtual_hosts: [host] }) })).toContain(
      "route: unknown cluster 'nope'",
    );
  });

  it('finds a domain that is there twice', async () => {
    const { routes, ...rest } = config();
    const host = (name: string) => ({ name, domains: ['x.test'], routes: [] });
    expect(await words({ ...rest, routes: change(routes, /^web/, { virtual_hosts: [host('a'), host('b')] }) })).toMatch(
      /Only unique values for domains are permitted. Duplicate entry of domain x\.test/,
    );
  });
});

describe('start and stop', () => {
  it('serves when it has resolved, answers health and admin, and leaves nothing behind', async () => {
    const port = await freePort();
    const lines: string[] = [];
    const gateway = await start(policy({ web: { port, hosts: ['a.test'] } }), { onLog: (line) => lines.push(line) });
    const wire = await tunnel(port, 'a.test');
    expect(await echoes(wire)).toBe(true);
    wire.close();
    expect(await status(port, 'b.test')).toBe(403);
    expect((await absolute(health, '/healthz')).status).toBe(200);
    expect(await gateway.admin('/ready')).toBe('LIVE\n');
    await eventually(
      () => lines.map((line) => (JSON.parse(line) as { decision: string }).decision),
      (decisions) => decisions.includes('allowed') && decisions.includes('denied'),
    );
    const exit = await gateway.stop();
    expect(exit).toEqual({ code: 0, signal: undefined, asked: true, words: [] });
    expect(isAlive(gateway.pid)).toBe(false);
    await eventually(
      () => existsSync(gateway.directory),
      (there) => !there,
    );
  });

  it('is ready by its health endpoint where there is no admin socket', async () => {
    const port = await freePort();
    const source = policy({ web: { port, hosts: ['a.test'] } });
    await start(source, { config: (directory) => compiled(source, directory, false) });
    expect(await status(port, 'a.test')).toBe(200);
  });

  it('names the Envoy that holds a port, although Envoy itself would share it', async () => {
    const port = await freePort();
    const source = policy({ web: { port, hosts: [] } });
    const first = await start(source);
    const error = await failure(start(source));
    expect(error).toBeInstanceOf(PortTakenError);
    expect((error as PortTakenError).taken).toEqual(
      expect.arrayContaining([
        { listener: `edge.web.${port}`, address: '127.0.0.1', port, holder: { pid: first.pid, name: 'envoy' } },
      ]),
    );
  });

  it("rejects with Envoy's own words when it refuses a listener, and leaves no process", async () => {
    const source = policy({ web: { port: await freePort(), hosts: ['a.test'] } });
    const config = (directory: string): CompiledConfig => {
      const { listeners, ...rest } = compiled(source, directory);
      return { ...rest, listeners: change(listeners, /^edge/, { filter_chains: [] }) };
    };
    const error = await failure(start(source, { config }));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toMatch(
      /^Envoy runs, but refuses a part of the configuration:\n.*no filter chains specified/,
    );
  });

  it("rejects with Envoy's own words when it does not start at all", async () => {
    const source = policy({ web: { port: await freePort(), hosts: ['a.test'] } });
    const config = (directory: string): CompiledConfig => {
      const { bootstrap, ...rest } = compiled(source, directory);
      return { ...rest, bootstrap: { ...bootstrap, bogus: 1 } };
    };
    const error = await failure(start(source, { config }));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toMatch(/^Envoy ended while it was starting \(exit code 1\):\n.*no such field: 'bogus'/);
  });

  it('tells when Envoy dies', async () => {
    const source = policy({ web: { port: await freePort(), hosts: [] } });
    const exit = await new Promise((resolve, reject) => {
      start(source, { onExit: resolve }).then((gateway) => process.kill(gateway.pid, 'SIGKILL'), reject);
    });
    expect(exit).toMatchObject({ signal: 'SIGKILL', asked: false });
  });
});

describe('publish', () => {
  it('opens, closes and hands over ports without a restart', async () => {
    const [one, two] = [await freePort(), await freePort()];
    const gateway = await start(policy({ web: { port: one, hosts: ['a.test'] } }));
    const { pid } = gateway;

    await publish(gateway, policy({ web: { port: one, hosts: ['a.test'] }, more: { port: two, hosts: ['b.test'] } }));
    expect([await status(two, 'b.test'), await status(two, 'a.test')]).toEqual([200, 403]);

    await publish(gateway, policy({ web: { port: two, hosts: ['a.test'] }, more: { port: one, hosts: ['b.test'] } }));
    expect([await status(one, 'b.test'), await status(one, 'a.test')]).toEqual([200, 403]);
    expect([await status(two, 'a.test'), await status(two, 'b.test')]).toEqual([200, 403]);

    await publish(gateway, policy({ more: { port: one, hosts: ['b.test'] } }));
    expect(await status(one, 'b.test')).toBe(200);
    await eventually(
      () => status(two, 'a.test').catch((error: NodeJS.ErrnoException) => error.code),
      (answer) => answer === 'ECONNREFUSED',
    );

    await publish(gateway, policy({ more: { port: one, hosts: [] }, web: { port: two, hosts: ['a.test'] } }));
    expect([await status(one, 'b.test'), await status(two, 'a.test')]).toEqual([403, 200]);
    expect(gateway.pid).toBe(pid);
  });

  it('ends the tunnels of a removed workload after the drain time, and of nobody else', async () => {
    const [one, two] = [await freePort(), await freePort()];
    const gateway = await start(
      policy({ web: { port: one, hosts: ['a.test'] }, more: { port: two, hosts: ['a.test'] } }),
    );
    const [kept, lost] = [await tunnel(one, 'a.test'), await tunnel(two, 'a.test')];
    await publish(gateway, policy({ web: { port: one, hosts: ['a.test', 'b.test'] } }));
    const { closed } = await lost.rest();
    expect(closed).toBe(true);
    expect(await echoes(kept)).toBe(true);
    kept.close();
  });

  it('puts everything back when Envoy refuses a step', async () => {
    const port = await freePort();
    const gateway = await start(policy({ web: { port, hosts: ['a.test'] } }));
    const before = gateway.config;
    const { routes, ...rest } = compiled(policy({ web: { port, hosts: ['b.test'] } }), gateway.directory);
    const host = (name: string) => ({ name, domains: ['x.test'], routes: [] });
    const bad = { ...rest, routes: change(routes, /^web/, { virtual_hosts: [host('p'), host('q')] }) };
    const error = await failure(gateway.publish(bad));
    expect(error).toBeInstanceOf(PublishError);
    expect(error.message).toMatch(
      /^Publishing stopped at the step "changed routes": Envoy refuses routes\/web\.\d+\.yaml\. Every file is as it was before; the old configuration is in force\.\n {2}.*Only unique values for domains/,
    );
    expect(gateway.config).toBe(before);
    expect([await status(port, 'a.test'), await status(port, 'b.test')]).toEqual([200, 403]);
    await publish(gateway, policy({ web: { port, hosts: ['b.test'] } }));
    expect([await status(port, 'a.test'), await status(port, 'b.test')]).toEqual([403, 200]);
  });

  it('puts back the listeners that Envoy had taken when it refuses another of the same file', async () => {
    const [one, two] = [await freePort(), await freePort()];
    const gateway = await start(policy({ web: { port: one, hosts: ['a.test'] } }));
    const next = policy({
      web: { port: one, hosts: ['a.test'] },
      more: { port: two, hosts: [] },
      odd: { port: two + 1, hosts: [] },
    });
    const { listeners, ...rest } = compiled(next, gateway.directory);
    const bad = { ...rest, listeners: change(listeners, /^edge\.odd/, { filter_chains: [] }) };
    const error = await failure(gateway.publish(bad));
    expect(error.message).toContain(
      'Publishing stopped at the step "listeners of both": Envoy refuses listeners.yaml.',
    );
    await eventually(
      () => status(two, 'a.test').catch((problem: NodeJS.ErrnoException) => problem.code),
      (answer) => answer === 'ECONNREFUSED',
    );
    expect(await status(one, 'a.test')).toBe(200);
  });

  it('changes nothing when Envoy is gone', async () => {
    const port = await freePort();
    const gateway = await start(policy({ web: { port, hosts: ['a.test'] } }));
    await gateway.stop();
    const error = await failure(publish(gateway, policy({ web: { port, hosts: ['b.test'] } })));
    expect(error).toBeInstanceOf(PublishError);
    expect(error.message).toBe('Envoy has ended; nothing was published.');
  });
});
