import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSocketPath, makeRunDirectory, prepareDirectory } from '../../../lib/gateway/run-directory';
import { temporaryFolder } from './support/fakes';

const root = temporaryFolder();

it('makeRunDirectory makes a private folder in which a unix socket has room', async () => {
  const folder = await makeRunDirectory();
  try {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(() => checkSocketPath(join(folder, 'admin.sock'))).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('prepareDirectory makes a folder private and removes the routes of an earlier run, nothing else', async () => {
  const folder = join(root, 'run');
  mkdirSync(join(folder, 'routes'), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'routes', 'gone.10000.yaml'), '');
  writeFileSync(join(folder, 'mine.txt'), '');
  await prepareDirectory(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(existsSync(join(folder, 'routes', 'gone.10000.yaml'))).toBe(false);
  expect(existsSync(join(folder, 'mine.txt'))).toBe(true);
});

it('checkSocketPath counts bytes, and says what is too long', () => {
  expect(() => checkSocketPath(`/${'a'.repeat(106)}`)).not.toThrow();
  expect(() => checkSocketPath(`/${'é'.repeat(54)}`)).toThrow(
    /has 109 bytes; the system allows 107\. Choose a shorter folder\./,
  );
});
