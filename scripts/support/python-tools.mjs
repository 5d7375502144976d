/**
 * Python tools in virtual environments in the user's cache folder: those of the tests (moto, awscli, checkov), and mitmproxy for the benchmark.
 * Node built-ins only.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { withLock } from './lock.mjs';
import { fromRoot } from './project.mjs';

/** In test/python; each pins everything that it needs. */
const TESTS = 'requirements.txt';
const OLDEST = [3, 11, 5];
const HEARTBEAT_MS = 10_000;
/** Written last, so an environment that was cut short has none. It cannot be renamed instead: its scripts name its path. */
const COMPLETE = '.complete';

/** What is missing for the Python tools; the message is complete without a stack trace. */
export class PythonToolsError extends Error {
  constructor(what) {
    super(
      `The Python tools (test/python/requirements.txt) cannot be installed: ${what} They need Python ` +
        `${OLDEST.join('.')} or newer as python3 on PATH, with its modules venv and pip (on Debian and Ubuntu: the ` +
        'package python3-venv), and a Python package index, or its files in the cache of pip.',
    );
  }
}

/** Like lib/gateway/cache-folder.ts, which is not built yet when this runs. */
function cacheFolder({ MCP_EGRESS_CACHE, HOME, XDG_CACHE_HOME } = process.env) {
  if (MCP_EGRESS_CACHE) return MCP_EGRESS_CACHE;
  const home = HOME || homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'mcp-egress');
  const xdg = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, '.cache');
  return join(xdg, 'mcp-egress');
}

/** What an environment depends on besides the requirements; throws for a Python that will not do. */
function pythonIdentity() {
  const code = 'import json, sys; print(json.dumps([list(sys.version_info[:3]), sys.version, sys.base_prefix]))';
  const { error, status, stdout, stderr } = spawnSync('python3', ['-I', '-c', code], { encoding: 'utf8' });
  if (error) throw new PythonToolsError(`python3 does not start (${error.code ?? error.message}).`);
  if (status !== 0) throw new PythonToolsError(`python3 does not run (${lastLine(stderr)}).`);
  const [version] = JSON.parse(stdout);
  const difference = version.map((part, index) => part - OLDEST[index]).find((each) => each !== 0) ?? 0;
  if (difference < 0) throw new PythonToolsError(`python3 is ${version.join('.')}.`);
  for (const module of ['venv', 'ensurepip']) {
    const found = spawnSync('python3', ['-I', '-c', `import ${module}`], { encoding: 'utf8' });
    if (found.status !== 0) throw new PythonToolsError(`python3 has no module ${module}.`);
  }
  return stdout;
}

const lastLine = (text) => text.trim().split('\n').at(-1) || 'without a word';

/** Runs to the end; rejects with `what` and the command's last words. */
async function run(what, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 2, 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close').catch((error) => {
    throw new PythonToolsError(`${what} does not start (${error.message}).`);
  });
  if (code === 0) return;
  const errors = stderr.split('\n').filter((line) => line.startsWith('ERROR:'));
  throw new PythonToolsError(`${what} ended with ${code}: ${errors.at(-1) ?? lastLine(stderr)}.`);
}

async function build(folder, requirements, onProgress) {
  const started = Date.now();
  const took = () => `${Math.round((Date.now() - started) / 1000)} s`;
  onProgress(`installing ${requirements} into a virtual environment (once; about half a minute)`);
  const heartbeat = setInterval(() => onProgress(`still installing (${took()})`), HEARTBEAT_MS);
  try {
    rmSync(folder, { recursive: true, force: true });
    await run('python3 -m venv', 'python3', ['-I', '-m', 'venv', folder]);
    // Not compiled: Python does that for what it loads, and most of it never is.
    const args = ['-I', '-m', 'pip', 'install', '--no-deps', '--no-compile', '--no-input', '--quiet'];
    args.push('--disable-pip-version-check', '--requirement', requirements);
    await run('pip install', join(folder, 'bin', 'python'), args);
    writeFileSync(join(folder, COMPLETE), '');
    onProgress(`installed in ${took()}`);
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Makes the environment where it is missing. It is named by the hash of the requirements and of Python itself, so a change of either
 * makes a new one.
 * @param {(line: string) => void} onProgress
 * @param {string} [file] with the requirements, in test/python; default: those of the tests
 * @returns {Promise<string>} the folder with the tools and `python`
 * @throws {PythonToolsError}
 */
export async function ensurePythonTools(onProgress, file = TESTS) {
  const requirements = fromRoot('test', 'python', file);
  const identity = pythonIdentity();
  const hash = createHash('sha256').update(readFileSync(requirements)).update(identity).digest('hex').slice(0, 16);
  const parent = cacheFolder();
  const folder = join(parent, `python-tools-${hash}`);
  const isComplete = () => existsSync(join(folder, COMPLETE));
  if (!isComplete()) {
    mkdirSync(parent, { recursive: true });
    await withLock(
      `${folder}.lock`,
      () => (isComplete() ? undefined : build(folder, requirements, onProgress)),
      onProgress,
    );
  }
  return join(folder, 'bin');
}
