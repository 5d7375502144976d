import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CompiledConfig } from '../envoy/resources';
import { adminSocket, watchedDirectory } from './bootstrap-facts';
import { checkPorts } from './check-ports';
import { EnvoyProcess, type EnvoyExit, type EnvoyOutput } from './envoy-process';
import { LOG_ARGUMENTS } from './envoy-words';
import { EnvoyStartError } from './errors';
import { Gateway } from './gateway';
import { listenAddresses } from './listen-addresses';
import { awaitReady } from './readiness';
import { render } from '../envoy/render';
import { checkSocketPath, makeRunDirectory, prepareDirectory } from './run-directory';
import { writeAtomically } from './write-atomically';

export type { Gateway };

export interface StartOptions extends EnvoyOutput {
  /** Path of the executable. */
  readonly envoy: string;
  /** What to run; compiled for `directory`, so a function where that is not known yet. */
  readonly config: CompiledConfig | ((directory: string) => CompiledConfig);
  /**
   * Folder that Envoy reads, made private (mode 0700); it belongs to this gateway alone, routes of an earlier run are
   * removed. Default: a new short one under the system's folder for temporary files, removed when Envoy has ended.
   */
  readonly directory?: string;
  /** Called once when Envoy has ended after it was ready, asked or not. */
  readonly onExit?: (exit: EnvoyExit) => void;
  /** Seconds after which the tunnels of a withdrawn rule are closed; Envoy itself adds one. Default 10. */
  readonly drainSeconds?: number;
  /** Worker threads. Default: one for each processor. */
  readonly concurrency?: number;
  /** Milliseconds until Envoy must be ready. Default 30,000. */
  readonly readyTimeoutMs?: number;
  /** Milliseconds after which a published file counts as taken where there is no admin socket. Default 1,000. */
  readonly settleMs?: number;
}

/**
 * Starts Envoy with a configuration and waits until every listener accepts.
 * @throws {PortTakenError} before anything is started
 * @throws {EnvoyStartError} with Envoy's own words; nothing is left behind
 */
export async function startGateway(options: StartOptions): Promise<Gateway> {
  const directory = options.directory ?? (await makeRunDirectory());
  const discard = async (): Promise<void> => {
    if (!options.directory) await rm(directory, { recursive: true, force: true });
  };
  try {
    const config = typeof options.config === 'function' ? options.config(directory) : options.config;
    await prepare(config, directory);
    const envoy = await EnvoyProcess.spawn(options.envoy, envoyArguments(options, directory), options);
    try {
      await awaitReady(envoy, config, options.readyTimeoutMs ?? 30_000);
    } catch (error) {
      await envoy.stop();
      throw error;
    }
    void envoy.exited.then(async (exit) => {
      await discard();
      options.onExit?.(exit);
    });
    return new Gateway(envoy, config, directory, options.settleMs);
  } catch (error) {
    await discard();
    throw error;
  }
}

async function prepare(config: CompiledConfig, directory: string): Promise<void> {
  const compiledFor = watchedDirectory(config);
  if (compiledFor !== undefined && resolve(compiledFor) !== resolve(directory)) {
    const remedy = 'compile it with that `directory`, or give `config` as a function of the folder.';
    throw new EnvoyStartError(`the configuration is for the folder ${compiledFor}, not for ${directory}: ${remedy}`);
  }
  const socket = adminSocket(config);
  if (socket) checkSocketPath(socket);
  await checkPorts(listenAddresses(config));
  await prepareDirectory(directory);
  for (const [path, content] of render(config)) {
    await mkdir(dirname(join(directory, path)), { recursive: true, mode: 0o700 });
    await writeAtomically(join(directory, path), content);
  }
}

function envoyArguments(options: StartOptions, directory: string): string[] {
  const args = ['--config-path', join(directory, 'envoy.yaml'), ...LOG_ARGUMENTS, '--disable-hot-restart'];
  args.push('--drain-time-s', String(options.drainSeconds ?? 10));
  // An unknown field in a watched file would otherwise be a warning, and the rest would be applied.
  args.push('--reject-unknown-dynamic-fields', '--file-flush-interval-msec', '100');
  if (options.concurrency !== undefined) args.push('--concurrency', String(options.concurrency));
  return args;
}
