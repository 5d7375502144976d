import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../../lib/gateway/write-atomically';
import { failure, temporaryFolder } from './support/fakes';

const root = temporaryFolder();

it('writes a new file and replaces an old one, without leftovers', async () => {
  const folder = join(root, 'a');
  mkdirSync(folder);
  await writeAtomically(join(folder, 'f.yaml'), 'one');
  await writeAtomically(join(folder, 'f.yaml'), 'two');
  expect(readFileSync(join(folder, 'f.yaml'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['f.yaml']);
});

it('leaves the old file and no other where it fails', async () => {
  const folder = join(root, 'b');
  mkdirSync(join(folder, 'f.yaml', 'x'), { recursive: true });
  writeFileSync(join(folder, 'f.yaml', 'x', 'y'), '');
  expect(await failure(writeAtomically(join(folder, 'f.yaml'), 'one'))).toMatchObject({ code: 'EISDIR' });
  expect(readdirSync(folder)).toEqual(['f.yaml']);
});
