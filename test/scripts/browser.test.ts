import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../support/processes';

const SCRIPT = pathToFileURL(join(__dirname, '../../scripts/support/browser.mjs')).href;
const isRoot = process.getuid?.() === 0;

describe('findBrowser', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'browser-test-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const executable = (name: string, text = ''): string => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
    return join(folder, name);
  };

  /** With nothing in the PATH but the folder. */
  const find = async (mayInstall: boolean, env: NodeJS.ProcessEnv = {}): Promise<unknown> => {
    const code = `const { findBrowser } = await import(${JSON.stringify(SCRIPT)}); console.log(JSON.stringify(findBrowser(${mayInstall})));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
      env: { PATH: folder, ...env },
    });
    return JSON.parse(stdout) as unknown;
  };

  it("takes Debian's name first, and CHROMIUM_BIN before all", async () => {
    const [other, own] = [executable('google-chrome'), executable('own')];
    await expect(find(false)).resolves.toEqual({ path: other });
    const chromium = executable('chromium');
    await expect(find(false)).resolves.toEqual({ path: chromium });
    await expect(find(false, { CHROMIUM_BIN: own })).resolves.toEqual({ path: own });
  });

  it('says what to do where there is none', async () => {
    await expect(find(false)).resolves.toEqual({
      reason: expect.stringMatching(/not found; set CHROMIUM_BIN, or MCP_EGRESS_INSTALL_BROWSER=1 to install it/),
    });
    await expect(find(true, { CHROMIUM_BIN: '/no/such' })).resolves.toEqual({
      reason: 'CHROMIUM_BIN is "/no/such", which is not there',
    });
  });

  it('installs it where that is allowed and can be done', async () => {
    executable('apt-get', `[ "$1" = update ] || : > "${folder}/$5"`);
    const installed = { path: join(folder, 'chromium') };
    const not = { reason: expect.stringContaining('installing it needs Debian and root') };
    await expect(find(true)).resolves.toEqual(isRoot && process.platform === 'linux' ? installed : not);
  });
});
