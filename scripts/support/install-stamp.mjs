/** Says which lockfile, Node and machine `node_modules` was installed for. Node built-ins only. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fromRoot } from './project.mjs';

/** `npm ci` begins by emptying node_modules, so an install that was cut short has no stamp. */
const STAMP = fromRoot('node_modules', '.install-stamp');

function wanted() {
  const lockfile = createHash('sha256')
    .update(readFileSync(fromRoot('package-lock.json')))
    .digest('hex');
  const major = process.versions.node.split('.')[0];
  return `lockfile ${lockfile}\nnode ${major} ${process.platform} ${process.arch}\n`;
}

export function isInstalled() {
  try {
    return readFileSync(STAMP, 'utf8') === wanted();
  } catch {
    return false;
  }
}

export function writeStamp() {
  writeFileSync(STAMP, wanted());
}
