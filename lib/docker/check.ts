import { quote } from '../policy/quote';
import { DEFAULTS, type DockerGatewayOptions, type DockerServerOptions } from './options';

/** What stands for a value that Terraform knows only when it applies (CDK for Terraform, "Tokens"). */
const TOKEN = /\$\{/;

/** Docker's `RestrictedNamePattern` for names of containers and volumes, and room for ours behind it. */
const PREFIX = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,39}$/;
const ABSOLUTE = /^\/[^:,\0]*[^/:,\0]$/;
const VOLUME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const USER = /^[a-z0-9_][a-z0-9_-]*(:[a-z0-9_][a-z0-9_-]*)?$/i;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** Docker refuses less than 6 MiB; Envoy and most servers need some more. */
const LEAST_MEMORY = 32;
const MOST_MEMORY = 1024 * 1024;

/** What is wrong with the options of the gateway. */
export function gatewayProblems(options: DockerGatewayOptions): string[] {
  const { policy, namePrefix, image, healthPort, memoryMiB, dns = [] } = options;
  const taken = policy.workloads.find(({ port }) => port === healthPort);
  return [
    ...matching(
      'namePrefix',
      namePrefix,
      PREFIX,
      'up to 40 letters, digits, "-" and "_", the first one a letter or digit',
    ),
    ...imageProblems('image', image),
    ...whole('healthPort', healthPort, 1024, 65_535),
    ...(taken ? [`healthPort: ${healthPort} is the port of workload ${taken.name}; choose another one`] : []),
    ...whole('memoryMiB', memoryMiB, 128, MOST_MEMORY),
    ...dns.flatMap((each) =>
      matching('dns', each, /^(\d+\.){3}\d+:\d+$|^\[[0-9a-f:]+\]:\d+$/i, 'a resolver as ip:port, like "10.0.0.2:53"'),
    ),
  ];
}

/** What is wrong with the options of one server; each sentence begins with its workload. */
export function serverProblems(workload: string, options: DockerServerOptions): string[] {
  const { secrets = {}, environment = {}, volumes = {}, writablePaths = DEFAULTS.writablePaths } = options;
  const paths = [...writablePaths, ...Object.keys(volumes)];
  const problems = [
    ...imageProblems('image', options.image),
    ...whole('port', options.port, 1, 65_535),
    ...whole('hostPort', options.hostPort, 1, 65_535),
    ...(options.hostPort !== undefined && options.port === undefined
      ? [`hostPort: ${options.hostPort} publishes nothing without port; write the port on which the server listens`]
      : []),
    ...whole('memoryMiB', options.memoryMiB, LEAST_MEMORY, MOST_MEMORY),
    ...whole('pidsLimit', options.pidsLimit, 1, 4_194_304),
    ...matching('user', options.user, USER, '"uid:gid" or names, like "1000:1000"'),
    ...Object.keys(environment).flatMap((name) => matching('environment', name, VARIABLE, "a variable's name")),
    ...Object.entries(secrets).flatMap(([name, path]) => [
      ...matching('secrets', name, /^[A-Za-z0-9_.-]+$/, 'a file name of letters, digits, "_", "-" and "."'),
      ...matching(
        `secrets: ${name}`,
        path,
        ABSOLUTE,
        'the absolute path of a file on the machine without ":" and ","; secrets are never written as values',
      ),
    ]),
    ...paths.flatMap((path) =>
      matching('writablePaths and volumes', path, ABSOLUTE, 'an absolute path without ":" and without "/" at its end'),
    ),
    ...paths
      .filter((path, index) => paths.indexOf(path) !== index)
      .map((path) => `writablePaths and volumes: ${quote(path)} stands twice; leave it out of one of them`),
    ...Object.values(volumes).flatMap((name) =>
      matching('volumes', name, VOLUME, "a volume's name; folders of the machine are not mounted"),
    ),
  ];
  return problems.map((problem) => `server ${workload}: ${problem}`);
}

function imageProblems(name: string, image: string | undefined): string[] {
  return matching(name, image, /^\S+$/, 'an image, like "ghcr.io/acme/search@sha256:…"');
}

function matching(name: string, value: string | undefined, pattern: RegExp, allowed: string): string[] {
  if (value === undefined || TOKEN.test(value) || pattern.test(value)) return [];
  return [`${name}: ${quote(value)} is not ${allowed}`];
}

function whole(name: string, value: number | undefined, min: number, max: number): string[] {
  // CDK for Terraform writes what it does not know yet as a number far below all others.
  if (value === undefined || value < -1e200 || (Number.isInteger(value) && value >= min && value <= max)) return [];
  return [`${name}: ${quote(value)} is not a whole number from ${min} to ${max}`];
}

/** A warning where an image's name can come to mean other bytes. */
export function unpinned(name: string, image: string): string[] {
  if (TOKEN.test(image) || /@sha256:[0-9a-f]{64}$/.test(image) || /^sha256:[0-9a-f]{64}$/.test(image)) return [];
  return [`${name}: ${quote(image)} has no digest, so it may become another image; add @sha256:…`];
}
