import type { ConfigObject } from './resources';
import { template } from './template';

/** Envoy's static config: where it watches for listeners and clusters, and an admin interface on a unix socket if asked for. */
export function bootstrap(directory: string, adminSocket: string | undefined): ConfigObject {
  const source = (file: string) => ({
    resource_api_version: 'V3',
    path_config_source: { path: `${directory}/${file}`, watched_directory: { path: directory } },
  });
  return {
    ...(adminSocket !== undefined && { admin: { address: { pipe: { path: adminSocket, mode: 0o600 } } } }),
    ...template('bootstrap'),
    dynamic_resources: { cds_config: source('clusters.yaml'), lds_config: source('listeners.yaml') },
  };
}
