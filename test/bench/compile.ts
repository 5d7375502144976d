/**
 * `npm run bench:compile [-- HOSTS [RUNS]]`: how long one rule with many hosts takes, from the file to an Envoy that is ready.
 * `check` and `render` are whole processes of the built command line; figures are median and range. Defaults: 10000 hosts, 7 runs.
 */
import Table from 'cli-table3';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../lib/envoy';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import { startGateway } from '../../lib/gateway/start';
import { EgressPolicy } from '../../lib/policy';

const CLI = join(__dirname, '..', '..', 'dist', 'lib', 'cli', 'main.js');

function policyText(hosts: number, port: number): string {
  const names = Array.from({ length: hosts }, (_, i) => `          - host-${i}.example-${i % 97}.com`);
  const head = ['version: 1', 'workloads:', '  bench:', `    port: ${port}`, '    allow:'];
  return [...head, '      - reason: benchmark', '        hosts:', ...names, ''].join('\n');
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function row(what: string, times: readonly number[]): [string, string, string] {
  const sorted = [...times].sort((a, b) => a - b);
  const [least = NaN] = sorted;
  const range = `${least.toFixed(0)} to ${(sorted.at(-1) ?? NaN).toFixed(0)} ms`;
  return [what, `${median(sorted).toFixed(0)} ms`, range];
}

function timeCli(args: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`mcp-egress ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return performance.now() - started;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function timeEnvoy(policy: EgressPolicy, envoy: string, healthPort: number): Promise<number> {
  const config = (directory: string) => compile(policy, { directory, bind: '127.0.0.1', healthPort });
  const started = performance.now();
  const gateway = await startGateway({ envoy, config });
  const took = performance.now() - started;
  await gateway.stop();
  return took;
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, path, name }) => sum + statSync(join(parentPath ?? path, name)).size, 0);
}

async function main([hosts = '10000', runs = '7']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-bench-'));
  try {
    const text = policyText(Number(hosts), await freePort());
    writeFileSync(join(folder, 'egress.yaml'), text);
    const { path, version } = await findEnvoy({ onProgress: (line) => console.error(line) });
    const policy = EgressPolicy.fromYaml(text);
    const healthPort = await freePort();
    const times = { start: [] as number[], check: [] as number[], render: [] as number[], ready: [] as number[] };
    for (let i = 0; i < Number(runs); i++) {
      times.start.push(timeCli(['--version'], folder));
      times.check.push(timeCli(['check'], folder));
      times.render.push(timeCli(['render', '--out', 'out', '--force'], folder));
      times.ready.push(await timeEnvoy(policy, path, healthPort));
    }
    const table = new Table({ head: ['', 'median', 'range'], style: { head: [], border: [] } });
    table.push(row('start of Node and the command line', times.start), row('check', times.check));
    table.push(row('render', times.render), row(`compile, write, Envoy ${version} ready`, times.ready));
    table.push(
      ['policy', `${(text.length / 1000).toFixed(0)} kB`, ''],
      ['output', `${(bytesIn(join(folder, 'out')) / 1000).toFixed(0)} kB`, ''],
    );
    console.log(`${hosts} hosts in one rule, ${runs} runs, Node ${process.versions.node}, ${cpus().length} processors`);
    console.log(table.toString());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
