import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runModule, type Ended } from '../support/processes';

const ROOT = join(__dirname, '../..');
const MODULE = pathToFileURL(join(ROOT, 'scripts/support/openclaw-tools.mjs')).href;
const HASHED = ['package.json', 'package-lock.json'].map((name) => readFileSync(join(ROOT, 'test/openclaw', name)));
const NAME = `openclaw-${HASHED.reduce((sum, bytes) => sum.update(bytes), createHash('sha256'))
  .digest('hex')
  .slice(0, 16)}`;

let cache: string;
beforeEach(() => (cache = mkdtempSync(join(tmpdir(), 'openclaw-tools-'))));
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** A registry where nobody listens, and none of npm's files: whatever it would fetch fails. */
function ensure(platform: string): Promise<Ended> {
  const code = `
    import { OpenClawError, ensureOpenClaw } from ${JSON.stringify(MODULE)};
    try {
      console.log(await ensureOpenClaw(${JSON.stringify(cache)}, (line) => console.error(line), '${platform}'));
    } catch (error) {
      console.error(error instanceof OpenClawError ? error.message : error);
      process.exitCode = 1;
    }`;
  const offline = {
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_cache: join(cache, 'npm'),
    npm_config_fetch_retries: '0',
  };
  return runModule(code, { env: { PATH: process.env.PATH, HOME: cache, ...offline } });
}

jest.setTimeout(60_000);

test('another platform is told what is missing', async () => {
  const { code, stderr } = await ensure('darwin-arm64');
  expect(stderr).toMatch(/^OpenClaw is tested on linux-x64 alone, this is darwin-arm64: .*npm test\.\n$/);
  expect(code).toBe(1);
  expect(readdirSync(cache)).toEqual([]);
});

test('what is complete is used as it is', async () => {
  mkdirSync(join(cache, NAME));
  writeFileSync(join(cache, NAME, '.complete'), '');
  const { code, stdout, stderr } = await ensure('linux-x64');
  expect(stderr).toBe('');
  expect(stdout).toBe(`${join(cache, NAME)}\n`);
  expect(code).toBe(0);
});

test('an installation that fails says what to do, is not taken for complete, and leaves no lock', async () => {
  const { code, stderr } = await ensure('linux-x64');
  expect(stderr).toMatch(
    /OpenClaw cannot be installed: npm ci ended with exit code 1\. [^]*npm registry[^]*MCP_EGRESS_CACHE/,
  );
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
  expect(readdirSync(cache)).not.toContain(`${NAME}.lock`);
  expect(readdirSync(join(cache, NAME))).not.toContain('.complete');
});

test('each package is pinned by its hash, or within one that is, and none by an address', () => {
  interface Locked {
    readonly integrity?: string;
    readonly inBundle?: boolean;
    readonly resolved?: string;
  }
  const [manifest, lockfile] = HASHED.map((bytes) => JSON.parse(bytes.toString('utf8')));
  for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  const packages = Object.entries(lockfile.packages as Record<string, Locked>).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(300);
  expect(packages.filter(([, { integrity, inBundle }]) => !integrity && !inBundle)).toEqual([]);
  expect(packages.filter(([, { resolved }]) => resolved)).toEqual([]);
});
