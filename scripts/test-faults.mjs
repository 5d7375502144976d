/**
 * `npm run test:faults`: the fault tests at full size, one file after another inside the namespace of the traffic tests, as often as
 * wanted. Exit code 1 where any of them failed, 2 where they cannot run here. Node built-ins only: nothing may be installed yet.
 *
 *   npm run test:faults [-- [--repeat N] [--size S] [PATTERN...]]    PATTERN: a part of the file's path, such as reload
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { withDescriptors } from './support/descriptors.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { FaultTable } from './support/fault-table.mjs';
import { jestRun, readCounts } from './support/jest-run.mjs';
import { fromRoot } from './support/project.mjs';
import { PythonToolsError, ensurePythonTools } from './support/python-tools.mjs';

const FOLDER = fromRoot('test', 'traffic', 'faults');

function parse(args) {
  try {
    const options = { repeat: { type: 'string', default: '1' }, size: { type: 'string', default: '1' } };
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const repeat = Number(values.repeat);
    if (!Number.isInteger(repeat) || repeat < 1)
      throw new Error(`--repeat ${JSON.stringify(values.repeat)}: write a whole number from 1 on`);
    return { repeat, size: values.size, patterns: positionals };
  } catch (error) {
    throw new SetupError(`${error.message}\nusage: npm run test:faults [-- [--repeat N] [--size S] [PATTERN...]]`);
  }
}

function filesOf(patterns) {
  const all = readdirSync(FOLDER, { recursive: true }).filter((name) => name.endsWith('.test.ts'));
  const files = all.filter(
    (name) => patterns.length === 0 || patterns.some((part) => join(FOLDER, name).includes(part)),
  );
  if (files.length > 0) return files.sort();
  throw new SetupError(`no fault test fits ${patterns.join(', ')}; there are ${all.sort().join(', ')}`);
}

/** Without them the tests of the sidecar are skipped, and the counts say so. */
async function pythonTools() {
  try {
    return { MCP_EGRESS_PYTHON_BIN: await ensurePythonTools((line) => console.error(`tools: ${line}`)) };
  } catch (error) {
    if (!(error instanceof PythonToolsError)) throw error;
    console.error(error.message);
    return { MCP_EGRESS_NO_PYTHON: error.message };
  }
}

/** One file in a namespace of its own, so that nothing is left from the one before. */
async function runFile(file, kinds, env) {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-faults-'));
  const started = Date.now();
  try {
    const jest = jestRun('traffic', folder, ['--runInBand', '--runTestsByPath', join(FOLDER, file)]);
    const command = withDescriptors([process.execPath, ...jest.args]);
    const code = await runInNamespace(kinds, command, { ...env, ...jest.env });
    const { passed, failed, skipped } = readCounts(folder);
    // What ended without counting anything has not passed.
    return {
      passed,
      failed: code === 0 ? failed : Math.max(failed, 1),
      skipped,
      seconds: (Date.now() - started) / 1000,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(args) {
  const { repeat, size, patterns } = parse(args);
  const files = filesOf(patterns);
  const probe = probeNamespace();
  if ('reason' in probe)
    throw new SetupError(`they run inside a network namespace alone, and there is none here: ${probe.reason}`);
  await ensureDependencies();
  await ensureBuilt();
  const env = { ...process.env, ...(await pythonTools()), ENVOY_BIN: await envoyPath(), MCP_EGRESS_FAULT_SIZE: size };
  const table = new FaultTable(repeat);
  for (let round = 1; round <= repeat; round++) {
    for (const file of files) {
      console.error(`\n== ${file}, ${round} of ${repeat}`);
      table.add(file, await runFile(file, probe.kinds, env));
    }
  }
  console.log(`\n${table.text}`);
  return table.ok ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
