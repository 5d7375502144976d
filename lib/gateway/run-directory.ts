import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvoyStartError } from './errors';

/** `sun_path` of a unix socket's address on Linux has 108 bytes, the last one is the final zero (unix(7)). */
const LONGEST_SOCKET_PATH = 107;

/** Makes a new private folder (mode 0700) with a path short enough for a unix socket in it. */
export function makeRunDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mcp-egress-'));
}

/** Makes a folder ready for an Envoy of its own: private, and without the files of an earlier run. */
export async function prepareDirectory(directory: string): Promise<void> {
  await mkdir(join(directory, 'routes'), { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const routes = await readdir(join(directory, 'routes'));
  await Promise.all(routes.map((name) => rm(join(directory, 'routes', name))));
}

/** @throws {EnvoyStartError} where the path of the admin socket is longer than the system allows */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_SOCKET_PATH) return;
  throw new EnvoyStartError(
    `the path of the admin socket, ${path}, has ${bytes} bytes; the system allows ${LONGEST_SOCKET_PATH}. Choose a shorter folder.`,
  );
}
