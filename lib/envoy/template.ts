import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { ConfigObject } from './resources';

const FOLDER = 'envoy-templates';
const cache = new Map<string, ConfigObject>();

/** The folder of the templates: the nearest one above this file, be it source, `dist` or an installed package. */
export function templateFolder(from: string = __dirname): string {
  return packageFolder(FOLDER, 'bootstrap.yaml', from);
}

/**
 * A folder of the package that is read when the program runs.
 *
 * @param name the folder's name
 * @param file a file by which it is told from another folder of that name
 * @param from where to begin; the nearest one above it counts
 * @throws {Error} it is not there
 */
export function packageFolder(name: string, file: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, file))) return candidate;
    if (folder === dirname(folder))
      throw new Error(`${name}/ is missing above ${from}: the package is incomplete, install it again`);
  }
}

/**
 * A skeleton from `envoy-templates/`, read once; it is filled by structure, into new objects.
 *
 * @param name the file's name without `.yaml`
 */
export function template(name: string): ConfigObject {
  const known =
    cache.get(name) ?? (parse(readFileSync(join(templateFolder(), `${name}.yaml`), 'utf8')) as ConfigObject);
  cache.set(name, known);
  return known;
}
