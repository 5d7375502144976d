/** The browser of the tests: found, or installed where that was asked for. Node built-ins only. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './apt.mjs';

/** Debian's name first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PACKAGES = ['chromium'];

function inPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * @param {boolean} mayInstall whether Debian's package may be installed where no browser is found
 * @returns {{ path: string } | { reason: string }} Chromium, or why there is none
 */
export function findBrowser(mayInstall) {
  const own = process.env.CHROMIUM_BIN;
  if (own)
    return existsSync(own) ? { path: own } : { reason: `CHROMIUM_BIN is ${JSON.stringify(own)}, which is not there` };
  const canInstall = process.platform === 'linux' && process.getuid() === 0;
  if (inPath() === undefined && mayInstall && canInstall) installPackages(PACKAGES);
  const path = inPath();
  if (path !== undefined) return { path };
  const remedy = mayInstall
    ? 'installing it needs Debian and root'
    : `set CHROMIUM_BIN, or MCP_EGRESS_INSTALL_BROWSER=1 to install it (apt-get install ${PACKAGES.join(' ')})`;
  return { reason: `${NAMES.join(', ')} not found; ${remedy}` };
}
