import { dirname } from 'node:path';
import type { CompiledConfig } from '../envoy/resources';

interface Bootstrap {
  readonly admin?: { address?: { pipe?: { path?: string } } };
  readonly dynamic_resources?: { lds_config?: { path_config_source?: { path?: string } } };
}

/** Path of the unix socket on which Envoy's admin interface listens; undefined where it has none. */
export function adminSocket(config: CompiledConfig): string | undefined {
  return bootstrapOf(config).admin?.address?.pipe?.path;
}

/** The folder in which Envoy will look for its files; undefined where nothing is watched. */
export function watchedDirectory(config: CompiledConfig): string | undefined {
  const path = bootstrapOf(config).dynamic_resources?.lds_config?.path_config_source?.path;
  return path && dirname(path);
}

function bootstrapOf(config: CompiledConfig): Bootstrap {
  return config.bootstrap;
}
