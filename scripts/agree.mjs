/**
 * `npm run test:agree`: `decide` against the real Envoy on random policies and requests, inside the namespace of the traffic tests.
 * Exit code 1: they disagree, and the smallest example that was found is printed with how to repeat it; or the run reached too little.
 * Node built-ins only: nothing may be installed yet.
 *
 *   npm run test:agree -- [--pairs N] [--seed S] [--requests-per-policy K] [--path P]
 */
import { SetupError, ensureBuilt, ensureDependencies } from './ensure-installed.mjs';
import { probeNamespace, runInNamespace } from './in-namespace.mjs';
import { envoyPath } from './support/envoy-path.mjs';
import { fromRoot } from './support/project.mjs';

async function main(args) {
  const probe = probeNamespace();
  if ('reason' in probe)
    throw new SetupError(`requests are sent inside a network namespace alone, and there is none here: ${probe.reason}`);
  await ensureDependencies();
  await ensureBuilt();
  const tsx = [process.execPath, '--import', 'tsx', fromRoot('test', 'traffic', 'agree', 'main.ts')];
  return runInNamespace(probe.kinds, [...tsx, ...args], { ...process.env, ENVOY_BIN: await envoyPath() });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
