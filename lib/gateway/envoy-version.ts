import { runCommand } from './run-command';

/** The oldest Envoy that has the filter for resolved addresses (`resolved_address_filter`). */
export const OLDEST_ENVOY = '1.39.0';
/** The version that is downloaded where none is found. */
export const PINNED_ENVOY = '1.40.0';

/** What `--version` of a file said: a version, or why there is none. */
export type VersionAnswer = { readonly version: string } | { readonly failure: string };

/**
 * Asks an executable for its Envoy version (`envoy --version`).
 * @param path of the executable
 * @returns the version as `1.40.0`, or why it could not be had; never rejects
 */
export async function envoyVersion(path: string, env?: NodeJS.ProcessEnv): Promise<VersionAnswer> {
  const result = await runCommand(path, ['--version'], { env, timeoutMs: 15_000 });
  // `envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL`
  const version = /version:\s*[0-9a-f]+\/(\d+\.\d+\.\d+)/.exec(result.stdout.join('\n'))?.[1];
  if (version) return { version };
  if (result.code === 0) return { failure: '`--version` does not answer as Envoy does' };
  const words = result.stderr.findLast((line) => line.trim() !== '');
  const how = result.failure ?? `exit code ${result.code}`;
  return { failure: words ? `it does not run (${how}): ${words.trim()}` : `it does not run (${how})` };
}

/** Whether a dotted version is `least` or newer, compared number by number. */
export function isAtLeast(version: string, least: string): boolean {
  const parts = version.split('.').map(Number);
  const bound = least.split('.').map(Number);
  for (const [index, number] of bound.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part > number;
  }
  return true;
}
