import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledConfig } from '../envoy/resources';
import { toStatic } from '../envoy/static';
import { envoyWords, LOG_ARGUMENTS } from './envoy-words';
import { EnvoyConfigError } from './errors';
import { printable } from './log-line';
import { runCommand } from './run-command';

export interface ValidateOptions {
  /** Path of the executable. */
  readonly envoy: string;
  /** Milliseconds; default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Has Envoy itself check a configuration (`envoy --mode validate`), in one static piece: so it also finds unknown fields
 * and unknown clusters, which it would take from watched files without a word. Opens no port.
 * @throws {EnvoyConfigError} with Envoy's own words
 */
export async function validate(config: CompiledConfig, options: ValidateOptions): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const folder = await mkdtemp(join(tmpdir(), 'mcp-egress-'));
  try {
    const file = join(folder, 'envoy.json');
    await writeFile(file, toStatic(config), { mode: 0o600 });
    const args = ['--mode', 'validate', '--config-path', file, ...LOG_ARGUMENTS, '--concurrency', '1'];
    const result = await runCommand(options.envoy, args, { timeoutMs });
    if (result.code === 0) return;
    const words = envoyWords(result.stderr).map((line) => printable(line.replaceAll(` '${file}'`, '')));
    const how = result.failure ?? `exit code ${result.code}`;
    throw new EnvoyConfigError(words.length > 0 && !result.failure ? words : [...words, `${options.envoy}: ${how}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
