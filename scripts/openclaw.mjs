/**
 * `npm run test:openclaw`: OpenClaw, the real client, against a real gateway, in the namespace of the traffic tests: it has no way out. It is
 * installed once into the user's cache (1 GB), which is why `npm test` leaves it out. Node built-ins only.
 *
 *   npm run test:openclaw -- [jest arguments]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { jestRun, readCounts } from './support/jest-run.mjs';
import { OpenClawError, ensureOpenClaw } from './support/openclaw-tools.mjs';
import { fromRoot } from './support/project.mjs';

async function main(extra) {
  const probe = probeNamespace();
  if ('reason' in probe) {
    throw new OpenClawError(
      `OpenClaw is run inside a network namespace alone, where nothing can leave the machine, and there is none here: ${probe.reason}. ` +
        'It needs Linux, util-linux, iproute2, and a kernel that lets users make namespaces.',
    );
  }
  await ensureDependencies();
  await ensureBuilt();
  const { cacheFolder } = await import(pathToFileURL(fromRoot('dist', 'lib', 'gateway', 'cache-folder.js')));
  const openclaw = await ensureOpenClaw(cacheFolder(), (line) => console.error(`openclaw: ${line}`));
  console.error(`OpenClaw: ${openclaw}`);
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-openclaw-'));
  try {
    const { args, env } = jestRun('openclaw', folder, ['--runInBand', ...extra]);
    const own = { ENVOY_BIN: await envoyPath(), MCP_EGRESS_OPENCLAW: openclaw };
    const code = await runInNamespace(probe.kinds, [process.execPath, ...args], { ...process.env, ...env, ...own });
    const { passed, failed, skipped } = readCounts(folder);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    // A run without tests says nothing about OpenClaw.
    return code === 0 && passed > 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError) && !(error instanceof OpenClawError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
