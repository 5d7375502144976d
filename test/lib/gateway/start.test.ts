import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledConfig } from '../../../lib/envoy/resources';
import { EnvoyStartError, PortTakenError } from '../../../lib/gateway/errors';
import { type Gateway, startGateway, type StartOptions } from '../../../lib/gateway/start';
import { eventually } from '../../traffic/support/eventually';
import { freePort } from '../../traffic/support/free-port';
import { cluster, config, edge, routes } from './support/configs';
import { failure, script, temporaryFolder } from './support/fakes';

const root = temporaryFolder();
const running: Gateway[] = [];
let scripts = 0;

const envoy = (text: string): string => script(join(root, `envoy-${scripts++}`), text);
/** An Envoy that stays, and keeps its arguments. */
const idle = (kept = '/dev/null'): string => envoy(`echo "$@" > ${kept}; exec sleep 600`);
/** An Envoy that opens the ports of its listeners file (JSON is YAML, but this reads the numbers only). */
const listening = (): string =>
  envoy(
    [
      `#!${process.execPath}`,
      `const { readFileSync } = require('fs');`,
      `const file = process.argv[process.argv.indexOf('--config-path') + 1].replace('envoy.yaml', 'listeners.yaml');`,
      `const ports = [...readFileSync(file, 'utf8').matchAll(/port_value: (\\d+)/g)].map((match) => match[1]);`,
      `for (const port of ports) require('http').createServer((_, answer) => answer.end()).listen(port, '127.0.0.1');`,
    ].join('\n'),
  );

async function start(options: Partial<StartOptions> & Pick<StartOptions, 'envoy'>): Promise<Gateway> {
  const gateway = await startGateway({ config: config({}), directory: mkdtempSync(join(root, 'run-')), ...options });
  running.push(gateway);
  return gateway;
}

function watching(directory: string, parts: Partial<CompiledConfig> = {}): CompiledConfig {
  const lds = { path_config_source: { path: join(directory, 'listeners.yaml') } };
  return config({ bootstrap: { dynamic_resources: { lds_config: lds } }, ...parts });
}

afterAll(() => Promise.all(running.map((gateway) => gateway.stop())));

describe('startGateway', () => {
  it('writes every file into a private folder and starts Envoy on it', async () => {
    const directory = mkdtempSync(join(root, 'run-'));
    const kept = join(root, 'arguments');
    const compiled = config({ clusters: [cluster('c1')], routes: [routes('web.10000', ['one.test'])] });
    const gateway = await start({ envoy: idle(kept), config: compiled, directory, drainSeconds: 3, concurrency: 2 });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory).sort()).toEqual(['clusters.yaml', 'envoy.yaml', 'listeners.yaml', 'routes']);
    expect(readdirSync(join(directory, 'routes'))).toEqual(['web.10000.yaml']);
    expect(gateway.directory).toBe(directory);
    expect(gateway.config).toBe(compiled);
    // This Envoy has no listener to wait for: it counts as ready before it has written anything.
    const args = await eventually(
      () => (existsSync(kept) ? readFileSync(kept, 'utf8') : ''),
      (text) => text.endsWith('\n'),
    );
    expect(args).toContain(`--config-path ${join(directory, 'envoy.yaml')} `);
    expect(args).toContain('--drain-time-s 3 ');
    expect(args).toContain('--disable-hot-restart --drain');
    expect(args).toContain('--reject-unknown-dynamic-fields --file-flush-interval-msec 100 --concurrency 2');
  });

  it('is ready when every listener accepts', async () => {
    const [health, web] = [await freePort(), await freePort()];
    const listeners = [{ ...edge('x', health), name: 'health' }, edge('web', web)];
    const gateway = await start({ envoy: listening(), config: config({ listeners }) });
    expect(gateway.addresses).toEqual([
      { listener: 'health', address: '127.0.0.1', port: health },
      { listener: `edge.web.${web}`, address: '127.0.0.1', port: web },
    ]);
    await gateway.stop();
  });

  it('makes a folder where none is given, compiles for it, and removes it at the end', async () => {
    let directory = '';
    const compile = (folder: string): CompiledConfig => watching((directory = folder));
    const gateway = await start({ envoy: idle(), config: compile, directory: undefined });
    expect(directory.startsWith(tmpdir())).toBe(true);
    expect(gateway.directory).toBe(directory);
    expect(existsSync(join(directory, 'envoy.yaml'))).toBe(true);
    await gateway.stop();
    await eventually(
      () => existsSync(directory),
      (there) => !there,
    );
  });

  it('tells when Envoy ends, after everything is tidied up', async () => {
    let folder = '';
    const exit = await new Promise((resolve, reject) => {
      const onExit = resolve;
      start({
        envoy: idle(),
        config: (directory) => watching((folder = directory)),
        directory: undefined,
        onExit,
      }).then((gateway) => process.kill(gateway.pid, 'SIGTERM'), reject);
    });
    expect(exit).toMatchObject({ signal: 'SIGTERM', asked: false });
    expect(existsSync(folder)).toBe(false);
  });

  it("rejects with Envoy's own words where it dies, and leaves no folder", async () => {
    let folder = '';
    const path = envoy(`echo "[t][1][critical][main] [source/a.cc:1] error initializing: no such field" >&2; exit 1`);
    const listeners = [edge('web', await freePort())];
    const error = await failure(
      startGateway({ envoy: path, config: (directory) => watching((folder = directory), { listeners }) }),
    );
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toBe('Envoy ended while it was starting (exit code 1):\n  error initializing: no such field');
    expect(existsSync(folder)).toBe(false);
  });

  it('gives up on an Envoy that does not become ready, and ends it', async () => {
    const port = await freePort();
    const kept = join(root, 'pid');
    const path = envoy(`echo $$ > ${kept}; exec sleep 600`);
    const compiled = config({ listeners: [edge('web', port)] });
    const error = await failure(start({ envoy: path, config: compiled, readyTimeoutMs: 300 }));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toBe(
      `Envoy is not ready after 0.3 s: listener "edge.web.${port}" does not accept on 127.0.0.1:${port}.`,
    );
    expect(() => process.kill(Number(readFileSync(kept, 'utf8')), 0)).toThrow('ESRCH');
  });

  it('starts nothing where a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const kept = join(root, 'never');
    const error = await failure(start({ envoy: idle(kept), config: config({ listeners: [edge('web', port)] }) }));
    expect(error).toBeInstanceOf(PortTakenError);
    expect(existsSync(kept)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  it('says that a configuration was compiled for another folder', async () => {
    const directory = mkdtempSync(join(root, 'run-'));
    const error = await failure(start({ envoy: idle(), config: watching('/etc/mcp-egress'), directory }));
    expect(error).toBeInstanceOf(EnvoyStartError);
    expect(error.message).toBe(
      `the configuration is for the folder /etc/mcp-egress, not for ${directory}: ` +
        'compile it with that `directory`, or give `config` as a function of the folder.',
    );
  });

  it('says that the path of the admin socket is too long', async () => {
    const path = `/tmp/${'a'.repeat(120)}`;
    const compiled = config({ bootstrap: { admin: { address: { pipe: { path } } } } });
    const error = await failure(start({ envoy: idle(), config: compiled }));
    expect(error.message).toContain('has 125 bytes; the system allows 107');
  });
});

describe('Gateway', () => {
  it('says that it has no admin socket', async () => {
    const gateway = await start({ envoy: idle() });
    expect((await failure(gateway.admin('/stats'))).message).toBe(
      'this gateway was compiled without an admin socket (option `adminSocket`)',
    );
  });

  it('changes nothing where a new port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const gateway = await start({ envoy: idle() });
    const before = gateway.config;
    expect(await failure(gateway.publish(config({ listeners: [edge('web', port)] })))).toBeInstanceOf(PortTakenError);
    expect(gateway.config).toBe(before);
    await new Promise((resolve) => server.close(resolve));
  });

  it('carries out publications one after another, also after one that failed', async () => {
    const gateway = await start({ envoy: idle(), settleMs: 1 });
    const bad = failure(gateway.publish(config({ bootstrap: { node: { id: 'x' } } })));
    const [one, two] = [config({ clusters: [cluster('c1')] }), config({ clusters: [cluster('c2')] })];
    await Promise.all([gateway.publish(one), gateway.publish(two)]);
    expect((await bad).message).toContain('restart the gateway');
    expect(gateway.config).toBe(two);
    const clusters = readFileSync(join(gateway.directory, 'clusters.yaml'), 'utf8');
    expect(clusters).toContain('c1');
    expect(clusters).toContain('c2');
  });
});
