import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { cacheFolder } from './cache-folder';
import { envoyVersion, isAtLeast, OLDEST_ENVOY, PINNED_ENVOY } from './envoy-version';
import { EnvoyNotFoundError } from './errors';
import { fetchEnvoy } from './fetch-envoy';

/** An Envoy that runs and is new enough. */
export interface EnvoyBinary {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Such as `1.40.0`. */
  readonly version: string;
  readonly source: 'ENVOY_BIN' | 'PATH' | 'cache' | 'download';
}

export interface FindEnvoyOptions {
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told what is done, one line each. Default: nobody is told. */
  readonly onProgress?: (line: string) => void;
  /** Whether to download where none is found. Default true. */
  readonly download?: boolean;
}

/**
 * Finds an Envoy, in this order: `ENVOY_BIN`; `envoy` on PATH if it is 1.39 or newer; the cache; a download.
 * @throws {EnvoyNotFoundError} where none is to be had, or `ENVOY_BIN` does not run or is too old: what a user asked for
 *   by name is never replaced in silence
 */
export async function findEnvoy(options: FindEnvoyOptions = {}): Promise<EnvoyBinary> {
  const env = options.env ?? process.env;
  const tell = options.onProgress ?? (() => undefined);
  return (await fromVariable(env)) ?? (await fromPath(env, tell)) ?? (await fromCache(env, tell, options.download));
}

async function fromVariable(env: NodeJS.ProcessEnv): Promise<EnvoyBinary | undefined> {
  if (!env.ENVOY_BIN) return undefined;
  const path = resolve(env.ENVOY_BIN);
  const answer = await envoyVersion(path, env);
  if ('failure' in answer) throw new EnvoyNotFoundError(`ENVOY_BIN is ${path}, but ${answer.failure}.`);
  if (!isAtLeast(answer.version, OLDEST_ENVOY)) {
    throw new EnvoyNotFoundError(
      `ENVOY_BIN is ${path}, which is Envoy ${answer.version}; 1.39 is the oldest that will do.`,
    );
  }
  return { path, version: answer.version, source: 'ENVOY_BIN' };
}

async function fromPath(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<EnvoyBinary | undefined> {
  const path = findOnPath('envoy', env);
  if (!path) return undefined;
  const answer = await envoyVersion(path, env);
  if ('failure' in answer) tell(`passing over ${path}: ${answer.failure}`);
  else if (isAtLeast(answer.version, OLDEST_ENVOY)) return { path, version: answer.version, source: 'PATH' };
  else tell(`passing over ${path}: Envoy ${answer.version} is older than 1.39`);
  return undefined;
}

async function fromCache(env: NodeJS.ProcessEnv, tell: (line: string) => void, download = true): Promise<EnvoyBinary> {
  const folder = resolve(cacheFolder(env), `envoy-${PINNED_ENVOY}`);
  const path = join(folder, 'envoy');
  if (isExecutable(path)) {
    const answer = await envoyVersion(path, env);
    if ('version' in answer) return { path, version: answer.version, source: 'cache' };
    tell(`replacing ${path}: ${answer.failure}`);
  }
  if (!download) throw new EnvoyNotFoundError(`there is none in ENVOY_BIN, on PATH or in ${folder}.`);
  await fetchEnvoy({ folder, env, onProgress: tell });
  const answer = await envoyVersion(path, env);
  if ('failure' in answer) throw new EnvoyNotFoundError(`${path} was downloaded, but ${answer.failure}.`);
  return { path, version: answer.version, source: 'download' };
}

function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
