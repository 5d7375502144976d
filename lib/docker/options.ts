import type { EgressPolicy } from '../policy';

/** The gateway on one Docker engine. */
export interface DockerGatewayOptions {
  readonly policy: EgressPolicy;
  /** First part of the names of networks, volumes and containers: one a perimeter and engine. @default 'mcp-egress' */
  readonly namePrefix?: string;
  /**
   * Envoy 1.39 or newer, with a shell (not `-distroless`). Production: by digest.
   * @default 'docker.io/envoyproxy/envoy:v1.40.0'
   */
  readonly image?: string;
  /** A private IPv4 network, /8 to /24, out of which all networks are cut. @default '10.213.0.0/16' */
  readonly subnetPool?: string;
  /** Networks of single workloads, by name, /28 or wider. @default - out of `subnetPool`, by the workload's port */
  readonly subnets?: Readonly<Record<string, string>>;
  /** Resolvers for the policy's names, as `ip:port`. @default - the engine's, which asks those of the machine */
  readonly dns?: readonly string[];
  /** Of the gateway. @default 512 */
  readonly memoryMiB?: number;
  /** @default 9900 */
  readonly healthPort?: number;
  /** Of all containers. @default 'json-file' */
  readonly logDriver?: string;
  /** @default - for `json-file` and `local`: three files of 10 MB; for others none */
  readonly logOptions?: Readonly<Record<string, string>>;
}

/** An MCP server beside the gateway. */
export interface DockerServerOptions {
  /** Production: by digest. */
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Plain values; no secrets. Those of the proxy are added, and can be replaced. @default - the proxy's alone */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Files of the machine with secrets, by name: `{ TOKEN: '/srv/secrets/token' }` is `/run/secrets/TOKEN` in the container, with the owner
   * and mode that the file has there (0400 for the server's user). No secret is in Terraform's state or the compose file.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** On which it listens, for an agent on this machine. @default - none: nobody can call it */
  readonly port?: number;
  /** Where that is published on 127.0.0.1. @default - `port` */
  readonly hostPort?: number;
  /** `uid:gid`. @default - the image's */
  readonly user?: string;
  /** @default true */
  readonly readOnly?: boolean;
  /** Folders that the server may write: in memory, empty at each start. @default ['/tmp'] */
  readonly writablePaths?: readonly string[];
  /** Named volumes by the path at which they are mounted: what has to outlive the container. @default - none */
  readonly volumes?: Readonly<Record<string, string>>;
  /** @default 512 */
  readonly memoryMiB?: number;
  /** Processes and threads at most; the Terraform provider cannot say it. @default 256 */
  readonly pidsLimit?: number;
}

/** Defaults of {@link DockerGatewayOptions} and {@link DockerServerOptions}. */
export const DEFAULTS = {
  namePrefix: 'mcp-egress',
  image: 'docker.io/envoyproxy/envoy:v1.40.0',
  memoryMiB: 512,
  pidsLimit: 256,
  logDriver: 'json-file',
  writablePaths: ['/tmp'],
} as const;
