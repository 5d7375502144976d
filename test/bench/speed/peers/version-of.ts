import { spawnSync } from 'node:child_process';

/** The first version number that a command prints; undefined where there is no such command. */
export function versionOf(command: string, ...args: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, [...args], { encoding: 'utf8' });
  return error ? undefined : /\d+\.\d+(\.\d+)*/.exec(`${stdout}${stderr}`)?.[0];
}
