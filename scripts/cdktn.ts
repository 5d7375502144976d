/**
 * `npm run test:cdktn`: whether the constructs work with cdktn, the fork that carries cdktf on. In a folder of its own it aliases `cdktf`
 * to cdktn, as docs tell users to, runs the tests of constructs/ there, synthesizes main.ts and every example, and compares the
 * stacks with those of cdktf itself.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { appsUnderTest, synthesize } from '../test/terraform/support/stacks';

const ROOT = join(__dirname, '..');
const CDKTN = 'npm:cdktn@0.24.0';
const started = Date.now();

function say(message: string): void {
  console.error(`cdktn: ${message} (at ${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

async function runIn(folder: string, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { cwd: folder, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

/** What git tracks, and what it would. */
function copySources(folder: string): void {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const name of list.split('\0').filter((each) => each !== '' && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, name), join(folder, name));
  }
}

/**
 * Our node_modules by hard links, without what npm would write into in place and without cdktf itself. npm replaces a package by a rename,
 * so ours stay as they are.
 */
function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules');
  try {
    execFileSync('cp', ['-al', join(ROOT, 'node_modules'), modules], { stdio: 'pipe' });
  } catch {
    // Another file system, or a cp without -l: npm installs all of it.
    rmSync(modules, { recursive: true, force: true });
  }
  for (const name of ['.package-lock.json', '.install-stamp', '.cache', 'cdktf', 'cdktf-cli']) {
    rmSync(join(modules, name), { recursive: true, force: true });
  }
}

interface PackageJson {
  devDependencies: Record<string, string>;
  peerDependencies?: unknown;
  peerDependenciesMeta?: unknown;
  overrides?: unknown;
}

/** An app's package.json has no peers; cdktf-cli loads a cdktf of its own. */
function aliasCdktf(folder: string): void {
  const file = join(folder, 'package.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  json.devDependencies.cdktf = CDKTN;
  delete json.devDependencies['cdktf-cli'];
  delete json.peerDependencies;
  delete json.peerDependenciesMeta;
  json.overrides = { cdktf: '$cdktf' };
  writeFileSync(file, JSON.stringify(json, null, 2));
  // It names cdktf.
  rmSync(join(folder, 'package-lock.json'), { force: true });
}

/** Every installed package that is or calls itself cdktf or cdktn, as `name@version` and where it lies. */
function installedCores(folder: string): string[] {
  const names = (at: string): string[] => (existsSync(at) ? readdirSync(at) : []);
  const found: string[] = [];
  const visit = (modules: string): void => {
    for (const name of names(modules)) {
      const paths = name.startsWith('@')
        ? names(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)];
      for (const path of paths) {
        if (['cdktf', 'cdktn'].includes(name)) {
          const { name: own, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Core;
          found.push(`${own}@${version} at ${path.slice(folder.length + 1)}`);
        }
        visit(join(path, 'node_modules'));
      }
    }
  };
  visit(join(folder, 'node_modules'));
  return found;
}

interface Core {
  readonly name: string;
  readonly version: string;
}

function requireOneCore(folder: string): void {
  const cores = installedCores(folder);
  const expected = [`cdktn@${CDKTN.split('@')[1]} at ${join('node_modules', 'cdktf')}`];
  if (!isDeepStrictEqual(cores, expected)) {
    throw new Error(`expected ${expected.join()} and no other; found:\n  ${cores.join('\n  ') || 'none'}`);
  }
  const { resolve } = createRequire(join(folder, 'main.ts'));
  say(`${expected.join()}, resolved to ${dirname(resolve('cdktf/package.json'))}`);
}

/** Stack by name, without what must differ: the version of the framework in the metadata. */
async function stacksOf(root: string, name: string, folder: string): Promise<Record<string, unknown>> {
  const app = appsUnderTest(root).find((each) => each.name === name);
  if (!app) throw new Error(`${root} has no app ${JSON.stringify(name)}`);
  // The same folder each time, for a local backend's path is written into the stack.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { stacks } = await synthesize(app, folder);
  return Object.fromEntries(
    stacks.map((stack) => {
      const json = JSON.parse(readFileSync(stack.file, 'utf8')) as { '//'?: { metadata?: { version?: string } } };
      delete json['//']?.metadata?.version;
      return [stack.name, json];
    }),
  );
}

async function compareApps(folder: string, work: string): Promise<void> {
  const different: string[] = [];
  for (const { name } of appsUnderTest(ROOT)) {
    const [ours, theirs] = [await stacksOf(ROOT, name, work), await stacksOf(folder, name, work)];
    const stacks = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const unlike = stacks.filter((stack) => !isDeepStrictEqual(ours[stack], theirs[stack]));
    different.push(...unlike.map((stack) => `${name}: ${stack}`));
    say(`${name}: ${stacks.length - unlike.length} of ${stacks.length} stacks are the same`);
  }
  if (different.length > 0) throw new Error(`cdktn writes other stacks than cdktf:\n  ${different.join('\n  ')}`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-cdktn-'));
  try {
    copySources(folder);
    linkModules(folder);
    aliasCdktf(folder);
    say('installing');
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    await runIn(folder, 'npm', ['install', '--prefer-offline', '--ignore-scripts', ...quiet]);
    requireOneCore(folder);
    const failed: string[] = [];
    const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
      say(what);
      await work().catch((error: unknown) => failed.push(error instanceof Error ? error.message : String(error)));
    };
    const jest = [join('node_modules', 'jest', 'bin', 'jest.js'), '--ci', '--selectProjects', 'unit'];
    const tests = [...jest, '--', 'test/constructs/'];
    await attempt('running the tests of constructs/', () => runIn(folder, process.execPath, tests));
    // The examples import the package by its name.
    await attempt('building', () => runIn(folder, process.execPath, ['scripts/build.mjs']));
    await attempt('comparing stacks', () => compareApps(folder, join(folder, 'synth')));
    if (failed.length > 0) throw new Error(failed.join('\n'));
    say('done');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
