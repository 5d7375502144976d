import { listenAddress } from './edge-listener';
import type { NamedResource } from './resources';
import { template } from './template';

/** The listener that answers `GET /healthz`, and nothing else, with 200 while Envoy has its listeners and is not told to fail. */
export function healthListener(bind: string, port: number): NamedResource {
  const { '@type': type, name, ...fields } = template('health-listener') as NamedResource;
  return { '@type': type, name, address: listenAddress(bind, port), ...fields };
}
