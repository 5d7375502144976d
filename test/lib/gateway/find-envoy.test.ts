import { mkdtempSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EnvoyNotFoundError } from '../../../lib/gateway/errors';
import { findEnvoy } from '../../../lib/gateway/find-envoy';
import { failure, fakeEnvoy, script, temporaryFolder } from './support/fakes';

const root = temporaryFolder();

/** A machine of its own: an empty PATH folder, an empty cache. */
function machine(): { env: NodeJS.ProcessEnv; path: string; cache: string } {
  const home = mkdtempSync(join(root, 'home-'));
  const path = join(home, 'bin');
  const cache = join(home, 'cache');
  return { env: { HOME: home, PATH: `${path}${delimiter}/bin`, MCP_EGRESS_CACHE: cache }, path, cache };
}

describe('findEnvoy', () => {
  it('takes ENVOY_BIN before an envoy on PATH', async () => {
    const { env, path } = machine();
    fakeEnvoy(join(path, 'envoy'), '1.40.0');
    const own = fakeEnvoy(join(path, 'my-envoy'), '1.39.1');
    expect(await findEnvoy({ env: { ...env, ENVOY_BIN: own } })).toEqual({
      path: own,
      version: '1.39.1',
      source: 'ENVOY_BIN',
    });
  });

  it('never replaces an ENVOY_BIN that does not run', async () => {
    const { env, path } = machine();
    fakeEnvoy(join(path, 'envoy'), '1.40.0');
    const error = await failure(findEnvoy({ env: { ...env, ENVOY_BIN: '/nowhere/envoy' } }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toMatch(
      /^No usable Envoy: ENVOY_BIN is \/nowhere\/envoy, but it does not run \(ENOENT\)\.\nChoose one:/,
    );
  });

  it('never replaces an ENVOY_BIN that is too old', async () => {
    const { env, path } = machine();
    const old = fakeEnvoy(join(path, 'old'), '1.38.2');
    const error = await failure(findEnvoy({ env: { ...env, ENVOY_BIN: old } }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toContain(`ENVOY_BIN is ${old}, which is Envoy 1.38.2; 1.39 is the oldest that will do.`);
  });

  it('takes envoy on PATH', async () => {
    const { env, path } = machine();
    const envoy = fakeEnvoy(join(path, 'envoy'), '1.39.0');
    expect(await findEnvoy({ env })).toEqual({ path: envoy, version: '1.39.0', source: 'PATH' });
  });

  it('passes over an old envoy on PATH, says so, and takes the cache', async () => {
    const { env, path, cache } = machine();
    fakeEnvoy(join(path, 'envoy'), '1.30.0');
    const cached = fakeEnvoy(join(cache, 'envoy-1.40.0', 'envoy'), '1.40.0');
    const said: string[] = [];
    const found = await findEnvoy({ env, onProgress: (line) => said.push(line) });
    expect(found).toEqual({ path: cached, version: '1.40.0', source: 'cache' });
    expect(said).toEqual([`passing over ${join(path, 'envoy')}: Envoy 1.30.0 is older than 1.39`]);
  });

  it('passes over an envoy on PATH that does not run, and says so', async () => {
    const { env, path, cache } = machine();
    script(join(path, 'envoy'), 'echo cannot >&2; exit 3');
    fakeEnvoy(join(cache, 'envoy-1.40.0', 'envoy'), '1.40.0');
    const said: string[] = [];
    expect(await findEnvoy({ env, onProgress: (line) => said.push(line) })).toMatchObject({ source: 'cache' });
    expect(said).toEqual([`passing over ${join(path, 'envoy')}: it does not run (exit code 3): cannot`]);
  });

  it('says what there is not where it may not download', async () => {
    const { env, cache } = machine();
    const error = await failure(findEnvoy({ env, download: false }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toContain(`there is none in ENVOY_BIN, on PATH or in ${join(cache, 'envoy-1.40.0')}.`);
    expect(error.message).toContain('set ENVOY_BIN');
    expect(error.message).toContain('install Envoy 1.39 or newer');
    expect(error.message).toContain('Python 3 with pip');
  });
});
