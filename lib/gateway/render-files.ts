import { createHash } from 'node:crypto';
import type { CompiledConfig } from '../envoy/resources';
import { render } from '../envoy/render';
import { CLUSTERS, LISTENERS, type Step } from './publication-plan';

const VERSION = /^version_info: "([0-9a-f]+)"$/m;

/**
 * The bytes of every file of a configuration, by relative path. Watched files carry a version of their own content
 * (`version_info` of envoy.service.discovery.v3.DiscoveryResponse), which Envoy repeats in its stats when it has taken it.
 */
export function renderFiles(config: CompiledConfig): Map<string, string> {
  return new Map([...render(config)].map(([path, text]) => [path, stamp(text)]));
}

/** The bytes of the files of one publication step. */
export function renderStep(step: Step, config: CompiledConfig): Map<string, string> {
  const { [CLUSTERS]: clusters = [], [LISTENERS]: listeners = [], ...routes } = Object.fromEntries(step.files);
  const files = renderFiles({ ...config, clusters, listeners, routes: Object.values(routes).flat() });
  return new Map([...files].filter(([path]) => step.files.has(path)));
}

/** The version that a rendered file carries; undefined where it has none. */
export function versionOf(text: string): string | undefined {
  return VERSION.exec(text)?.[1];
}

/** A file without resources at its top level (the bootstrap) stays as it is. */
function stamp(text: string): string {
  const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return text.replace(/^version_info:.*\n/m, '').replace(/^resources:/m, `version_info: "${version}"\nresources:`);
}
