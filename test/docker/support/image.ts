import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Engine } from './engine';

/** The image of every container of the tests: what Envoy's own image has that we use, and tools to attack with. */
export const IMAGE = 'mcp-egress-test:1';

/** Of Envoy's image (Ubuntu): a shell, bash, coreutils, sed, grep and mawk. curl is the servers' alone, and so is ping, which asks without a raw socket where it has none. */
const PROGRAMS = ['sh', 'bash', 'curl', 'grep', 'ping', 'sed'].concat(
  'cat chmod cp cut date env head id ls mkdir mv rm sha256sum sleep sort stat tail timeout touch tr wc'.split(' '),
);
const BUSYBOX = ['ip', 'nc', 'nslookup', 'httpd', 'arping'];

/** Builds it from programs of this machine and their libraries; nothing is pulled. */
export async function importImage(engine: Engine, envoy: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'mcp-egress-image-'));
  try {
    for (const folder of ['usr/bin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'srv'])
      mkdirSync(join(root, folder), { recursive: true });
    // A folder in memory gets the mode of the folder that it hides.
    chmodSync(join(root, 'tmp'), 0o1777);
    symlinkSync('usr/bin', join(root, 'bin'));
    for (const program of PROGRAMS) copyProgram(whereIs(program), program, root);
    copyProgram(whereIs('mawk'), 'awk', root);
    copyProgram(whereIs('busybox'), 'busybox', root);
    for (const name of BUSYBOX) symlinkSync('busybox', join(root, 'usr/bin', name));
    copyProgram(envoy, 'envoy', root);
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0::/:/bin/sh\nenvoy:x:101:101::/:/bin/sh\nserver:x:1000:1000::/:/bin/sh\n',
    );
    writeFileSync(join(root, 'srv/index.html'), 'the server\n');
    const archive = `${root}.tar`;
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    await engine.docker('import', archive, IMAGE);
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function whereIs(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

function copyProgram(path: string, name: string, root: string): void {
  const real = realpathSync(path);
  copyFileSync(real, join(root, 'usr/bin', name));
  for (const library of librariesOf(real)) {
    const target = join(root, library);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(realpathSync(library), target);
  }
}

/** Paths that `ldd` names; none for a static program. */
function librariesOf(path: string): string[] {
  try {
    const words = execFileSync('ldd', [path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(/\s+/);
    return words.filter((word) => word.startsWith('/') && basename(word) !== basename(path));
  } catch {
    return [];
  }
}
