import { render } from '../envoy/render';
import type { CompiledConfig } from '../envoy/resources';
import { CLUSTERS, LISTENERS, type Step } from './publication-plan';

const VERSION = /^version_info: "?([0-9a-f]+)"?$/m;

/** The bytes of the files of one publication step. */
export function renderStep(step: Step, config: CompiledConfig): Map<string, string> {
  const { [CLUSTERS]: clusters = [], [LISTENERS]: listeners = [], ...routes } = Object.fromEntries(step.files);
  const files = render({ ...config, clusters, listeners, routes: Object.values(routes).flat() });
  return new Map([...files].filter(([path]) => step.files.has(path)));
}

/** The version that a rendered file carries; undefined where it has none. */
export function versionOf(text: string): string | undefined {
  return VERSION.exec(text)?.[1];
}
