import { readAllowed } from './allow-list';
import { oneLine } from './one-line';
import { mappingAt, textsOf, type Raw } from './raw';
import type { McpServer } from './source';

const ALL = 'names every host by `insecure_allow_all`, which no rule can say';
const OBSERVE = 'run it with `mode: observe` and write rules for what the log shows as would_deny';

/**
 * A server under a permission profile. ToolHive's proxy lets a request pass if its host is in `allow_host` and its port in
 * `allow_port`; an empty list there narrows nothing (Squid's `dstdomain` and `port`).
 * @param runs What it is; undefined where the source does not say.
 */
export function permitted(name: string, runs: string | undefined, profile: Raw, notes: string[]): McpServer {
  const outbound = mappingAt(profile, 'network', 'outbound') ?? {};
  const shown = `server "${oneLine(name)}"`;
  const hosts = outbound.insecure_allow_all === true ? [] : textsOf(outbound.allow_host);
  const ports = (Array.isArray(outbound.allow_port) ? outbound.allow_port : []).filter(
    (port) => typeof port === 'number',
  );
  if (outbound.insecure_allow_all === true) notes.push(`${shown} got no rule: its profile ${ALL}; ${OBSERVE}`);
  else if (hosts.length === 0 && ports.length > 0) {
    notes.push(`${shown} got no rule: its profile names ports and no host, so every host; ${OBSERVE}`);
  } else if (hosts.length > 0 && ports.length === 0) {
    notes.push(`${shown}: its profile names no port, so every port; the rules say 443`);
  }
  const allowed = hosts.flatMap((host) => (ports.length > 0 ? ports : [443]).map((port) => ({ host, port })));
  return {
    name,
    ...(runs !== undefined && { runs }),
    isRemote: false,
    ...readAllowed(allowed, name, notes),
    reason: 'allow_host of ToolHive',
  };
}
