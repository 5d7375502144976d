/** Debian's packages, for the tests that need more than npm brings. Node built-ins only. */
import { spawnSync } from 'node:child_process';

/** @returns {boolean} whether all of them are there now */
export function installPackages(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}
