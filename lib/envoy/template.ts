import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { ConfigObject } from './resources';

const FOLDER = 'envoy-templates';
const cache = new Map<string, ConfigObject>();

/** The folder of the templates: the nearest one above this file, be it source, `dist` or an installed package. */
export function templateFolder(from: string = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, FOLDER);
    if (existsSync(join(candidate, 'bootstrap.yaml'))) return candidate;
    if (folder === dirname(folder))
      throw new Error(`${FOLDER}/ is missing above ${from}: the package is incomplete, install it again`);
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
