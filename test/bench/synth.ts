/**
 * `npm run bench:synth [-- RUNS]`: how long synth takes as a whole process (`node --import tsx`, as in cdktf.json), for an app with five
 * workloads and from sources. Figures are median and range, after one run that fills tsx's cache. Default: 11 runs.
 */
import Table from 'cli-table3';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const APP = join(__dirname, 'synth-app', 'main.ts');

interface Run {
  readonly milliseconds: number;
  readonly workloads: number;
  readonly megabytes: number;
}

function node(args: readonly string[], out: string): { milliseconds: number; stdout: string } {
  const env = { ...process.env, CDKTF_OUTDIR: out, NO_COLOR: '1' };
  const command = ['--no-deprecation', '--import', require.resolve('tsx'), ...args];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return { milliseconds: performance.now() - started, stdout };
}

function synth(out: string): Run {
  const { milliseconds, stdout } = node([APP], out);
  const { workloads, maxRssKilobytes } = JSON.parse(stdout) as { workloads: number; maxRssKilobytes: number };
  return { milliseconds, workloads, megabytes: maxRssKilobytes / 1024 };
}

function row(what: string, unit: string, values: readonly number[]): [string, string, string] {
  const sorted = [...values].sort((a, b) => a - b);
  const [least = NaN, most = NaN] = [sorted[0], sorted.at(-1)];
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
  return [what, `${median.toFixed(0)} ${unit}`, `${least.toFixed(0)} to ${most.toFixed(0)} ${unit}`];
}

function resourcesIn(out: string): number {
  const [stack = ''] = readdirSync(join(out, 'stacks'));
  const { resource } = JSON.parse(readFileSync(join(out, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as {
    resource: Record<string, object>;
  };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
}

function main([runs = '11']: readonly string[]): void {
  const out = mkdtempSync(join(tmpdir(), 'mcp-egress-bench-'));
  try {
    const { workloads } = synth(out);
    const times = Array.from({ length: Number(runs) }, () => ({
      start: node(['--eval', '0'], out).milliseconds,
      ...synth(out),
    }));
    const table = new Table({ head: ['', 'median', 'range'], style: { head: [], border: [] } });
    table.push(
      row(
        'start of Node and tsx',
        'ms',
        times.map(({ start }) => start),
      ),
      row(
        'synth, whole process',
        'ms',
        times.map(({ milliseconds }) => milliseconds),
      ),
      row(
        'memory at most (RSS)',
        'MB',
        times.map(({ megabytes }) => megabytes),
      ),
    );
    const what = `${workloads} workloads, ${resourcesIn(out)} resources`;
    console.log(`${what}, ${runs} runs, Node ${process.versions.node}, ${cpus().length} processors`);
    console.log(table.toString());
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

main(process.argv.slice(2));
