/**
 * `npm test`: installs what is missing, builds, checks types and style, and runs every test; all stages run, and one that fails
 * fails the run. The traffic tests run inside a network namespace where one is to be had, else those of them that loopback allows.
 * Those of the browser run there as well.
 * The traffic and the Terraform tests use Python tools, which the stage `tools` installs; without them the groups that need them are skipped.
 * Node built-ins only: nothing may be installed yet.
 *
 *   npm test -- [--only types|lint|unit|traffic|faults|terraform|docker|browser|cdktn] [jest arguments, such as a pattern of files]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { findBrowser } from './support/browser.mjs';
import { probeEngine } from './support/docker-engine.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { jestRun, readCounts } from './support/jest-run.mjs';
import { fromRoot } from './support/project.mjs';
import { PythonToolsError, ensurePythonTools } from './support/python-tools.mjs';
import { readAllowedSkips, readSkipped, reportSkipped } from './support/skipped-groups.mjs';
import { Stages, node } from './support/stages.mjs';

const PARTS = ['types', 'lint', 'unit', 'traffic', 'faults', 'terraform', 'docker', 'browser', 'cdktn'];
/** The parts that are jest projects. */
const PROJECTS = ['unit', 'traffic', 'terraform', 'docker', 'browser'];
/** What runs in a browser has types of its own. */
const TYPED = ['.', 'lib/report/page', 'test/browser'];
const NEED_DIST = [...PROJECTS, 'faults', 'cdktn'];
const NEED_TOOLS = ['traffic', 'faults', 'terraform'];
/** Traffic tests that load the machine on purpose: they run by themselves, at a tenth of their size. */
const FAULTS = 'test/traffic/faults/';
const bin = (...parts) => fromRoot('node_modules', ...parts);
/** Runs of the traffic tests at a time: they wait more than they compute. */
const SHARDS = 2;
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
  return { parts: rest.length > 0 ? PROJECTS : PARTS, jest: rest };
}

/** What to add to the environment of the tests; where the tools cannot be had, why, for the groups that are skipped then. */
async function pythonTools() {
  try {
    return { MCP_EGRESS_PYTHON_BIN: await ensurePythonTools((line) => console.error(`tools: ${line}`)) };
  } catch (error) {
    if (!(error instanceof PythonToolsError)) throw error;
    console.error(error.message);
    return { MCP_EGRESS_NO_PYTHON: error.message };
  }
}

async function traffic(folder, extra, own, { name = 'traffic', shards = 1 }) {
  const env = { ...process.env, ...own, ENVOY_BIN: await envoyPath() };
  const probe = probeNamespace();
  const run = ({ args, env: more }, options) =>
    'kinds' in probe
      ? runInNamespace(probe.kinds, [process.execPath, ...args], { ...env, ...more }, options)
      : node(args, { ...env, ...more, MCP_EGRESS_NO_NAMESPACE: probe.reason }).then((ok) => (ok ? 0 : 1));
  if ('reason' in probe) console.error(`no network namespace (${probe.reason}): only what loopback allows is tested`);
  const count = 'kinds' in probe ? shards : 1;
  // A namespace each, so that no two share a port; within one, files run one after another.
  const runs = Array.from({ length: count }, (_, at) =>
    jestRun('traffic', folder, ['--runInBand', `--shard=${at + 1}/${count}`, ...extra], `${name}-${at + 1}`),
  );
  const codes = await Promise.all(runs.map((each, at) => run(each, { quietUntilEnd: at > 0 })));
  return codes.every((code) => code === 0);
}

/** In a namespace of its own, with an engine of its own, which the tests start: nothing that it does can leave the machine. */
async function docker(folder, extra, own) {
  const jest = jestRun('docker', folder, ['--runInBand', ...extra]);
  const env = { ...process.env, ...jest.env, ...own };
  const probe = probeEngine(ci || Boolean(process.env.MCP_EGRESS_INSTALL_DOCKER));
  if ('reason' in probe) return node(jest.args, { ...env, MCP_EGRESS_NO_DOCKER: probe.reason });
  return (
    (await runInNamespace(probe.kinds, [process.execPath, ...jest.args], { ...env, ENVOY_BIN: await envoyPath() })) ===
    0
  );
}

/** Where there is a namespace, the browser is in it: nothing that a page asks for can leave the machine. */
async function browser(folder, extra, own) {
  const jest = jestRun('browser', folder, ['--runInBand', ...extra]);
  const found = findBrowser(ci || Boolean(process.env.MCP_EGRESS_INSTALL_BROWSER));
  const env = { ...process.env, ...jest.env, ...own };
  if ('reason' in found) return node(jest.args, { ...env, MCP_EGRESS_NO_BROWSER: found.reason });
  const probe = probeNamespace();
  const browserEnv = { ...env, CHROMIUM_BIN: found.path };
  if ('reason' in probe) return node(jest.args, browserEnv);
  return (await runInNamespace(probe.kinds, [process.execPath, ...jest.args], browserEnv)) === 0;
}

async function runStages(stages, { parts, jest }, folder, skips) {
  if (!(await stages.run('install', () => ensureDependencies().then(() => true)))) return;
  await stages.run('build', () => ensureBuilt().then(() => true));
  const extra = ci ? ['--ci', ...jest] : jest;
  const own = { MCP_EGRESS_SKIPS: skips };
  if (NEED_TOOLS.some((part) => parts.includes(part))) {
    await stages.run('tools', async () => Boolean(Object.assign(own, await pythonTools())));
  }
  const project = (name, ...more) => {
    const { args, env } = jestRun(name, folder, [...more, ...extra]);
    return node(args, { ...process.env, ...env, ...own });
  };
  const run = {
    types: async () => {
      const oks = [];
      for (const part of TYPED)
        oks.push(await node([bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', fromRoot(part)]));
      return oks.every(Boolean);
    },
    lint: async () => {
      const style = await node([bin('eslint', 'bin', 'eslint.js'), '.']);
      return (await node([bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'])) && style;
    },
    // By itself jest leaves one processor to others, which is half of a machine that has two.
    unit: () => project('unit', '--maxWorkers=100%'),
    // Files that somebody named are run one after another.
    traffic: () =>
      jest.length > 0
        ? traffic(folder, extra, own, {})
        : traffic(folder, [`--testPathIgnorePatterns=${FAULTS}`, ...extra], own, { shards: SHARDS }),
    faults: () => traffic(folder, [...extra, FAULTS], own, { name: 'faults', shards: SHARDS }),
    // An apply mostly waits, so more at a time than there are processors; each has a provider of some hundred megabytes.
    terraform: () => project('terraform', '--maxWorkers=3'),
    docker: () => docker(folder, extra, own),
    browser: () => browser(folder, extra, own),
    cdktn: () => node(['--import', 'tsx', fromRoot('scripts', 'cdktn.ts')]),
  };
  for (const part of PARTS.filter((each) => parts.includes(each))) {
    await stages.run(part, run[part], { after: NEED_DIST.includes(part) ? ['build'] : [] });
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
    const { passed, failed, skipped } = readCounts(folder);
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
