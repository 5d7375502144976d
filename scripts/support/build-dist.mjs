/** Compiles lib/, constructs/ and testing/ to dist/. Node built-ins only (tsc is a process of its own, esbuild is loaded when it builds). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from './build-page.mjs';
import { ROOT, fromRoot } from './project.mjs';

const SOURCES = [
  'lib',
  'constructs',
  'testing',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'scripts/support/build-page.mjs',
];
const DIST = fromRoot('dist');
/** Inside dist: the hash of the sources that it was built from. Not packed (see `files` in package.json). */
const BUILT_FROM = '.built-from';

function filesOf(path) {
  if (!existsSync(fromRoot(path))) return [];
  const entries = path.includes('.')
    ? undefined
    : readdirSync(fromRoot(path), { withFileTypes: true, recursive: true });
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1));
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesOf).sort()) {
    const content = readFileSync(fromRoot(file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Content, not time: a checkout or a copy changes times without changing files, and the other way round. */
export function isBuilt() {
  try {
    return readFileSync(join(DIST, BUILT_FROM), 'utf8') === sourcesHash();
  } catch {
    return false;
  }
}

/**
 * Builds into a folder of its own and swaps it in, so that nobody ever sees half a dist, nor files of sources that are gone.
 * @returns {boolean} false if tsc found errors (it has printed them); dist is then left as it was
 */
export function buildDist() {
  const fresh = `${DIST}-${process.pid}`;
  const old = `${DIST}-${process.pid}-old`;
  const hash = sourcesHash();
  try {
    const tsc = fromRoot('node_modules', 'typescript', 'bin', 'tsc');
    const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) return false;
    buildPage(fresh);
    const bin = join(fresh, 'lib', 'cli', 'main.js');
    // npx and npm link run the file itself.
    if (existsSync(bin)) chmodSync(bin, 0o755);
    writeFileSync(join(fresh, BUILT_FROM), hash);
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
