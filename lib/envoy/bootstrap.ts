import { connectionsOfAll } from './connections';
import { typed, type CompileOptions, type ConfigObject } from './resources';
import { template } from './template';

/** What the static config takes from the options of the compiler. */
export type BootstrapOptions = Pick<
  CompileOptions,
  'adminSocket' | 'adminSocketMode' | 'maxHeapMegabytes' | 'maxConnections'
>;

/** Envoy's static config: where it watches for listeners and clusters, and an admin interface on a unix socket if asked for. */
export function bootstrap(directory: string, options: BootstrapOptions = {}): ConfigObject {
  const { adminSocket: path, adminSocketMode: mode = 0o600 } = options;
  const skeleton = template('bootstrap');
  const source = (file: string) => ({
    resource_api_version: 'V3',
    path_config_source: { path: `${directory}/${file}`, watched_directory: { path: directory } },
  });
  return {
    ...(path !== undefined && { admin: { address: { pipe: { path, mode } } } }),
    ...skeleton,
    overload_manager: overloadManager(skeleton.overload_manager as ConfigObject, options),
    dynamic_resources: { cds_config: source('clusters.yaml'), lds_config: source('listeners.yaml') },
  };
}

const HEAP = 'envoy.resource_monitors.fixed_heap';

/** What Envoy gives up as its heap fills, by the share at which it begins. */
const HEAP_ACTIONS: readonly (readonly [action: string, share: number])[] = [
  ['envoy.overload_actions.shrink_heap', 0.9],
  ['envoy.overload_actions.disable_http_keepalive', 0.92],
  ['envoy.overload_actions.stop_accepting_connections', 0.95],
  ['envoy.overload_actions.stop_accepting_requests', 0.95],
];

/** The limits of the process; names and fields are those of Envoy's resource monitors and overload actions. */
function overloadManager(skeleton: ConfigObject, options: BootstrapOptions): ConfigObject {
  const { maxHeapMegabytes } = options;
  const [monitor] = skeleton.resource_monitors as readonly ConfigObject[];
  const typed_config = {
    ...(monitor?.typed_config as ConfigObject),
    max_active_downstream_connections: connectionsOfAll(options),
  };
  const connections = { ...monitor, typed_config };
  if (maxHeapMegabytes === undefined) return { ...skeleton, resource_monitors: [connections] };
  const heap = typed('envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig', {
    max_heap_size_bytes: maxHeapMegabytes * 1024 * 1024,
  });
  return {
    refresh_interval: '0.25s',
    resource_monitors: [connections, { name: HEAP, typed_config: heap }],
    actions: HEAP_ACTIONS.map(([name, value]) => ({ name, triggers: [{ name: HEAP, threshold: { value } }] })),
  };
}
