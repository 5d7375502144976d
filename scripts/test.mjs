/**
 * `npm test`: installs what is missing, builds, checks types and style, and runs every test; all stages run, and one that fails
 * fails the run. The traffic tests run inside a network namespace where one is to be had, else those of them that loopback allows.
 * Node built-ins only: nothing may be installed yet.
 *
 *   npm test -- [--only types|lint|unit|traffic] [jest arguments, such as a pattern of files]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { jestRun, readCounts } from './support/jest-run.mjs';
import { fromRoot } from './support/project.mjs';
import { readAllowedSkips, readSkipped, reportSkipped } from './support/skipped-groups.mjs';
import { Stages, node } from './support/stages.mjs';

const PARTS = ['types', 'lint', 'unit', 'traffic'];
const bin = (...parts) => fromRoot('node_modules', ...parts);
const ci = Boolean(process.env.CI) && process.env.CI !== 'false';

function parse(args) {
  const rest = [...args];
  const only = [];
  for (let at = rest.indexOf('--only'); at !== -1; at = rest.indexOf('--only')) {
    only.push(...(rest.splice(at, 2)[1] ?? '').split(','));
  }
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown !== undefined)
    throw new SetupError(`--only ${JSON.stringify(unknown)} is not known; use ${PARTS.join(', ')}.`);
  if (only.length > 0) return { parts: only, jest: rest };
  // Whoever names test files or tests wants these alone.
  return { parts: rest.length > 0 ? ['unit', 'traffic'] : PARTS, jest: rest };
}

/** Found, or fetched, here: inside the namespace there is no network. */
async function envoyPath() {
  const { findEnvoy } = await import(pathToFileURL(fromRoot('dist', 'lib', 'gateway', 'find-envoy.js')));
  const { path, version, source } = await findEnvoy({ onProgress: (line) => console.error(line) });
  console.error(`Envoy ${version} (${source}): ${path}`);
  return path;
}

async function traffic(folder, extra, skips) {
  const jest = jestRun('traffic', folder, ['--runInBand', ...extra]);
  const env = { ...process.env, ...jest.env, ENVOY_BIN: await envoyPath(), MCP_EGRESS_SKIPS: skips };
  const probe = probeNamespace();
  if ('kinds' in probe) return (await runInNamespace(probe.kinds, [process.execPath, ...jest.args], env)) === 0;
  console.error(`no network namespace (${probe.reason}): only what loopback allows is tested`);
  return node(jest.args, { ...env, MCP_EGRESS_NO_NAMESPACE: probe.reason });
}

async function runStages(stages, { parts, jest }, folder, skips) {
  if (!(await stages.run('install', () => ensureDependencies().then(() => true)))) return;
  await stages.run('build', () => ensureBuilt().then(() => true));
  const extra = ci ? ['--ci', ...jest] : jest;
  const run = {
    types: () => node([bin('typescript', 'bin', 'tsc'), '--noEmit']),
    lint: async () => {
      const style = await node([bin('eslint', 'bin', 'eslint.js'), '.']);
      return (await node([bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'])) && style;
    },
    unit: () => {
      const { args, env } = jestRun('unit', folder, extra);
      return node(args, { ...process.env, ...env, MCP_EGRESS_SKIPS: skips });
    },
    traffic: () => traffic(folder, extra, skips),
  };
  for (const part of PARTS.filter((each) => parts.includes(each))) {
    await stages.run(part, run[part], { after: ['unit', 'traffic'].includes(part) ? ['build'] : [] });
  }
}

async function main() {
  const wanted = parse(process.argv.slice(2));
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-test-'));
  const skips = join(folder, 'skips.jsonl');
  const stages = new Stages();
  try {
    await runStages(stages, wanted, folder, skips);
    console.error(`\n${stages.summary}`);
    const skipsAllowed = reportSkipped(readSkipped(skips), { ci, allowed: readAllowedSkips() });
    const { passed, failed, skipped } = readCounts(folder, ['unit', 'traffic']);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return stages.ok && skipsAllowed ? 0 : 1;
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
