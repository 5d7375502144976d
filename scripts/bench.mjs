/**
 * `npm run bench [-- options]`: measures this gateway beside other proxies, in a network namespace of its own, and writes docs/performance.md and
 * its chart from the results. Options: --quick (a short look; writes no docs), --rounds N, --sizes 100,10000, --only NAME,NAME.
 * Proxies that are not installed are left out and named. Node built-ins only.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureDependencies, SetupError } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { fromRoot } from './support/project.mjs';
import { ensurePythonTools, PythonToolsError } from './support/python-tools.mjs';
import { node } from './support/stages.mjs';

/** Real root where there is one: Squid changes to a user of its own, whom a user namespace does not have. */
const KINDS = process.getuid?.() === 0 ? ['--net', '--mount'] : undefined;
const TSX = ['--import', 'tsx'];
const args = process.argv.slice(2);

/** mitmproxy comes from the Python package index, in an environment of its own. */
async function mitmdump() {
  try {
    const bin = await ensurePythonTools((line) => console.error(`mitmproxy: ${line}`), 'mitmproxy.txt');
    return { MITMDUMP: join(bin, 'mitmdump') };
  } catch (error) {
    if (!(error instanceof PythonToolsError)) throw error;
    console.error(error.message);
    return {};
  }
}

async function main() {
  await ensureDependencies();
  await ensureBuilt();
  const probe = probeNamespace(KINDS);
  if ('reason' in probe) throw new SetupError(`The benchmark needs a network namespace: ${probe.reason}`);
  const env = { ...process.env, ENVOY_BIN: await envoyPath(), ...(await mitmdump()) };
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-bench-'));
  const results = join(folder, 'results.json');
  try {
    const run = [process.execPath, ...TSX, fromRoot('test', 'bench', 'speed', 'run.ts'), '--out', results, ...args];
    if ((await runInNamespace(probe.kinds, run, env)) !== 0) return 1;
    const report = [...TSX, fromRoot('test', 'bench', 'speed', 'write-report.ts'), results];
    return (await node([...report, ...(args.length > 0 ? ['--print'] : [])])) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
