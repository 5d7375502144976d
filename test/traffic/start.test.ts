import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import { Folder, PLAIN_ENV, STACK } from '../lib/cli/support/cli';
import { Running } from '../lib/cli/support/running';
import { freePort } from './support/free-port';

/*
 * What `npm start` shows after the install (scripts/demo), with policies that a user may have written. Everything stays on
 * loopback, so this also runs without a namespace; the ports are free ones.
 */
const ROOT = join(__dirname, '../..');
const APPROVED = 'https://api.your-approved-service.com/status';

let env: NodeJS.ProcessEnv;
let folder: Folder;
let port: number;
let healthPort: number;
const running: Running[] = [];

beforeAll(async () => {
  env = { ...PLAIN_ENV, ENVOY_BIN: (await findEnvoy()).path };
}, 120_000);
beforeEach(async () => {
  folder = new Folder();
  port = await freePort();
  healthPort = await freePort();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.stop()));
  folder.remove();
});

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Running {
  const demo = join(ROOT, 'scripts/demo/demo.ts');
  const script = `require(${JSON.stringify(demo)}).demo(process.argv.slice(1)).then((code) => (process.exitCode = code))`;
  const options = ['--health-port', String(healthPort), ...args];
  const command = ['--require', require.resolve('tsx/cjs'), '--eval', script, '--', ...options];
  const process_ = new Running(process.execPath, command, { cwd: folder.path, env: { ...env, ...more } });
  running.push(process_);
  return process_;
}

const policy = (allow: string, mode = 'enforce'): string =>
  `version: 1\nmode: ${mode}\nworkloads: { search: { port: ${port}, allow: [${allow}] } }\n`;
const allowed = '{ host: api.your-approved-service.com }';
/** The line of the final table for a URL. */
const rowOf = (output: string, url: string): string[] =>
  (output.split('\n').find((line) => line.startsWith(`${url}  `)) ?? '').split(/ {2,}/).slice(1);

describe('npm start', () => {
  it('allows the approved host and refuses the other, by the real curl, with the policy of this project', async () => {
    folder.write(
      'egress.yaml',
      readFileSync(join(ROOT, 'egress.yaml'), 'utf8').replace('10001', String(await freePort())),
    );
    const { code, stdout, stderr } = await start(['--port', String(port)]).ended;
    expect(stderr).toContain('egress.yaml is valid: enforce');
    expect(stderr).toContain('accepted by envoy --mode validate');
    expect(stdout).toContain(
      `$ curl -v -x http://localhost:${port} ${APPROVED}\n  > CONNECT api.your-approved-service.com:443`,
    );
    expect(stdout).toMatch(/^ {2}< HTTP\/1.1 403 Forbidden\n {2}< x-egress-reason: no_rule\n {2}curl: \(56\)/m);
    expect(stdout).toMatch(/^request +expected +got +decision +reason +rule$/m);
    const rule = 'api.your-approved-service.com:443';
    expect(rowOf(stdout, APPROVED)).toEqual(['200', '200', 'allowed', 'rule', rule]);
    expect(rowOf(stdout, 'https://example.com')).toEqual(['403', '403', 'denied', 'no_rule', '-']);
    expect(stdout).toContain('2 of 2 requests went as the policy says; names asked of DNS: 0.');
    expect(stdout).toMatch(/^\$ cdktf synth && mcp-egress prove cdktf\.out.*\n {2}SEALED\n\n {2}C1 holds/m);
    expect(code).toBe(0);
  });

  it.each([
    [
      'an empty policy',
      '',
      'enforce',
      ['403', '403', 'denied', 'no_rule', '-'],
      ['403', '403', 'denied', 'no_rule', '-'],
    ],
    [
      'both hosts allowed, one by a wildcard',
      "{ hosts: ['*.your-approved-service.com', example.com] }",
      'enforce',
      ['200', '200', 'allowed', 'rule', 'api.your-approved-service.com:443'],
      ['200', '200', 'allowed', 'rule', 'example.com:443'],
    ],
    [
      'a rule that has expired',
      '{ host: api.your-approved-service.com, expires: 2020-01-01 }',
      'enforce',
      ['403', '403', 'denied', 'expired', 'api.your-approved-service.com:443'],
      ['403', '403', 'denied', 'no_rule', '-'],
    ],
    [
      'mode observe, which asks DNS and finds nothing',
      allowed,
      'observe',
      ['200', '200', 'allowed', 'rule', 'api.your-approved-service.com:443'],
      ['tunnel closed', 'tunnel closed', 'denied', 'no_address', '-'],
    ],
  ])('expects what the policy says: %s', async (_, allow, mode, approved, other) => {
    folder.write('egress.yaml', policy(allow, mode));
    const { code, stdout, stderr } = await start([]).ended;
    expect(stderr).toContain(`no workload has port 10000; taking the first one, search, on ${port}`);
    expect(rowOf(stdout, APPROVED)).toEqual(approved);
    expect(rowOf(stdout, 'https://example.com')).toEqual(other);
    expect(code).toBe(0);
  });

  it('leaves egress.yaml as it is, and nothing behind', async () => {
    const file = folder.write('egress.yaml', policy(allowed));
    const temporary = mkdtempSync(join(folder.path, 't'));
    const { code } = await start([], { TMPDIR: temporary }).ended;
    expect(readFileSync(file, 'utf8')).toBe(policy(allowed));
    expect(readdirSync(temporary).filter((name) => name.startsWith('mcp-egress-'))).toEqual([]);
    expect(code).toBe(0);
  });

  it('--keep goes on with every decision until a signal comes', async () => {
    folder.write('egress.yaml', policy(allowed));
    const kept = start(['--keep']);
    await kept.says(/The gateway goes on; Ctrl-C ends it[\s\S]*CURL_CA_BUNDLE=\S+ curl/);
    const [, ca = ''] = /CURL_CA_BUNDLE=(\S+) curl/.exec(kept.stderr) ?? [];
    const args = ['-sS', '--cacert', ca, '-x', `http://localhost:${port}`, APPROVED];
    const answer = execFileSync('curl', args, { encoding: 'utf8', env: PLAIN_ENV });
    expect(JSON.parse(answer)).toMatchObject({ status: 'ok', path: '/status' });
    await kept.says(/"layer":"tunnel"/);
    const { code, stderr } = await kept.end('SIGINT');
    expect(stderr).toContain('1 allowed, 0 denied');
    expect(code).toBe(0);
  });

  it('names the process that holds a port, and the option', async () => {
    folder.write('egress.yaml', policy(allowed));
    const server = net.createServer().listen(port, '127.0.0.1');
    const { code, stdout, stderr } = await start([]).ended;
    server.close();
    expect(stderr).toMatch(new RegExp(`error: port ${port} .* is taken by \\S+ \\(pid ${process.pid}\\)`));
    expect(stderr).toContain('npm start -- --port N');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    ['a port that it cannot take', ['--port', '80'], /"80" is not a port for this; write one from 1024 to 65535/, 2],
    ['an unknown option', ['--bogus'], /Unknown option '--bogus'[\s\S]*Usage: npm start -- /, 2],
  ])('says what to do about %s', async (_, args, message, exitCode) => {
    const { code, stdout, stderr } = await start(args).ended;
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(exitCode);
  });

  it.each([
    ['no workloads', 'version: 1\nworkloads: {}\n', /egress\.yaml has no workload, so nothing can be shown/, 1],
    ['a mistake', 'version: 2\n', /egress\.yaml:1:10: /, 1],
    ['no file', undefined, /cannot read the policy file "egress\.yaml"/, 2],
  ])('says what to do about a policy with %s', async (_, text, message, exitCode) => {
    if (text !== undefined) folder.write('egress.yaml', text);
    const { code, stdout, stderr } = await start([]).ended;
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(exitCode);
  });
});
