import { createHash } from 'node:crypto';
import { containerScript } from '../../lib/delivery';
import type { CompiledConfig } from '../../lib/envoy';
import { CONFIG_PREFIX } from './config-store';
import type { ContainerDefinition, LogConfiguration } from './container-definition';

/** Folders in both containers. */
export const CONFIG_DIRECTORY = '/etc/mcp-egress';
const RUN_DIRECTORY = '/run/mcp-egress';
export const ADMIN_SOCKET = `${RUN_DIRECTORY}/admin.sock`;

/** Volumes of the task: the configuration, the admin socket, and the sidecar's scratch space. */
export const GATEWAY_VOLUMES = ['config', 'run', 'tmp'] as const;

/** The user `envoy` of Envoy's own image. */
const ENVOY_USER = '101:101';

export interface GatewayContainersProps {
  readonly image: string;
  readonly syncImage: string;
  readonly bucketName: string;
  readonly config: CompiledConfig;
  readonly healthPort: number;
  /** Seconds that a stopping task goes on serving: until no client's DNS names it any more, and its tunnels have ended. */
  readonly drainSeconds: number;
  /** Seconds between two looks at the pointer. */
  readonly pollSeconds: number;
  readonly log: (container: string) => LogConfiguration;
}

/**
 * Envoy, which serves and may write nothing but its socket, and beside it the sidecar that brings the configuration: root, since ECS
 * gives the volumes to root, without any capability.
 */
export function gatewayContainers(props: GatewayContainersProps): ContainerDefinition[] {
  return [configSync(props), envoy(props)];
}

function configSync({ syncImage, bucketName, pollSeconds, log }: GatewayContainersProps): ContainerDefinition {
  return {
    name: 'config-sync',
    image: syncImage,
    // Without it the last good configuration stays; the gateway goes on.
    essential: false,
    restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
    user: '0:0',
    entryPoint: ['/bin/sh', '-c'],
    command: [containerScript('sync-config')],
    environment: variables({
      ADMIN_SOCKET,
      AWS_EC2_METADATA_DISABLED: 'true',
      CONFIG_BUCKET: bucketName,
      CONFIG_DIRECTORY,
      CONFIG_PREFIX,
      HOME: '/tmp',
      POLL_SECONDS: String(pollSeconds),
    }),
    mountPoints: [
      { sourceVolume: 'config', containerPath: CONFIG_DIRECTORY, readOnly: false },
      { sourceVolume: 'run', containerPath: RUN_DIRECTORY, readOnly: false },
      { sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false },
    ],
    healthCheck: {
      command: ['CMD-SHELL', `test -s ${CONFIG_DIRECTORY}/VERSION`],
      interval: 5,
      timeout: 3,
      retries: 10,
      startPeriod: 60,
    },
    // How long Envoy waits for it to be healthy (ECS API Reference, ContainerDefinition: it stands at what is waited for).
    startTimeout: 120,
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    readonlyRootFilesystem: true,
    stopTimeout: 10,
    logConfiguration: log('config-sync'),
  };
}

function envoy({ image, config, healthPort, drainSeconds, log }: GatewayContainersProps): ContainerDefinition {
  return {
    name: 'envoy',
    image,
    essential: true,
    user: ENVOY_USER,
    entryPoint: ['/bin/sh', '-c'],
    command: [containerScript('run-envoy')],
    environment: variables({
      // Envoy reads its static part at the start only, so another one is another task.
      CONFIG_BOOTSTRAP: createHash('sha256').update(JSON.stringify(config.bootstrap)).digest('hex').slice(0, 12),
      CONFIG_DIRECTORY,
      DRAIN_SECONDS: String(drainSeconds),
      HEALTH_PORT: String(healthPort),
    }),
    mountPoints: [
      { sourceVolume: 'config', containerPath: CONFIG_DIRECTORY, readOnly: true },
      { sourceVolume: 'run', containerPath: RUN_DIRECTORY, readOnly: false },
    ],
    // Never before there is a configuration.
    dependsOn: [{ containerName: 'config-sync', condition: 'HEALTHY' }],
    healthCheck: {
      command: ['CMD', '/bin/bash', '-c', containerScript('envoy-healthy')],
      interval: 5,
      timeout: 3,
      retries: 3,
      startPeriod: 30,
    },
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    readonlyRootFilesystem: true,
    ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
    stopTimeout: drainSeconds + 10,
    logConfiguration: log('envoy'),
  };
}

/** In the order of names. */
export function variables(values: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.keys(values)
    .sort()
    .map((name) => ({ name, value: values[name] ?? '' }));
}
