import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { ConfigObject } from './resources';

const FOLDER = 'envoy-templates';
const cache = new Map<string, string>();

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
 * A fresh copy of a skeleton from `envoy-templates/`, to be filled by structure.
 *
 * @param name the file's name without `.yaml`
 */
export function template(name: string): ConfigObject {
  const text = cache.get(name) ?? readFileSync(join(templateFolder(), `${name}.yaml`), 'utf8');
  cache.set(name, text);
  return parse(text) as ConfigObject;
}

/** A skeleton `{name, typed_config}` with more fields in its `typed_config`. */
export function typedTemplate(name: string, fields: ConfigObject): ConfigObject {
  const skeleton = template(name);
  return { ...skeleton, typed_config: { ...(skeleton.typed_config as ConfigObject), ...fields } };
}
