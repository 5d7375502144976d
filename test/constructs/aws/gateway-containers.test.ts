import { checkContainers } from '../../../constructs/aws/check-containers';
import { renderContainers } from '../../../constructs/aws/container-definition';
import {
  GATEWAY_VOLUMES,
  gatewayContainers,
  type GatewayContainersProps,
} from '../../../constructs/aws/gateway-containers';
import { containerScript } from '../../../lib/delivery';
import { compile } from '../../../lib/envoy';
import { examplePolicy } from '../support/policies';

const PROPS: GatewayContainersProps = {
  image: 'envoy',
  syncImage: 'aws-cli',
  bucketName: 'bucket',
  config: compile(examplePolicy()),
  healthPort: 9900,
  drainSeconds: 60,
  pollSeconds: 5,
  log: (container) => ({ logDriver: 'awslogs', options: { 'awslogs-stream-prefix': container } }),
};
const containers = gatewayContainers(PROPS);
const [sync, envoy] = containers;
const variablesOf = (container = envoy): Record<string, string> =>
  Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]));

test('ECS takes them, on Fargate', () => {
  const facts = { launchType: 'FARGATE', volumes: GATEWAY_VOLUMES } as const;
  expect(checkContainers(containers, facts, renderContainers(containers))).toEqual([]);
});

test('both have a read-only root and no capabilities; Envoy is nobody special', () => {
  for (const { readonlyRootFilesystem, linuxParameters, privileged } of containers) {
    expect(readonlyRootFilesystem).toBe(true);
    expect(linuxParameters?.capabilities?.drop).toEqual(['ALL']);
    expect(privileged).toBeUndefined();
  }
  expect([sync?.user, envoy?.user]).toEqual(['0:0', '101:101']);
});

test('Envoy reads the configuration that the sidecar writes, and starts when it is there', () => {
  expect(envoy?.dependsOn).toEqual([{ containerName: 'config-sync', condition: 'HEALTHY' }]);
  // ECS reads it at the container that is waited for.
  expect([sync?.startTimeout, envoy?.startTimeout]).toEqual([120, undefined]);
  const mount = (container: typeof sync) =>
    container?.mountPoints?.find(({ sourceVolume }) => sourceVolume === 'config');
  expect(mount(sync)).toEqual({ sourceVolume: 'config', containerPath: '/etc/mcp-egress', readOnly: false });
  expect(mount(envoy)).toEqual({ sourceVolume: 'config', containerPath: '/etc/mcp-egress', readOnly: true });
});

test('the gateway goes on without its sidecar, which is started again', () => {
  expect([sync?.essential, envoy?.essential]).toEqual([false, true]);
  expect(sync?.restartPolicy?.enabled).toBe(true);
});

test('Envoy may end its tunnels before it is ended', () => {
  expect(envoy?.stopTimeout).toBe(70);
  expect(variablesOf().DRAIN_SECONDS).toBe('60');
});

test('they start with the scripts of the package', () => {
  expect(sync?.command).toEqual([containerScript('sync-config')]);
  expect(envoy?.command).toEqual([containerScript('run-envoy')]);
  expect(envoy?.healthCheck?.command).toEqual(['CMD', '/bin/bash', '-c', containerScript('envoy-healthy')]);
});

test('another static part is another task, another policy is not', () => {
  const hash = (config: GatewayContainersProps['config']): unknown =>
    gatewayContainers({ ...PROPS, config })[1]?.environment?.find(({ name }) => name === 'CONFIG_BOOTSTRAP');
  expect(hash(compile(examplePolicy('observe')))).toEqual(hash(PROPS.config));
  expect(hash(compile(examplePolicy(), { adminSocket: '/run/other.sock' }))).not.toEqual(hash(PROPS.config));
});

test('variables stand in the order of their names', () => {
  for (const { environment = [] } of containers) {
    const names = environment.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  }
  expect(variablesOf(sync)).toMatchObject({ CONFIG_BUCKET: 'bucket', CONFIG_PREFIX: 'config', POLL_SECONDS: '5' });
});
