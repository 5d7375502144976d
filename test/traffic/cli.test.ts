import { readFileSync, statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import { ESCAPES, Folder, MAIN, PLAIN_ENV, STACK } from '../lib/cli/support/cli';
import { isAlive, Running } from '../lib/cli/support/running';
import { connect } from './support/clients';
import { eventually } from './support/eventually';
import { freePort } from './support/free-port';

/*
 * `mcp-egress run` with a real Envoy. Every request is one that is refused before anything leaves, and the resolver is
 * a port of loopback where nobody listens, so this also runs without a namespace.
 */
const NOBODY = '127.0.0.1:9';

let env: NodeJS.ProcessEnv;
let folder: Folder;
let port: number;
let options: string[];
const running: Running[] = [];

beforeAll(async () => {
  env = { ...PLAIN_ENV, ENVOY_BIN: (await findEnvoy()).path };
}, 120_000);

beforeEach(async () => {
  folder = new Folder();
  port = await freePort();
  options = ['run', '--dns', NOBODY, '--health-port', String(await freePort())];
  folder.write('egress.yaml', policy('api.example.com'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.stop()));
  folder.remove();
});

const policy = (host: string): string =>
  `version: 1\nworkloads: { search: { port: ${port}, allow: [{ host: ${host}, protocol: http, methods: [GET] }] } }\n`;

function start(command: string, args: readonly string[], cwd = folder.path): Running {
  const process = new Running(command, args, { cwd, env });
  running.push(process);
  return process;
}

async function startRun(...more: string[]): Promise<Running> {
  const gateway = start(process.execPath, [MAIN, ...options, ...more]);
  await gateway.says(/export HTTPS_PROXY=/);
  return gateway;
}

/** Asks for a tunnel; the status is what the gateway says to it. */
async function askFor(authority: string): Promise<number> {
  const { reply, wire } = await connect(port, authority);
  wire.close();
  return reply.status;
}

describe('run', () => {
  it('says where it listens, writes the JSON lines into a pipe, and sums up at SIGTERM', async () => {
    const gateway = await startRun();
    const [envoy = 0] = gateway.children;
    expect(gateway.stderr).toContain(
      `export HTTPS_PROXY=http://127.0.0.1:${port} http_proxy=http://127.0.0.1:${port}   # search`,
    );
    expect(gateway.stderr).not.toContain('open door');
    expect(await askFor('example.com:443')).toBe(403);
    await gateway.says(/"authority":"example\.com:443"/);
    const { code, stdout, stderr } = await gateway.end();
    for (const line of stdout.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ workload: 'search', reason: 'no_rule' });
    expect(stderr).toMatch(/0 allowed, 1 denied\n\n.*\n1 +denied +search +example\.com:443 +no_rule\n$/);
    expect(code).toBe(0);
    expect(isAlive(envoy)).toBe(false);
  });

  it('shows a table on a terminal, in which no request writes, and ends with Ctrl-C', async () => {
    const python = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const gateway = start('python3', ['-c', python, process.execPath, MAIN, ...options]);
    await gateway.says(/export HTTPS_PROXY=/);
    const before = gateway.stdout.length;
    const socket = net.connect(port, '127.0.0.1');
    socket.end('GET http://api.example.com/\u001b]0;x\u0007 HTTP/1.1\r\nHost: x\r\n\r\n');
    await askFor('example.com:443');
    socket.destroy();
    await gateway.says(/denied\S* +search +CONNECT example\.com:443 +no_rule/);
    const table = gateway.stdout.slice(before).replace(/\u001b\[\d+m/g, ''); // eslint-disable-line no-control-regex
    expect(table).toMatch(/decision +workload +request +why/);
    expect(table.replaceAll('\r', '')).not.toMatch(ESCAPES);
    gateway.type('\u0003');
    const { code, stdout } = await gateway.ended;
    expect(stdout).toContain('0 allowed, ');
    expect(stdout).not.toContain('error');
    expect(code).toBe(0);
  });

  it('follows the policy file, and keeps the old policy when the new one is not valid', async () => {
    const gateway = await startRun();
    const status = async (): Promise<number> => askFor('other.example.com:80');
    expect(await status()).toBe(403);
    folder.write('egress.yaml', policy('other.example.com'));
    await gateway.says(/policy in force: enforce, 1 workload, 1 rule \(\d+ ms\)/);
    expect(await status()).toBe(200);
    folder.write('egress.yaml', policy('"https://x.test"'));
    await gateway.says(/policy not taken, the old one stays in force:\n {2}egress\.yaml:2:\d+: /);
    expect(await status()).toBe(200);
    const old = port;
    port = await freePort();
    folder.write('egress.yaml', policy('other.example.com'));
    await gateway.says(new RegExp(`export HTTPS_PROXY=http://127\\.0\\.0\\.1:${port} `));
    expect(await status()).toBe(200);
    expect(old).not.toBe(port);
    expect((await gateway.end()).code).toBe(0);
  });

  it('ends with 1 and says so when Envoy dies', async () => {
    const gateway = await startRun();
    const [envoy = 0] = gateway.children;
    process.kill(envoy, 'SIGKILL');
    const { code, stderr } = await gateway.ended;
    expect(stderr).toMatch(/error: Envoy was ended by SIGKILL/);
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(1);
  });

  it('names the process that holds a port, and what to change', async () => {
    const server = net.createServer().listen(port, '127.0.0.1');
    const gateway = start(process.execPath, [MAIN, ...options]);
    const { code, stdout, stderr } = await gateway.ended;
    server.close();
    expect(stderr).toMatch(
      new RegExp(`^error: port ${port} on 127\\.0\\.0\\.1.* is taken by \\S+ \\(pid ${process.pid}\\)`, 'm'),
    );
    expect(stderr).toContain("change the workload's `port`");
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('warns of an open door', async () => {
    const gateway = await startRun('--bind', '0.0.0.0');
    await gateway.says(/warning: an open door: anybody on any network of this machine can use every rule/);
    expect(gateway.stderr).toContain(`export HTTPS_PROXY=http://127.0.0.1:${port} `);
    expect((await gateway.end()).code).toBe(0);
  });

  it('appends the JSON lines to a file that is nobody else’s', async () => {
    const log = folder.write('kept.log', 'kept\n');
    const gateway = await startRun('--log', 'new.log');
    await askFor('example.com:443');
    await gateway.says(/"reason":"no_rule"/);
    const { stdout } = await gateway.end();
    expect(readFileSync(join(folder.path, 'new.log'), 'utf8')).toBe(stdout);
    expect(statSync(join(folder.path, 'new.log')).mode & 0o777).toBe(0o600);
    const again = await startRun('--log', log);
    await askFor('example.com:443');
    await again.says(/"reason":"no_rule"/);
    const ended = await again.end();
    expect(readFileSync(log, 'utf8')).toBe(`kept\n${ended.stdout}`);
  });

  it('ends, and Envoy with it, when nobody reads the pipe any more', async () => {
    const gateway = await startRun();
    const [envoy = 0] = gateway.children;
    gateway.stopReading();
    await askFor('example.com:443');
    const { code, stderr } = await gateway.ended;
    expect(stderr).toContain('0 allowed, 1 denied');
    expect(code).toBe(0);
    await eventually(
      () => isAlive(envoy),
      (alive) => !alive,
    );
  });

  it('runs a policy from standard input', async () => {
    const command = `"$0" "$@" --policy - < egress.yaml`;
    const gateway = start('sh', ['-c', `exec ${command}`, process.execPath, MAIN, ...options], folder.path);
    await gateway.says(/export HTTPS_PROXY=/);
    expect(await askFor('example.com:443')).toBe(403);
    expect((await gateway.end('SIGINT')).code).toBe(0);
  });
});
