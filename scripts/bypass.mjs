/**
 * `npm run test:bypass`: replays the bypass corpus (test/traffic/bypass/cases/) against the gateway and against an Envoy that is open on
 * purpose, and prints a table: cases, escapes, wrong refusals. Each group runs in a namespace of its own, a few at a time, since they mostly
 * wait. Exit code 1: something escaped, something honest was refused, something was refused otherwise than the corpus says, or a case that
 * must escape from the open Envoy did not; 70: a group was not run to its end, and nothing is printed. Node built-ins only.
 *
 *   npm run test:bypass -- [GROUP...] [--json] [--outcomes]
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { fromRoot } from './support/project.mjs';
import { node } from './support/stages.mjs';

const AT_ONCE = 3;
/** They wait longest. */
const FIRST = ['slow-clients', 'dns', 'not-tls', 'sni', 'floods'];
const MAIN = ['--import', 'tsx', fromRoot('test', 'traffic', 'bypass', 'main.ts')];

function readArguments() {
  const options = { json: { type: 'boolean' }, outcomes: { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const files = readdirSync(fromRoot('test', 'traffic', 'bypass', 'cases')).filter((file) => file.endsWith('.yaml'));
    const all = files.map((file) => basename(file, '.yaml'));
    const unknown = positionals.filter((name) => !all.includes(name));
    if (unknown.length > 0) throw new Error(`no group ${unknown.join(', ')}; there are ${all.join(', ')}`);
    const groups = positionals.length > 0 ? [...new Set(positionals)] : all;
    return {
      ...values,
      groups: [...FIRST.filter((name) => groups.includes(name)), ...groups.filter((name) => !FIRST.includes(name))],
    };
  } catch (error) {
    throw new SetupError(error.message);
  }
}

async function main({ groups, json, outcomes }) {
  const probe = probeNamespace();
  if ('reason' in probe)
    throw new SetupError(`attacks are sent inside a network namespace alone, and there is none here: ${probe.reason}`);
  await ensureDependencies();
  await ensureBuilt();
  const env = { ...process.env, ENVOY_BIN: await envoyPath() };
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-bypass-'));
  const fileOf = (group) => join(folder, `${group}.json`);
  const failed = [];
  const queue = [...groups];
  const worker = async () => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      const started = Date.now();
      const args = [...MAIN, '--run', group, '--to', fileOf(group), ...(outcomes ? ['--outcomes'] : [])];
      const code = await runInNamespace(probe.kinds, [process.execPath, ...args], env);
      if (code !== 0) failed.push(group);
      console.error(`${group}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (failed.length > 0) {
      console.error(`not run to the end: ${failed.join(', ')}`);
      return 70;
    }
    return (await node([...MAIN, ...(json ? ['--json'] : []), ...groups.map(fileOf)])) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(readArguments());
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
