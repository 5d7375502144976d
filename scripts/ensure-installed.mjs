/**
 * Makes a fresh clone ready: runs `npm ci` when node_modules is not what package-lock.json, this Node and this machine ask for,
 * and builds dist when it is not made from the present sources. Node built-ins only: nothing is installed yet when this runs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buildDist, isBuilt } from './support/build-dist.mjs';
import { isInstalled, writeStamp } from './support/install-stamp.mjs';
import { withLock } from './support/lock.mjs';
import { ROOT, fromRoot } from './support/project.mjs';

/** What a newcomer must do; the message is complete without a stack trace. */
export class SetupError extends Error {}

const HEARTBEAT_MS = 10_000;
const say = (message) => process.stderr.write(`setup: ${message}\n`);

function checkNode() {
  const minimum = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')).engines.node.replace('>=', '');
  const [have, want] = [process.versions.node, minimum].map((version) => version.split('.').map(Number));
  const older = have.map((part, index) => part - want[index]).find((difference) => difference !== 0) < 0;
  if (older)
    throw new SetupError(
      `Node ${process.versions.node} is too old; install Node ${minimum} or newer (https://nodejs.org).`,
    );
}

/** Under `npm start` the same npm is used again, else the one on PATH. */
export function npmCommand() {
  const path = process.env.npm_execpath;
  if (path && /^npm-cli\.[cm]?js$/.test(basename(path)))
    return { command: process.execPath, first: [path], shell: false };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

async function npmCi() {
  const { command, first, shell } = npmCommand();
  const started = Date.now();
  const heartbeat = setInterval(
    () => say(`still installing (${Math.round((Date.now() - started) / 1000)} s)`),
    HEARTBEAT_MS,
  );
  try {
    // The lockfile pins every file by its hash, so what the cache holds is as good as what the registry sends.
    const args = [...first, 'ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund'];
    const env = { ...process.env, MCP_EGRESS_SETUP: '1' };
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell, env });
    const [code, signal] = await once(child, 'exit');
    if (code !== 0) throw new SetupError(npmFailed(`it ended with ${signal ?? `exit code ${code}`}`));
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(npmFailed(`it could not be started: ${error.message}`));
  } finally {
    clearInterval(heartbeat);
  }
}

function npmFailed(how) {
  return [
    `npm ci did not work: ${how}. Above are npm's own words. Mostly it is one of these:`,
    '  - the npm registry is out of reach: see `npm ping`, and the settings registry, proxy and cafile in `npm config list`',
    '  - package.json and package-lock.json disagree: run `npm install`, and look at what it changes',
    `  - ${ROOT} cannot be written: see its owner`,
    'Then run the same command again.',
  ].join('\n');
}

/** Installs the dependencies where they are missing or out of date; throws {@link SetupError}. */
export async function ensureDependencies() {
  checkNode();
  if (isInstalled()) return;
  const install = async () => {
    if (isInstalled()) return;
    say('installing dependencies with npm ci (once; about a minute)');
    const started = Date.now();
    await npmCi();
    writeStamp();
    say(`dependencies installed in ${Math.round((Date.now() - started) / 1000)} s`);
  };
  await withLock(fromRoot('.install-lock'), install, say);
}

/** Builds dist where it is missing or older than its sources; throws {@link SetupError}. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  const build = () => {
    if (isBuilt()) return;
    say('building dist');
    if (!buildDist()) throw new SetupError('the build failed; the errors are above.');
  };
  await withLock(fromRoot('.install-lock'), build, say);
}

/** Both of the above; on failure it says what to do and ends the process with exit code 1. */
export async function ensureInstalled() {
  try {
    await ensureDependencies();
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
