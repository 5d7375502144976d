import { bundle, bundleHash, containerScript } from '../delivery';
import { compile, type CompiledConfig } from '../envoy';
import { proxyEnvironment } from '../network';
import { DEFAULT_HEALTH_PORT, type EgressPolicy, type Rule } from '../policy';
import { gatewayProblems, unpinned } from './check';
import { CONFIG_DIRECTORY, containerDefaults, ENVOY_USER, WRITABLE } from './container';
import { closedNetwork, egressNetwork, publishedNetwork, shortHash } from './networks';
import { DEFAULTS, type DockerGatewayOptions } from './options';
import type { ContainerSpec, NetworkSpec, VolumeSpec } from './specs';
import { addressIn, HOST_NUMBER, planSubnets } from './subnets';

/** The name by which containers reach the machine itself; Docker's `host-gateway` gives it its address. */
export const MACHINE = 'host.docker.internal';

/** The name of the gateway in each workload's network. */
export const GATEWAY_ALIAS = 'gateway';

/** What one workload finds. */
export interface WorkloadPlan {
  readonly name: string;
  /** Its network, in which there is nobody else but the gateway. */
  readonly network: NetworkSpec;
  /** The gateway's listener for it. */
  readonly port: number;
  /** `http://10.213.113.2:10000`: an address, since a workload's resolver answers nothing. */
  readonly proxyUrl: string;
  /** The proxy's variables, in every spelling. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The gateway on one engine: networks, and the containers of its own. */
export interface GatewayPlan {
  readonly config: CompiledConfig;
  readonly workloads: readonly WorkloadPlan[];
  readonly egress: NetworkSpec;
  /** From which ports are published; made where a server has one. */
  readonly published: NetworkSpec;
  readonly volume: VolumeSpec;
  readonly gateway: ContainerSpec;
  readonly loader: ContainerSpec;
  readonly warnings: readonly string[];
}

/**
 * Plans the gateway. What depends on rules is in the loader alone: a changed policy replaces it and nothing else. Another workload, or
 * another bootstrap, is another gateway with another volume.
 *
 * @param problems takes what is wrong; the plan counts only where nothing is
 */
export function planGateway(options: DockerGatewayOptions, problems: string[]): GatewayPlan {
  const { policy, namePrefix = DEFAULTS.namePrefix } = options;
  problems.push(...gatewayProblems(options));
  const subnets = planSubnets({ ...options, workloads: policy.workloads }, problems);
  const workloads = policy.workloads.map(({ name, port }) => {
    const subnet = subnets.workloads[name] ?? '';
    const proxyUrl = `http://${addressIn(subnet, HOST_NUMBER.gateway)}:${port}`;
    const network = closedNetwork(`${namePrefix}-${name}`, subnet);
    return { name, network, port, proxyUrl, environment: proxyEnvironment({ proxyUrl, direct: [] }) };
  });
  const egress = egressNetwork(`${namePrefix}.egress`, subnets.egress);
  const config = problems.length === 0 ? compileFor(options, workloads, egress) : compile(policy);
  const identity = shortHash([config.bootstrap, workloads.map(({ name, proxyUrl }) => [name, proxyUrl])]);
  const volume = { name: `${namePrefix}.config-${identity}` };
  const common = { options, namePrefix, config, volume };
  return {
    config,
    workloads,
    egress,
    published: publishedNetwork(`${namePrefix}.published`, subnets.published),
    volume,
    gateway: gatewayContainer({ ...common, workloads, egress, identity }),
    loader: loaderContainer(common),
    warnings: [...unpinned('image', options.image ?? DEFAULTS.image), ...machineWarnings(policy)],
  };
}

function compileFor(
  { policy, dns, healthPort, memoryMiB = DEFAULTS.memoryMiB }: DockerGatewayOptions,
  workloads: readonly WorkloadPlan[],
  egress: NetworkSpec,
): CompiledConfig {
  const own = (network: NetworkSpec): string => addressIn(network.subnet, HOST_NUMBER.gateway);
  return compile(policy, {
    directory: CONFIG_DIRECTORY,
    bind: '127.0.0.1',
    bindFor: Object.fromEntries(workloads.map(({ name, network }) => [name, own(network)])),
    gatewayAddresses: [own(egress)],
    healthPort,
    dns,
    maxHeapMegabytes: Math.floor(memoryMiB * 0.75),
  });
}

interface GatewayParts {
  readonly options: DockerGatewayOptions;
  readonly namePrefix: string;
  readonly config: CompiledConfig;
  readonly volume: VolumeSpec;
}

function gatewayContainer(
  parts: GatewayParts & { workloads: readonly WorkloadPlan[]; egress: NetworkSpec; identity: string },
): ContainerSpec {
  const { options, namePrefix, volume, workloads, egress, identity } = parts;
  const attach = (network: NetworkSpec, aliases: readonly string[]) => ({
    network: network.name,
    address: addressIn(network.subnet, HOST_NUMBER.gateway),
    aliases,
  });
  return {
    ...containerDefaults(options),
    name: `${namePrefix}.gateway`,
    image: options.image ?? DEFAULTS.image,
    user: ENVOY_USER,
    entrypoint: ['/bin/sh', '-c'],
    command: [containerScript('run-envoy')],
    environment: {
      CONFIG_DIRECTORY,
      // Envoy reads its static part at the start only, so another one is another container.
      CONFIG_IDENTITY: identity,
      DRAIN_SECONDS: '2',
      HEALTH_PORT: String(options.healthPort ?? DEFAULT_HEALTH_PORT),
      WAIT_FOR_CONFIG: '1',
    },
    mounts: [{ type: 'volume', source: volume.name, target: CONFIG_DIRECTORY, readOnly: true }],
    networks: [attach(egress, []), ...workloads.map(({ network }) => attach(network, [GATEWAY_ALIAS]))],
    extraHosts: rulesFor(MACHINE, options.policy).length > 0 ? [{ host: MACHINE, ip: 'host-gateway' }] : [],
    healthCheck: {
      test: ['CMD', '/bin/bash', '-c', containerScript('envoy-healthy')],
      interval: 5,
      timeout: 3,
      retries: 3,
      startPeriod: 30,
    },
    memoryMiB: options.memoryMiB ?? DEFAULTS.memoryMiB,
    pidsLimit: 512,
  };
}

/** Root, since a new volume is root's; without capabilities and without a network. */
function loaderContainer({ options, namePrefix, config, volume }: GatewayParts): ContainerSpec {
  const text = bundle(config);
  const hash = bundleHash(text);
  // Where rules end some day, somebody has to be there to end their tunnels.
  const stays = (config.expiries ?? []).length > 0;
  return {
    ...containerDefaults(options),
    name: `${namePrefix}.loader`,
    image: options.image ?? DEFAULTS.image,
    user: '0:0',
    entrypoint: ['/bin/sh', '-c'],
    command: [containerScript('sync-config')],
    environment: {
      CONFIG_DIRECTORY,
      CONFIG_SOURCE: DELIVERY,
      CONFIG_VERSION: hash,
      SETTLE_SECONDS: String(1 + Math.floor(text.length / BYTES_A_SECOND)),
      ...(stays ? { POLL_SECONDS: '10' } : { ONCE: '1' }),
    },
    // The engine writes files into the root file system before the start, which it refuses where that is read-only.
    readOnly: false,
    tmpfs: { '/tmp': WRITABLE },
    mounts: [{ type: 'volume', source: volume.name, target: CONFIG_DIRECTORY, readOnly: false }],
    files: [
      { path: `${DELIVERY}/current`, content: `${hash}\n` },
      { path: `${DELIVERY}/${hash}`, content: text },
    ],
    restart: stays ? 'unless-stopped' : 'on-failure',
    oneShot: !stays,
    memoryMiB: 256,
    pidsLimit: 64,
  };
}

/** Where the loader finds what it has to publish. */
const DELIVERY = '/delivery';

/** Of a bundle that Envoy reads in a second at the least, with room to spare. */
const BYTES_A_SECOND = 4 * 1024 * 1024;

function rulesFor(host: string, policy: EgressPolicy): Rule[] {
  return policy.workloads.flatMap(({ rules }) => rules.filter(({ hosts }) => hosts.includes(host)));
}

function machineWarnings(policy: EgressPolicy): string[] {
  const open = rulesFor(MACHINE, policy).filter((rule) => rule.private === undefined);
  return open.map(
    ({ workload, id }) =>
      `policy: rule ${id} of ${workload} names ${MACHINE}, whose address is private, but has no private; the gateway refuses it. Add private: [172.17.0.0/16], or the network of the engine's default bridge`,
  );
}
