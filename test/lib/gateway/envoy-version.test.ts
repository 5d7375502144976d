import { join } from 'node:path';
import { envoyVersion, isAtLeast } from '../../../lib/gateway/envoy-version';
import { fakeEnvoy, script, temporaryFolder } from './support/fakes';

const folder = temporaryFolder();

describe('envoyVersion', () => {
  it('reads the version out of what Envoy prints', async () => {
    expect(await envoyVersion(fakeEnvoy(join(folder, 'good'), '1.39.3'))).toEqual({ version: '1.39.3' });
  });

  it('says that a file is not there', async () => {
    expect(await envoyVersion(join(folder, 'none'))).toEqual({ failure: 'it does not run (ENOENT)' });
  });

  it('says that a file may not be executed', async () => {
    expect(await envoyVersion(folder)).toEqual({ failure: 'it does not run (EACCES)' });
  });

  it('gives the last words of a program that fails', async () => {
    const path = script(join(folder, 'broken'), 'echo "libc.so.6: version GLIBC_2.31 not found" >&2; exit 1');
    expect(await envoyVersion(path)).toEqual({
      failure: 'it does not run (exit code 1): libc.so.6: version GLIBC_2.31 not found',
    });
  });

  it('does not take another program for Envoy', async () => {
    const path = script(join(folder, 'other'), 'echo "python 3.11.7"');
    expect(await envoyVersion(path)).toEqual({ failure: '`--version` does not answer as Envoy does' });
  });
});

describe('isAtLeast', () => {
  it.each([
    ['1.39.0', true],
    ['1.39.1', true],
    ['1.40.0', true],
    ['1.100.0', true],
    ['2.0.0', true],
    ['1.38.9', false],
    ['1.9.0', false],
    ['0.99.0', false],
  ])('%s against 1.39.0: %s', (version, expected) => {
    expect(isAtLeast(version, '1.39.0')).toBe(expected);
  });
});
