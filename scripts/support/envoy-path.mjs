/** Where Envoy is, for tests inside a namespace: there is no network there. Needs dist. */
import { pathToFileURL } from 'node:url';
import { fromRoot } from './project.mjs';

/** Finds Envoy or fetches it, and says which one it is. */
export async function envoyPath() {
  const { findEnvoy } = await import(pathToFileURL(fromRoot('dist', 'lib', 'gateway', 'find-envoy.js')));
  const { path, version, source } = await findEnvoy({ onProgress: (line) => console.error(line) });
  console.error(`Envoy ${version} (${source}): ${path}`);
  return path;
}
