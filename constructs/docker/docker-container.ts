import { Token, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { Container, type ContainerConfig } from '@cdktf/provider-docker/lib/container';
import { DROPPED_CAPABILITIES, SECURITY_OPTIONS, type ContainerSpec, type MountSpec } from '../../lib/docker';
import { escapeTemplate } from '../escape-template';

/** What a container is made with besides its spec. */
export interface ContainerParts {
  /** The image's id, as `docker_image` gives it. */
  readonly image: string;
  /** The name of the Terraform resource for a network's or volume's name, so that Terraform makes that before. */
  readonly nameOf: (name: string) => string;
  readonly dependsOn?: ITerraformDependable[];
}

/** A `docker_container` from its spec. Waits until it is healthy, where it has a health check. */
export function dockerContainer(scope: Construct, id: string, spec: ContainerSpec, parts: ContainerParts): Container {
  return new Container(scope, id, {
    name: spec.name,
    image: parts.image,
    user: spec.user,
    ...processOf(spec),
    readOnly: spec.readOnly,
    capabilities: { drop: [...DROPPED_CAPABILITIES] },
    securityOpts: [...SECURITY_OPTIONS],
    tmpfs: filled(spec.tmpfs),
    mounts: listed(spec.mounts.map((each) => mount(each, parts))),
    upload: listed(spec.files.map(({ path, content }) => ({ file: path, content: escapeTemplate(content) }))),
    ...networkOf(spec, parts),
    ...lifeOf(spec),
    memory: spec.memoryMiB,
    memorySwap: spec.memoryMiB,
    logDriver: spec.logDriver,
    logOpts: filled(spec.logOptions),
    dependsOn: parts.dependsOn,
  });
}

function processOf({ entrypoint, command, environment }: ContainerSpec): Partial<ContainerConfig> {
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return escapeTemplate({
    entrypoint: entrypoint && [...entrypoint],
    command: command && [...command],
    env: listed(env.sort()),
  });
}

function networkOf(spec: ContainerSpec, { nameOf }: ContainerParts): Partial<ContainerConfig> {
  if (spec.networks.length === 0) return { networkMode: 'none' };
  return {
    networksAdvanced: spec.networks.map(({ network, address, aliases }) => ({
      name: nameOf(network),
      ipv4Address: address,
      aliases: listed(aliases),
    })),
    sysctls: filled(spec.sysctls),
    dns: listed(spec.dns ?? []),
    host: listed(spec.extraHosts),
    ports: listed(
      spec.ports.map(({ address, hostPort, containerPort }) => ({
        ip: address,
        external: hostPort,
        internal: containerPort,
        protocol: 'tcp',
      })),
    ),
  };
}

function lifeOf(spec: ContainerSpec): Partial<ContainerConfig> {
  const { healthCheck: check } = spec;
  return {
    restart: spec.restart,
    // One that ends is not made anew by the next apply.
    mustRun: !spec.oneShot,
    stopTimeout: spec.stopSeconds,
    destroyGraceSeconds: spec.stopSeconds,
    ...(check && {
      healthcheck: {
        test: escapeTemplate([...check.test]),
        interval: `${check.interval}s`,
        timeout: `${check.timeout}s`,
        startPeriod: `${check.startPeriod}s`,
        retries: check.retries,
      },
      wait: true,
      waitTimeout: 120,
    }),
  };
}

function mount({ type, source, target, readOnly }: MountSpec, { nameOf }: ContainerParts) {
  const known = type === 'volume' && !Token.isUnresolved(source);
  return { type, source: known ? nameOf(source) : source, target, readOnly };
}

function listed<T>(values: readonly T[]): T[] | undefined {
  return values.length > 0 ? [...values] : undefined;
}

function filled(values: Readonly<Record<string, string>>): Record<string, string> | undefined {
  return Object.keys(values).length > 0 ? { ...values } : undefined;
}
