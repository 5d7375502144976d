import { DEFAULTS, type DockerGatewayOptions } from './options';
import type { ContainerSpec } from './specs';

/** The folder in which the gateway's container sees its configuration. */
export const CONFIG_DIRECTORY = '/etc/mcp-egress';

/** The user `envoy` of Envoy's own image. */
export const ENVOY_USER = '101:101';

/** Of Docker's drivers that keep files on the machine; without them a log grows for ever (Docker, "JSON File logging driver"). */
const ROTATED = { 'max-file': '3', 'max-size': '10m' } as const;

/** What the containers of one plan have in common. */
export function containerDefaults(options: Pick<DockerGatewayOptions, 'logDriver' | 'logOptions'>) {
  const { logDriver = DEFAULTS.logDriver } = options;
  return {
    environment: {},
    readOnly: true,
    tmpfs: {},
    mounts: [],
    files: [],
    networks: [],
    extraHosts: [],
    ports: [],
    // Nobody's packets are handed on from one network to another.
    sysctls: { 'net.ipv4.ip_forward': '0' },
    restart: 'unless-stopped',
    oneShot: false,
    stopSeconds: 10,
    pidsLimit: DEFAULTS.pidsLimit,
    logDriver,
    logOptions: options.logOptions ?? (['json-file', 'local'].includes(logDriver) ? ROTATED : {}),
  } satisfies Partial<ContainerSpec>;
}

/** Mount options of a folder in memory that every user may write. */
export const WRITABLE = 'rw,nosuid,nodev,mode=1777';
