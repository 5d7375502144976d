import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ended } from '../support/processes';

const ROOT = join(__dirname, '..', '..');

/** Stands in for npm: notes that it ran, and installs a stand-in for tsc, which writes dist and notes that it ran. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) { console.error('npm error code E404'); process.exit(7); }
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
fs.writeFileSync('node_modules/typescript/bin/tsc', \`
  const fs = require('node:fs');
  const out = process.argv[process.argv.indexOf('--outDir') + 1];
  fs.appendFileSync('tsc.log', 'tsc\\\\n');
  fs.mkdirSync(out + '/lib/cli', { recursive: true });
  if (fs.readFileSync('lib/a.ts', 'utf8').includes('wrong')) { console.error('a.ts(1,1): error'); process.exit(2); }
  fs.writeFileSync(out + '/lib/cli/main.js', fs.readFileSync('lib/a.ts'));
\`);
`;

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('ensureInstalled', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'install-test-'));
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    mkdirSync(join(folder, 'lib'));
    write('package.json', JSON.stringify({ engines: { node: '>=20.9.0' } }));
    write('package-lock.json', '{}');
    write('lib/a.ts', 'first');
    write('npm-cli.js', NPM);
    // There is no page here, and no esbuild that would bundle it.
    write('scripts/support/build-page.mjs', 'export const buildPage = () => undefined;\n');
    write('setup.mjs', "import { ensureInstalled } from './scripts/ensure-installed.mjs';\nawait ensureInstalled();\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): void => writeFileSync(path(name), text);
  const read = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
  const setup = (env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    run(process.execPath, ['setup.mjs'], {
      cwd: folder,
      env: { ...process.env, npm_execpath: path('npm-cli.js'), ...env },
    });
  const ran = (): { npm: number; tsc: number } => ({
    npm: read('npm.log').split('\n').length - 1,
    tsc: read('tsc.log').split('\n').length - 1,
  });

  it('installs and builds once', async () => {
    const first = await setup();
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain('setup: installing dependencies with npm ci');
    expect(read('npm.log')).toBe('ci --include=dev --prefer-offline --no-audit --no-fund\n');
    expect(read('dist/lib/cli/main.js')).toBe('first');
    expect(await setup()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(ran()).toEqual({ npm: 1, tsc: 1 });
    expect(existsSync(path('.install-lock'))).toBe(false);
  });

  it('installs again when the lockfile changes or node_modules is gone', async () => {
    await setup();
    write('package-lock.json', '{"changed": true}');
    await setup();
    rmSync(path('node_modules'), { recursive: true });
    await setup();
    expect(ran().npm).toBe(3);
  });

  it('builds again when a source changes, and leaves nothing of a removed one', async () => {
    await setup();
    write('dist/lib/removed.js', '');
    write('lib/a.ts', 'second');
    expect(await setup()).toMatchObject({ code: 0, stderr: 'setup: building dist\n' });
    expect(read('dist/lib/cli/main.js')).toBe('second');
    expect(existsSync(path('dist/lib/removed.js'))).toBe(false);
    expect(ran()).toEqual({ npm: 1, tsc: 2 });
  });

  it('keeps the last good dist when the sources do not compile', async () => {
    await setup();
    write('lib/a.ts', 'wrong');
    const ended = await setup();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toBe('setup: building dist\na.ts(1,1): error\nthe build failed; the errors are above.\n');
    expect(read('dist/lib/cli/main.js')).toBe('first');
  });

  it('installs once when two commands start together', async () => {
    const ended = await Promise.all([setup(), setup(), setup()]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ran()).toEqual({ npm: 1, tsc: 1 });
  });

  it("fails with npm's words and what to do, and tries again the next time", async () => {
    const { code, stderr } = await setup({ NPM_FAILS: '1' });
    expect(code).toBe(1);
    expect(stderr).toContain('npm error code E404');
    expect(stderr).toContain('npm ci did not work: it ended with exit code 7.');
    expect(stderr).toContain('Then run the same command again.');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await setup()).toMatchObject({ code: 0 });
  });

  it('says so when there is no npm', async () => {
    const { code, stderr } = await setup({ npm_execpath: '', PATH: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('npm ci did not work: it could not be started: spawn npm ENOENT.');
  });

  it('names the Node that it needs', async () => {
    write('package.json', JSON.stringify({ engines: { node: '>=99.1.0' } }));
    expect(await setup()).toMatchObject({
      code: 1,
      stderr: `Node ${process.versions.node} is too old; install Node 99.1.0 or newer (https://nodejs.org).\n`,
    });
    expect(ran().npm).toBe(0);
  });
});
